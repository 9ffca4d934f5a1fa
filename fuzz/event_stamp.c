/* Time stamps: the first line is a date pattern, the others are lines of a log. */
#include "event/stamp.h"

#include <assert.h>

static void lines_read(struct stamp_finder *finder, struct slice text)
{
	struct expression_scratch *scratch = expression_scratch_new();
	struct arena *arena = arena_new();
	struct slice line;

	while (slice_next(&text, '\n', &line)) {
		struct slice valid = expression_utf8(arena, line);
		struct stamp stamp = { 0 };

		stamp_find(finder, scratch, valid, expression_is_ascii(valid), &stamp);
		assert(stamp.start <= stamp.end && stamp.end <= valid.len);
	}
	arena_free(arena);
	expression_scratch_free(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size }, pattern = text;
	struct error err = { 0 };
	struct zone *zone = zone_open(S("CET-1CEST,M3.5.0,M10.5.0/3"), &err);
	struct stamp_context context = { zone, INT64_C(1795000000000000) };
	struct stamp_set *set;
	struct stamp_finder *finder;

	slice_next(&text, '\n', &pattern);
	set = stamp_set_new(pattern, &err);
	finder = set ? stamp_finder_new(set, &context) : NULL;
	if (finder != NULL)
		lines_read(finder, text);
	stamp_finder_free(finder);
	stamp_set_free(set);
	zone_free(zone);
	return 0;
}
