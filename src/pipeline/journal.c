#include "pipeline/journal.h"

#include "event/formats.h"
#include "input/store.h"
#include "pipeline/lone.h"
#include "pipeline/resolve.h"

#include <stdlib.h>

/* One transaction's worth. */
enum { BATCH_ENTRIES = 8192, BATCH_BYTES = 1 << 20, STATE_MAX_BYTES = 4 << 20 };

/* What one batch is made of. */
struct batch {
	struct stored_cursor begun; /* as it was stored when the batch was begun   */
	struct stored_cursor now;
	struct events events;
	struct lones alone;
	uint64_t bytes;
	bool more;
};

struct journal_pass {
	struct journal *journal;
	struct arena *arena; /* of its name                                      */
	struct arena *batch_arena, *begun_arena;
	struct slice name; /* of its lines, and in the store unless it has a reader */
	struct slice key; /* in the store                                     */
	int64_t since;
	struct buffer line, state;
	const struct pass *pass; /* of the run at hand                            */
	/* Kept from run to run, for nothing else reads on usually; NULL: the store has to
	 * be asked where reading stands.                                              */
	struct matcher *matcher;
	struct formats *formats;
	struct batch batch;
};

struct journal_pass *journal_pass_new(const struct journal_options *options,
				      struct slice reader, int64_t since,
				      struct error *err)
{
	struct journal_pass *journal = calloc(1, sizeof *journal);

	if (!journal)
		abort();
	journal->since = since;
	journal->arena = arena_new();
	journal->batch_arena = arena_new();
	journal->begun_arena = arena_new();
	journal->name = arena_printf(journal->arena, "journal:%s", options->place);
	journal->key = journal->name;
	if (reader.len > 0)
		journal->key =
			arena_printf(journal->arena, SLICE_FMT " for " SLICE_FMT,
				     SLICE_ARG(journal->name), SLICE_ARG(reader));
	buffer_init(&journal->line, 2 * LINE_MAX_BYTES);
	buffer_init(&journal->state, STATE_MAX_BYTES);
	journal->journal = journal_open(options, err);
	if (journal->journal)
		return journal;
	journal_pass_free(journal);
	return NULL;
}

void journal_pass_free(struct journal_pass *journal)
{
	if (!journal)
		return;
	journal_free(journal->journal);
	matcher_free(journal->matcher);
	formats_free(journal->formats);
	buffer_clear(&journal->line);
	buffer_clear(&journal->state);
	arena_free(journal->arena);
	arena_free(journal->batch_arena);
	arena_free(journal->begun_arena);
	free(journal);
}

struct journal *journal_pass_journal(const struct journal_pass *journal)
{
	return journal->journal;
}

static void matcher_fresh(struct journal_pass *journal)
{
	const struct pass *pass = journal->pass;
	struct matcher_options options = { pass->zone, clock_now(pass->clock) };
	struct slice state = journal->batch.begun.matcher;
	struct error ignored;

	formats_free(journal->formats);
	journal->formats = formats_new(pass->zone);
	matcher_free(journal->matcher);
	journal->matcher = matcher_new(pass->rules, &options);
	if (state.len == 0 || matcher_load(journal->matcher, state, &ignored) == 0)
		return;
	/* an older version's: costs a multi-line session at most */
	matcher_free(journal->matcher);
	journal->matcher = matcher_new(pass->rules, &options);
}

/* Where the store says that reading stands. */
static int stand_begin(struct journal_pass *journal, struct error *err)
{
	struct stored_cursor *begun = &journal->batch.begun;

	arena_reset(journal->begun_arena);
	*begun = (struct stored_cursor){ 0 };
	if (journal->pass->db &&
	    input_cursor_find(journal->pass->db, journal->begun_arena, journal->key,
			      begun, err) != 0)
		return -1;
	if (journal_seek(journal->journal, begun->cursor, journal->since, err) != 0)
		return -1;
	matcher_fresh(journal);
	return 0;
}

static void stand_forget(struct journal_pass *journal)
{
	matcher_free(journal->matcher);
	journal->matcher = NULL;
}

/* An entry is whole: nothing of a format is left for the next one but what Cowrie's
 * sessions are, and that a new start may forget.                                       */
static bool record_read(struct journal_pass *journal, struct line *line)
{
	struct events unread = { 0 };
	bool only_rules = journal->pass->only_rules;
	bool taken = formats_line(journal->formats, journal->batch_arena, line,
				  only_rules ? &unread : &journal->batch.events);

	return taken && !only_rules;
}

static void line_match(struct journal_pass *journal)
{
	struct batch *batch = &journal->batch;
	struct slice text = buffer_slice(&journal->line);
	struct line line = { .file = journal->name, .number = batch->now.line }, whole;
	struct event event;

	if (text.len == 0 || text.len - 1 > LINE_MAX_BYTES)
		return;
	line.text = arena_copy(journal->batch_arena, slice_cut(text, 0, text.len - 1));
	whole = line;
	if (record_read(journal, &line) ||
	    matcher_line(journal->matcher, journal->batch_arena, &line, &event) != 1)
		return;
	event.line = whole;
	*LIST_ADD(journal->batch_arena, &batch->events) = event;
}

