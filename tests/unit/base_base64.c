#include "base/base64.h"

#include "check.h"

/* RFC 4648 section 10. */
static void there_and_back(void)
{
	static const struct {
		const char *plain, *coded;
	} rows[] = { { "", "" },
		     { "f", "Zg==" },
		     { "fo", "Zm8=" },
		     { "foo", "Zm9v" },
		     { "foob", "Zm9vYg==" },
		     { "fooba", "Zm9vYmE=" },
		     { "foobar", "Zm9vYmFy" } };
	struct arena *arena = arena_new();
	struct slice got;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CHECK_SLICE(base64_encode(arena, slice_of(rows[i].plain)),
			    slice_of(rows[i].coded));
		if (CHECK_INT(base64_decode(arena, slice_of(rows[i].coded), &got), 0))
			CHECK_SLICE(got, slice_of(rows[i].plain));
	}
	arena_free(arena);
}

static void what_is_not_canonical(void)
{
	static const char *const rows[] = { "Zg",    "Zg=",  "Zh==",     "Zm9=",
					    "=m9v",  "Z=9v", "Zg==Zg==", "Zm 9",
					    "Zm9\n", "====", "Zm9v=" };
	struct arena *arena = arena_new();
	struct slice got;

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_INT(base64_decode(arena, slice_of(rows[i]), &got), -1);
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(there_and_back), TEST(what_is_not_canonical));
}
