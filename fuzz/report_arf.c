/* A mail that is the evidence: its headers, or the reason why there are none; what is told
 * of it is printable ASCII, a field a line, and the reporter's address never. */
#include "report/arf.h"

#include <assert.h>

static void body_check(struct slice body)
{
	for (size_t i = 0; i < body.len; i++)
		assert(body.at[i] == '\n' || ascii_is_print(body.at[i]));
	assert(slice_find_nocase(body, S("maria@books.example")) < 0);
	assert(slice_find_nocase(body, S("maria=books.example")) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice header = { (const char *)bytes, size };
	struct report_source source = { .mail = { .header = header,
						  .depth = size % 2 } };
	struct settings settings = { .mail = S("maria@books.example") };
	struct report_request request = { .sources = &source,
					  .count = 1,
					  .settings = &settings };
	struct facts facts = { .given = &source, .settings = &settings, .count = 2 };
	struct arena *arena = arena_new();
	struct report_parts parts = { 0 };

	arf_write(arena, &request, &facts, &parts);
	for (size_t i = 0; i < parts.count; i++)
		body_check(parts.at[i].body);
	assert(parts.count == 2 || parts.at[0].reason.len);
	arena_free(arena);
	return 0;
}
