#include "incident/line_pack.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

static const char MODEL[] =
	"Nov 20 21:14:07 web1 sshd[3097]: Failed password for root from 203.0.113.77 port "
	"53005 ssh2";

/* How long it became; what comes back must be the line. */
static size_t there_and_back(struct slice source, struct slice line)
{
	struct arena *arena = arena_new();
	struct line_model *models[] = { NULL, line_model_new(arena, S(MODEL)) };
	uint8_t *packed = malloc(line_pack_room(line.len));
	char *out = malloc(line.len + 1);
	size_t len = 0;

	CHECK(packed && out);
	for (size_t i = 0; i < COUNT_OF(models); i++) {
		struct slice in;

		len = line_pack(models[i], source, line, packed);
		in = (struct slice){ (const char *)packed, len };
		CHECK(len <= line_pack_room(line.len));
		CHECK_INT(line_unpack(models[i], source, in, out, line.len), 0);
		CHECK_SLICE(((struct slice){ out, line.len }), line);
		CHECK_INT(line_unpack(models[i], source, in, out, line.len + 1), -1);
		for (size_t cut = 0; cut < len; cut++)
			CHECK_INT(line_unpack(models[i], source, slice_cut(in, 0, cut),
					      out, line.len),
				  line.len ? -1 : 0);
	}
	free(packed);
	free(out);
	arena_free(arena);
	return len;
}

static void a_line_like_the_model_is_short(void)
{
	size_t len = there_and_back(
		S("203.0.113.9"),
		S("Nov 20 22:41:59 web1 sshd[31]: Failed password for admin from "
		  "203.0.113.9 port 4112 ssh2"));

	CHECK(len < 40);
	CHECK(there_and_back(S("203.0.113.77"), S(MODEL)) < 12);
}

static void any_bytes_come_back(void)
{
	static const char *const rows[] = {
		"",
		"x",
		"12",
		"\n",
		"\xff\xfe\xff",
		"203.0.113.77",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"Nov 20 ",
		"0123456789.:-= x0123456789.:-= x!"
	};
	char all[1024];

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		there_and_back(S("203.0.113.77"), slice_of(rows[i]));
	for (size_t i = 0; i < sizeof all; i++)
		all[i] = (char)(i * 167 + i / 3);
	there_and_back(S("203.0.113.77"), (struct slice){ all, sizeof all });
	there_and_back(S(""), (struct slice){ all, sizeof all });
	memset(all, '\0', sizeof all);
	there_and_back(S("203.0.113.77"), (struct slice){ all, sizeof all });
}

int main(void)
{
	return CHECK_RUN(TEST(a_line_like_the_model_is_short),
			 TEST(any_bytes_come_back));
}
