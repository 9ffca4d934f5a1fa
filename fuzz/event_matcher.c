/* The matcher: a saved state without its first line, a line "%%", then lines of a log. */
#include "event/filter.h"
#include "event/matcher.h"

#include <assert.h>

/* With a rule that looks at several lines, and without; one has dates of its own. */
static struct rules *rules, *single;
static struct matcher_options options = { .written_at = INT64_C(1795000000000000) };

static void rules_make(void)
{
	struct slice fail[] = { S("^Failed for <F-USER>.*</F-USER> from <HOST>$"),
				S("^<F-NOFAIL>Hello</F-NOFAIL> <HOST>$"), S("^Bad$"),
				S("^<F-MLFFORGET>Bye</F-MLFFORGET>$") };
	struct slice pair = S("^a=(?P<__i>\\d+) <HOST>$<SKIPLINES>^b=(?P=__i)$");
	struct slice dated = S("^.*Failed .*from <HOST>(?: |$)");
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
		{ .name = S("dates"),
		  .failregex = { &dated, 1, 1 },
		  .maxlines = 1,
		  .datepattern = S("^%Y-%m-%d %H:%M:%S\n\\[%d/%b/%Y:%H:%M:%S\\]") },
	};
	struct filter alone[] = { filters[0], filters[2] };
	struct error err = { 0 };

	options.zone = zone_open(S("UTC"), &err);
	rules = rules_new(filters, 3, &err);
	single = rules_new(alone, 2, &err);
	assert(rules != NULL && single != NULL);
}

static void tell(void *context, const struct witness_account *account)
{
	size_t *told = context;

	*told += account->event != NULL;
}

/* What came of a log, and what it left behind in the matcher. */
struct said {
	struct events events;
	struct slice state;
};

static struct slice saved(struct arena *arena, const struct matcher *matcher)
{
	struct buffer state;
	struct slice copy;

	buffer_init(&state, 16 << 20);
	matcher_save(matcher, &state);
	copy = arena_copy(arena, buffer_slice(&state));
	buffer_clear(&state);
	return copy;
}

/* What is saved can be loaded, and is the same then. */
static struct slice state_of(struct arena *arena, const struct rules *given,
			     const struct matcher *matcher)
{
	struct slice state = saved(arena, matcher);
	struct matcher *other = matcher_new(given, &options);
	struct error err = { 0 };

	assert(matcher_load(other, state, &err) == 0);
	assert(slice_equal(saved(arena, other), state));
	matcher_free(other);
	return state;
}

static void events_agree(const struct events *some, const struct events *others)
{
	assert(some->count == others->count);
	for (size_t i = 0; i < some->count; i++) {
		const struct event *a = &some->at[i], *b = &others->at[i];

		assert(a->line.number == b->line.number);
		assert(a->at == b->at && a->time_basis == b->time_basis);
		assert(slice_equal(a->rule, b->rule) && a->contested == b->contested);
		assert(slice_equal(a->source_name, b->source_name) &&
		       slice_equal(a->user, b->user));
	}
}

static void said_agree(const struct said *one, const struct said *other)
{
	events_agree(&one->events, &other->events);
	assert(slice_equal(one->state, other->state));
}

/* The whole lines of a text that begins `offset` bytes into the log. */
static struct input_chunk chunk_of(struct slice text, uint64_t offset, uint64_t line)
{
	return (struct input_chunk){ .bytes = text,
				     .file = S("fuzz"),
				     .offset = offset,
				     .line = line,
				     .lines = slice_count_byte(text, '\n'),
				     .line_max_bytes = LINE_MAX_BYTES };
}

/* As `rules test` reads a log. */
static void lines_tell(struct arena *arena, const struct rules *given,
		       struct input_chunk chunk, struct said *said)
{
	struct matcher *matcher = matcher_new(given, &options);
	size_t told = 0;
	struct witness witness = { tell, &told };
	struct event event;
	struct line line;

	matcher_tell(matcher, &witness);
	while (input_chunk_line(&chunk, &line)) {
		if (matcher_line(matcher, arena, &line, &event))
			*LIST_ADD(arena, &said->events) = event;
	}
	said->state = state_of(arena, given, matcher);
	matcher_free(matcher);
}

/* In two pieces, cut before the line in which byte `at` stands. The second is scanned with
 * what is known of dates behind the first, or before it where `old`.                    */
