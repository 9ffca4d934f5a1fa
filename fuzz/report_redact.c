/* A user name and a log line: the reader of the evidence never sees another's address. */
#include "report/redact.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice rest = { (const char *)bytes, size };
	struct settings settings = { .sensor = size % 2 };
	struct incident incident = { .source = { .family = 4,
						 .bytes = { 9, 8, 7, 6 } } };
	const struct incident *incidents[] = { &incident };
	struct report_source source = { .incidents = incidents, .count = 1 };
	struct arena *arena = arena_new();
	struct redaction redaction = { .key = S("key") };
	struct evidence line = { 0 };
	struct facts facts;

	slice_next(&rest, '\n', &line.user);
	line.text = rest;
	facts_gather(arena, &settings, &source, &facts);
	redaction.facts = &facts;
	assert(redact_line(arena, &redaction, &line).len <= 12 * size + 64);
	arena_free(arena);
	return 0;
}
