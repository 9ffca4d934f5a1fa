/* The matcher: a saved state, a line "%%", then lines of a log, under one hard rule. */
#include "event/filter.h"
#include "event/matcher.h"

#include <assert.h>

/* With a rule that looks at several lines, and without. */
static struct rules *rules, *single;
static struct matcher_options options = { .written_at = INT64_C(1795000000000000) };

static void rules_make(void)
{
	struct slice fail[] = { S("^Failed for <F-USER>.*</F-USER> from <HOST>$"),
				S("^<F-NOFAIL>Hello</F-NOFAIL> <HOST>$"), S("^Bad$"),
				S("^<F-MLFFORGET>Bye</F-MLFFORGET>$") };
	struct slice pair = S("^a=(?P<__i>\\d+) <HOST>$<SKIPLINES>^b=(?P=__i)$");
	struct filter filters[] = {
		{ .name = S("session"),
		  .failregex = { fail, 4, 4 },
		  .maxlines = 1,
		  .prefregex = S("^<F-MLFID> \\S+ d\\[\\d+\\]: </F-MLFID>"
				 "<F-CONTENT>.+</F-CONTENT>$") },
		{ .name = S("window"),
		  .failregex = { &pair, 1, 1 },
		  .maxlines = 5,
		  .source_may_be_name = true },
	};
	struct error err = { 0 };

	options.zone = zone_open(S("UTC"), &err);
	rules = rules_new(filters, 2, &err);
	single = rules_new(filters, 1, &err);
	assert(rules != NULL && single != NULL);
}

/* The same text as a chunk of whole lines, by a matcher that knows nothing yet, and once
 * more by one that knows how the log writes its dates.                                */
static void chunk_read(struct arena *arena, struct slice text)
{
	ptrdiff_t last = slice_find_last_byte(text, '\n');
	struct input_chunk chunk = { .bytes = slice_cut(text, 0, (size_t)(last + 1)),
				     .file = S("fuzz"),
				     .line = 1,
				     .line_max_bytes = LINE_MAX_BYTES };
	struct matcher *matcher = matcher_new(rules, &options);
	struct events events = { 0 };

	matcher_chunk(matcher, arena, &chunk, NULL, &events);
	chunk.offset = chunk.bytes.len;
	matcher_chunk(matcher, arena, &chunk, NULL, &events);
	assert(events.count == matcher_counts(matcher).events);
	matcher_free(matcher);
}

static void tell(void *context, const struct witness_account *account)
{
	size_t *told = context;

	*told += account->event != NULL;
}

/* A scan made with what was known of dates before the first line says the same as none,
 * and so does a matcher that tells of every line.                                     */
static void scan_read(struct arena *arena, struct slice text)
{
	ptrdiff_t last = slice_find_last_byte(text, '\n');
	struct input_chunk chunk = { .bytes = slice_cut(text, 0, (size_t)(last + 1)),
				     .file = S("fuzz"),
				     .line = 1,
				     .line_max_bytes = LINE_MAX_BYTES };
	struct matcher *matcher = matcher_new(single, &options);
	struct scanner *scanner = scanner_new(single);
	struct scan scan = { .arena = arena };
	struct scan_dates dates = { .at = ARENA_ARRAY(arena, struct stamp_choice, 8) };
	struct events scanned = { 0 }, alone = { 0 };
	size_t told = 0;
	struct witness witness = { tell, &told };

	matcher_dates(matcher, &dates);
	scan_chunk(scanner, &dates, &chunk, &scan);
	matcher_chunk(matcher, arena, &chunk, &scan, &scanned);
	matcher_forget(matcher);
	matcher_tell(matcher, &witness);
	matcher_chunk(matcher, arena, &chunk, NULL, &alone);
	assert(scanned.count == alone.count);
	scanner_free(scanner);
	matcher_free(matcher);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size }, whole;
	ptrdiff_t end = slice_find(text, S("%%\n"));
	struct line line = { .file = S("fuzz") };
	struct arena *arena = arena_new();
	struct event event = { 0 };
	struct error err = { 0 };
	struct matcher *matcher;

	if (rules == NULL)
		rules_make();
	matcher = matcher_new(rules, &options);
	if (end >= 0 &&
	    matcher_load(matcher, slice_cut(text, 0, (size_t)end), &err) != 0) {
		matcher_free(matcher);
		matcher = matcher_new(rules, &options);
	}
	text = slice_from(text, end >= 0 ? (size_t)end + 3 : 0);
	whole = text;
	while (slice_next(&text, '\n', &line.text)) {
		if (matcher_line(matcher, arena, &line, &event))
			assert(event.source.family != 0 || event.source_name.len > 0);
	}
	matcher_free(matcher);
	chunk_read(arena, whole);
	scan_read(arena, whole);
	arena_free(arena);
	return 0;
}
