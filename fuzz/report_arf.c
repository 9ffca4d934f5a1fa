/* A mail that is the evidence: its headers, or the reason why there are none; what is told
 * of it is printable ASCII, a field a line. */
#include "report/arf.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct report_source source = { .mail = { (const char *)bytes, size } };
	struct report_request request = { .sources = &source, .count = 1 };
	struct settings settings = { 0 };
	struct facts facts = { .given = &source, .settings = &settings, .count = 2 };
	struct arena *arena = arena_new();
	struct report_parts parts = { 0 };

	arf_write(arena, &request, &facts, &parts);
	for (size_t i = 0; i < parts.at[0].body.len; i++)
		assert(parts.at[0].body.at[i] == '\n' ||
		       ascii_is_print(parts.at[0].body.at[i]));
	assert(parts.count == 2 || parts.at[0].reason.len);
	arena_free(arena);
	return 0;
}
