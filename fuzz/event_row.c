/* Rows of a hostile log: the groups of sessions, and the literal that they become. */
#include "event/filter.h"
#include "event/matcher.h"
#include "event/row.h"

#include <assert.h>

static struct rules *rules;
static struct zone *zone;

static void rules_make(void)
{
	struct slice fail[] = { S("^Failed for <F-USER>.*</F-USER> from <HOST>$"),
				S("^<F-NOFAIL>Hello</F-NOFAIL> <F-USER>.*</F-USER>$"),
				S("^Bad$"),
				S("^<F-MLFFORGET><F-MLFGAINED>Bye</F-MLFGAINED>"
				  "</F-MLFFORGET>$") };
	struct filter filter = { .name = S("session"),
				 .failregex = { fail, 4, 4 },
				 .maxlines = 1,
				 .source_may_be_name = true,
				 .prefregex = S("^ ?<F-MLFID>\\d*: </F-MLFID>"
						"<F-CONTENT>.+</F-CONTENT>$") };
	struct error err = { 0 };

	zone = zone_open(S("UTC"), &err);
	rules = rules_new(&filter, 1, &err);
	assert(rules != NULL);
}

static void take(void *context, const struct witness_account *account)
{
	struct arena *arena = arena_new();
	struct buffer text;
	struct row row;

	buffer_init(&text, 1 << 20);
	if (rows_take(context, arena, account, &row))
		row_write(&row, &text);
	for (size_t i = 0; i < text.len; i++)
		assert((uint8_t)text.at[i] >= ' ' || text.at[i] == '\t');
	buffer_clear(&text);
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct matcher_options options = { .written_at = INT64_C(1795000000000000) };
	struct line line = { .file = S("fuzz") };
	struct arena *arena = arena_new();
	struct witness witness = { .tell = take };
	struct matcher *matcher;
	struct rows *rows;
	struct event event;

	if (rules == NULL)
		rules_make();
	options.zone = zone;
	matcher = matcher_new(rules, &options);
	rows = rows_new(1);
	witness.context = rows;
	matcher_tell(matcher, &witness);
	while (slice_next(&text, '\n', &line.text))
		(void)matcher_line(matcher, arena, &line, &event);
	rows_free(rows);
	matcher_free(matcher);
	arena_free(arena);
	return 0;
}