/* 1 some entries were read, 0 none, -1. */
static int batch_read(struct journal_pass *journal, struct error *err)
{
	struct batch *batch = &journal->batch;
	size_t count = 0;
	int more = 1;

	arena_reset(journal->batch_arena);
	*batch = (struct batch){ .begun = batch->begun, .now = batch->begun };
	while (count < BATCH_ENTRIES && batch->bytes < BATCH_BYTES &&
	       (more = journal_next(journal->journal, &journal->line, err)) == 1) {
		batch->now.line++;
		batch->bytes += journal->line.len;
		line_match(journal);
		count++;
	}
	batch->more = more == 1;
	if (more < 0 ||
	    (count > 0 && journal_cursor(journal->journal, &batch->now.cursor,
					 journal->batch_arena, err) != 0))
		return -1;
	return count > 0;
}

/* In the transaction. 1 where somebody else read on meanwhile. */
static int batch_save(struct journal_pass *journal, const struct resolutions *names,
		      struct error *err)
{
	struct batch *batch = &journal->batch;
	const struct pass *pass = journal->pass;
	struct stored_cursor stands;

	if (input_cursor_find(pass->db, journal->batch_arena, journal->key, &stands,
			      err) != 0)
		return -1;
	if (!slice_equal(stands.cursor, batch->begun.cursor))
		return 1;
	if (events_add(pass->table, &batch->events, names, journal->batch_arena,
		       &batch->alone, err) != 0)
		return -1;
	if (incidents_save(pass->table, err) != 0)
		return -1;
	buffer_reset(&journal->state);
	matcher_save(journal->matcher, &journal->state);
	batch->now.matcher = buffer_slice(&journal->state);
	return input_cursor_save(pass->db, journal->key, &batch->now,
				 clock_now(pass->clock), err);
}

/* 0 counted, 1 somebody else was first, -1. */
static int batch_commit(struct journal_pass *journal, struct error *err)
{
	const struct pass *pass = journal->pass;
	struct resolutions names = { 0 };
	int result;

	if (pass->finder && events_resolve(pass->finder, journal->batch_arena,
					   &journal->batch.events, &names, err) != 0)
		return -1;
	if (!pass->db)
		return events_add(pass->table, &journal->batch.events, &names,
				  journal->batch_arena, &journal->batch.alone, err);
	if (db_begin(pass->db, err) != 0)
		return -1;
	result = batch_save(journal, &names, err);
	if (result == 0)
		result = db_commit(pass->db, err);
	incidents_forget(pass->table);
	if (result != 0)
		db_rollback(pass->db);
	return result;
}

/* What is behind the commit: the batch is the store's now. */
static void batch_end(struct journal_pass *journal, struct pass_counts *counts)
{
	struct batch *batch = &journal->batch;
	const struct pass *pass = journal->pass;

	for (size_t i = 0; pass->event && i < batch->events.count; i++)
		pass->event(pass->context, &batch->events.at[i]);
	counts->lines += batch->now.line - batch->begun.line;
	counts->bytes += batch->bytes;
	counts->events += batch->events.count;
	arena_reset(journal->begun_arena);
	batch->begun.cursor = arena_copy(journal->begun_arena, batch->now.cursor);
	batch->begun.line = batch->now.line;
	batch->begun.matcher = (struct slice){ NULL, 0 };
	if (pass->progress)
		pass->progress(pass->context, counts->bytes, 0);
}

static int batches_run(struct journal_pass *journal, struct arena *arena,
		       struct lones *kept, struct pass_counts *counts,
		       struct error *err)
{
	const struct pass *pass = journal->pass;
	int result;

	do {
		if (!journal->matcher && stand_begin(journal, err) != 0)
			return -1;
		result = batch_read(journal, err);
		if (result <= 0)
			return result;
		result = batch_commit(journal, err);
		if (result < 0)
			return -1;
		if (result == 1) {
			stand_forget(journal);
			journal->batch.more = true;
			continue;
		}
		lone_keep(arena, &journal->batch.alone, kept);
		batch_end(journal, counts);
	} while (journal->batch.more && !(pass->stop && pass->stop(pass->context)));
	return 0;
}

int journal_pass_run(struct journal_pass *journal, const struct pass *pass,
		     struct arena *arena, struct pass_counts *counts, struct error *err)
{
	struct matcher_counts before = { 0 }, now = { 0 };
	struct lones kept = { 0 };
	int result;

	*counts = (struct pass_counts){ .files = 1 };
	journal->pass = pass;
	if (journal->matcher)
		before = matcher_counts(journal->matcher);
	journal_process(journal->journal);
	result = batches_run(journal, arena, &kept, counts, err);
	if (result == 0)
		result = lone_retry(pass->table, pass->db, &kept, err);
	else
		stand_forget(journal); /* what was read and not counted is read again */
	if (result == 0 && journal->matcher)
		now = matcher_counts(journal->matcher);
	if (now.lines >= before.lines) {
		counts->undated = now.undated - before.undated;
		counts->limited = now.limited - before.limited;
		counts->contested = now.contested - before.contested;
		counts->bad_address = now.bad_address - before.bad_address;
	}
	counts->counted = *incidents_counts(pass->table);
	return result;
}
