#include "event/matcher_parts.h"

/* The first line names the format; a state of other rules does not fit and is refused. */
#define STATE_HEAD "tipoff-matcher 2 "

enum { STATE_MAX_BYTES = 16 * 1024 * 1024, INDEX_MAX = 100000 };

static void head_save(const struct matcher *matcher, struct buffer *out)
{
	buffer_printf(out, STATE_HEAD "%s\n", matcher->rules->fingerprint.text);
}

static void dates_save(const struct matcher *matcher, size_t index, struct buffer *out)
{
	const struct matcher_dates *dates = &matcher->dates[index];
	const struct stamp_choice *choice = &matcher->now.at[index];

	buffer_printf(out, "dates %zu %d %lld %u %zu", index, dates->known,
		      (long long)dates->last_at, dates->probed, choice->count);
	for (size_t i = 0; i < choice->count; i++)
		buffer_printf(out, " %zu:%zu", choice->at[i].template,
			      choice->at[i].far);
	buffer_printf(out, "\nranks %zu ", index);
	stamp_finder_save(dates->finder, out);
}

void matcher_save(const struct matcher *matcher, struct buffer *out)
{
	head_save(matcher, out);
	for (size_t i = 0; i < matcher->rules->stamps.count; i++)
		dates_save(matcher, i, out);
	for (size_t i = 0; i < matcher->rules->count; i++) {
		const struct matcher_memory *memory = &matcher->memories[i];

		if (memory->sessions != NULL)
			sessions_save(memory->sessions, i, out);
		if (memory->window != NULL)
			window_save(memory->window, i, out);
	}
}

static size_t index_next(struct cursor *cursor, size_t count)
{
	size_t index = cursor_u64(cursor, INDEX_MAX);

	cursor_literal(cursor, S(" "));
	if (index >= count)
		cursor->failed = true;
	return cursor->failed ? 0 : index;
}

static int64_t instant_next(struct cursor *cursor)
{
	bool before = cursor_try(cursor, S("-"));
	int64_t at = (int64_t)cursor_u64(cursor, INT64_MAX);

	return before ? -at : at;
}

static void choice_load(struct cursor *cursor, const struct stamp_set *set,
			struct stamp_choice *choice)
{
	size_t count = cursor_u64(cursor, STAMP_CHOICES_MAX);

	*choice = (struct stamp_choice){ 0 };
	for (size_t i = 0; i < count && !cursor->failed; i++) {
		size_t template, far;

		cursor_literal(cursor, S(" "));
		template = cursor_u64(cursor, set->count - 1);
		cursor_literal(cursor, S(":"));
		far = cursor_u64(cursor, LINE_MAX_BYTES);
		if (!cursor->failed && !stamp_choice_learn(choice, template, far))
			cursor->failed = true;
	}
}

static void dates_load(struct matcher *matcher, struct cursor *cursor)
{
	size_t index = index_next(cursor, matcher->rules->stamps.count);
	struct matcher_dates dates = { 0 };
	struct stamp_choice choice;

	if (cursor->failed)
		return;
	dates.known = cursor_u64(cursor, 1) == 1;
	cursor_literal(cursor, S(" "));
	dates.last_at = instant_next(cursor);
	cursor_literal(cursor, S(" "));
	dates.probed = (unsigned)cursor_u64(cursor, INDEX_MAX);
	cursor_literal(cursor, S(" "));
	choice_load(cursor, matcher->rules->stamps.at[index], &choice);
	cursor_literal(cursor, S("\n"));
	if (cursor->failed)
		return;
	dates.finder = matcher->dates[index].finder;
	matcher->dates[index] = dates;
	matcher->now.at[index] = choice;
	matcher->now.generation += choice.count;
}

static void ranks_load(struct matcher *matcher, struct cursor *cursor)
{
	size_t index = index_next(cursor, matcher->rules->stamps.count);
	struct slice line;

	if (cursor->failed || !cursor_line(cursor, &line) || cursor->at[-1] != '\n' ||
	    stamp_finder_load(matcher->dates[index].finder, line) != 0)
		cursor->failed = true;
}

static void session_load(struct matcher *matcher, struct cursor *cursor)
{
	size_t index = index_next(cursor, matcher->rules->count);
	struct matcher_memory *memory = &matcher->memories[index];

	if (cursor->failed)
		return;
	if (memory->sessions == NULL)
		memory->sessions = sessions_new();
	sessions_load(memory->sessions, cursor);
}

static void line_load(struct matcher *matcher, struct cursor *cursor)
{
	size_t index = index_next(cursor, matcher->rules->count);
	struct matcher_memory *memory = &matcher->memories[index];

	if (cursor->failed || matcher->rules->at[index].maxlines < 2) {
		cursor->failed = true;
		return;
	}
	if (memory->window == NULL)
		memory->window = window_new(matcher->rules->at[index].maxlines);
	window_load(memory->window, cursor);
}

static const struct {
	const char *word;
	void (*load)(struct matcher *, struct cursor *);
} RECORDS[] = {
	{ "dates ", dates_load },
	{ "ranks ", ranks_load },
	{ "session ", session_load },
	{ "window ", line_load },
};

static void record_load(struct matcher *matcher, struct cursor *cursor)
{
	for (size_t i = 0; i < COUNT_OF(RECORDS); i++) {
		if (cursor_try(cursor, slice_of(RECORDS[i].word))) {
			RECORDS[i].load(matcher, cursor);
			return;
		}
	}
	cursor->failed = true;
}

int matcher_load(struct matcher *matcher, struct slice state, struct error *err)
{
	struct cursor cursor = cursor_of(slice_cut(state, 0, STATE_MAX_BYTES));

	cursor_literal(&cursor, S(STATE_HEAD));
	cursor_literal(&cursor, slice_of(matcher->rules->fingerprint.text));
	cursor_literal(&cursor, S("\n"));
	while (!cursor.failed && !cursor_at_end(&cursor))
		record_load(matcher, &cursor);
	if (!cursor.failed)
		return 0;
	return error_set(err, ERROR_SYNTAX,
			 "the saved state of the matcher is damaged or of other rules: "
			 "begin afresh");
}
