/* Time stamps: the first line is a date pattern, the others are lines of a log. What the
 * finder learned from them is the same once it was saved and loaded.                  */
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

static void learned_check(const struct stamp_finder *finder, struct stamp_finder *again)
{
	struct buffer first, second;
	struct slice saved, line;

	buffer_init(&first, 1 << 20);
	buffer_init(&second, 1 << 20);
	stamp_finder_save(finder, &first);
	saved = buffer_slice(&first);
	assert(slice_next(&saved, '\n', &line) && stamp_finder_load(again, line) == 0);
	stamp_finder_save(again, &second);
	assert(slice_equal(buffer_slice(&first), buffer_slice(&second)));
	buffer_clear(&first);
	buffer_clear(&second);
}

/* The default templates take long to compile, and are always the same. */
static struct stamp_set *set_open(struct slice pattern)
{
	static struct stamp_set *defaults;
	struct error err = { 0 };

	if (pattern.len > 0)
		return stamp_set_new(pattern, &err);
	if (defaults == NULL)
		defaults = stamp_set_new(pattern, &err);
	return defaults;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size }, pattern = text;
	struct error err = { 0 };
	struct zone *zone = zone_open(S("CET-1CEST,M3.5.0,M10.5.0/3"), &err);
	struct stamp_context context = { zone, INT64_C(1795000000000000) };
	struct stamp_set *set;
	struct stamp_finder *finder, *again;

	slice_next(&text, '\n', &pattern);
	set = set_open(pattern);
	finder = set ? stamp_finder_new(set, &context) : NULL;
	again = set ? stamp_finder_new(set, &context) : NULL;
	if (finder != NULL) {
		lines_read(finder, text);
		learned_check(finder, again);
	}
	stamp_finder_free(finder);
	stamp_finder_free(again);
	if (pattern.len > 0)
		stamp_set_free(set);
	zone_free(zone);
	return 0;
}