static void pieces_read(struct arena *arena, struct slice text, size_t at, bool old,
			struct said *said)
{
	size_t cut = (size_t)(slice_find_last_byte(slice_cut(text, 0, at), '\n') + 1);
	struct input_chunk first = chunk_of(slice_cut(text, 0, cut), 0, 1);
	struct input_chunk second =
		chunk_of(slice_from(text, cut), cut, first.lines + 1);
	struct matcher *matcher = matcher_new(single, &options);
	struct scanner *scanner = scanner_new(single);
	struct scan scan = { .arena = arena };
	struct scan_dates dates = { .at = ARENA_ARRAY(arena, struct stamp_choice, 8) };

	matcher_dates(matcher, &dates);
	matcher_chunk(matcher, arena, &first, NULL, &said->events);
	if (!old)
		matcher_dates(matcher, &dates);
	scan_chunk(scanner, &dates, &second, &scan);
	matcher_chunk(matcher, arena, &second, &scan, &said->events);
	said->state = state_of(arena, single, matcher);
	scanner_free(scanner);
	matcher_free(matcher);
}

/* However a log is cut, whatever of it was scanned before, and whether or not somebody
 * is told of every line: it says and teaches the same.                                 */
static void ways_agree(struct arena *arena, struct slice text)
{
	ptrdiff_t last = slice_find_last_byte(text, '\n');
	struct slice lines = slice_cut(text, 0, (size_t)(last + 1));
	struct said told = { 0 }, whole = { 0 }, old = { 0 }, cut = { 0 };

	lines_tell(arena, single, chunk_of(lines, 0, 1), &told);
	pieces_read(arena, lines, 0, false, &whole);
	said_agree(&told, &whole);
	pieces_read(arena, lines, lines.len / 3, true, &old);
	said_agree(&told, &old);
	pieces_read(arena, lines, lines.len / 2, false, &cut);
	said_agree(&told, &cut);
}

/* A rule that looks at several lines: as one chunk, and line by line. Once more by a matcher
 * that knows how the log writes its dates.                                             */
static void windows_agree(struct arena *arena, struct slice text)
{
	ptrdiff_t last = slice_find_last_byte(text, '\n');
	struct input_chunk chunk =
		chunk_of(slice_cut(text, 0, (size_t)(last + 1)), 0, 1);
	struct matcher *matcher = matcher_new(rules, &options);
	struct said told = { 0 }, said = { 0 };

	lines_tell(arena, rules, chunk, &told);
	matcher_chunk(matcher, arena, &chunk, NULL, &said.events);
	said.state = state_of(arena, rules, matcher);
	said_agree(&told, &said);
	chunk.offset = chunk.bytes.len;
	matcher_chunk(matcher, arena, &chunk, NULL, &said.events);
	assert(said.events.count == matcher_counts(matcher).events);
	matcher_free(matcher);
}

/* A state begins with what tells the rules, which no chance would find. */
static int state_load(struct arena *arena, struct matcher *matcher, struct slice rest)
{
	struct slice fresh = saved(arena, matcher);
	struct error err = { 0 };
	struct buffer state;
	int result;

	buffer_init(&state, 16 << 20);
	buffer_add(&state,
		   slice_cut(fresh, 0, (size_t)slice_find_byte(fresh, '\n') + 1));
	buffer_add(&state, rest);
	result = matcher_load(matcher, buffer_slice(&state), &err);
	buffer_clear(&state);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size }, whole;
	ptrdiff_t end = slice_find(text, S("%%\n"));
	struct line line = { .file = S("fuzz") };
	struct arena *arena = arena_new();
	struct event event = { 0 };
	struct matcher *matcher;

	if (rules == NULL)
		rules_make();
	matcher = matcher_new(rules, &options);
	if (end >= 0 &&
	    state_load(arena, matcher, slice_cut(text, 0, (size_t)end)) != 0) {
		matcher_free(matcher);
		matcher = matcher_new(rules, &options);
	}
	(void)state_of(arena, rules, matcher);
	text = slice_from(text, end >= 0 ? (size_t)end + 3 : 0);
	whole = text;
	while (slice_next(&text, '\n', &line.text)) {
		if (matcher_line(matcher, arena, &line, &event))
			assert(event.source.family != 0 || event.source_name.len > 0);
	}
	matcher_free(matcher);
	windows_agree(arena, whole);
	ways_agree(arena, whole);
	arena_free(arena);
	return 0;
}
