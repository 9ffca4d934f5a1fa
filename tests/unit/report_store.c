#include "check.h"
#include "report/store.h"

/* What is composed from the store is what was rendered: the parts come back as they were. */
static void parts_come_back(void)
{
	static const struct report_part rows[] = {
		{ .source = { "203.0.113.77", 12 },
		  .kind = { "xarf", 4 },
		  .type = { "login_attack", 12 },
		  .media = { "application/json", 16 },
		  .name = { "xarf-1.json", 11 },
		  .body = { "{\"a\":\"\\u0000 \\\\ \xc3\xa4\"}\n", 22 } },
		{ .source = { "2001:db8::/64", 13 },
		  .kind = { "xarf", 4 },
		  .reason = { "the log says \"none\"", 19 } },
		{ .source = { "a\tb\r\n", 5 },
		  .kind = { "xarf", 4 },
		  .reason = { "x", 1 } },
	};
	struct arena *arena = arena_new();
	struct report report = { 0 };
	struct report_parts got = { 0 };
	struct error err = { 0 };

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		*LIST_ADD(arena, &report.parts) = rows[i];
	CHECK_INT(report_parts_read(arena, report_parts_json(arena, &report), &got,
				    &err),
		  0);
	if (CHECK_INT(got.count, COUNT_OF(rows)))
		for (size_t i = 0; i < got.count; i++) {
			CHECK_SLICE(got.at[i].source, rows[i].source);
			CHECK_SLICE(got.at[i].kind, rows[i].kind);
			CHECK_SLICE(got.at[i].type, rows[i].type);
			CHECK_SLICE(got.at[i].reason, rows[i].reason);
			CHECK_SLICE(got.at[i].media, rows[i].media);
			CHECK_SLICE(got.at[i].name, rows[i].name);
			CHECK_SLICE(got.at[i].body, rows[i].body);
		}
	arena_free(arena);
}

static void what_is_no_list_of_parts(void)
{
	struct arena *arena = arena_new();
	struct report_parts got = { 0 };
	struct error err = { 0 };

	CHECK_INT(report_parts_read(arena, S("[{"), &got, &err), -1);
	CHECK_INT(err.kind, ERROR_SYNTAX);
	CHECK_INT(report_parts_read(arena, S("[]"), &got, &err), 0);
	CHECK_INT(got.count, 0);
	arena_free(arena);
}

static void the_plus_address(void)
{
	static const struct {
		const char *plus, *want;
	} rows[] = {
		{ "", "" },
		{ "maria@isp.example", "" },
		{ "maria+%t@isp.example", "maria+r2k7q@isp.example" },
		{ "%t@reports.isp.example", "r2k7q@reports.isp.example" },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct settings settings = { .plus = slice_of(rows[i].plus) };

		CHECK_SLICE(report_plus_address(arena, &settings, S("R2K7Q")),
			    slice_of(rows[i].want));
	}
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(parts_come_back), TEST(what_is_no_list_of_parts),
			 TEST(the_plus_address));
}
