#include "pipeline/pass.h"

#include "base/escape.h"
#include "event/formats.h"
#include "event/order.h"
#include "input/store.h"
#include "pipeline/ahead.h"
#include "pipeline/database.h"
#include "pipeline/lone.h"
#include "pipeline/resolve.h"

#include <string.h>

/* A chunk somebody else took is tried again from where they stand; this often. */
enum { RETRIES_MAX = 1000, STATE_MAX_BYTES = 4 << 20 };
/* Each chunk is a transaction, where there is a store. Where there is none, a chunk and its
 * events shall stay in the processor's cache from one stage to the next.                */
enum { BLOCK_BYTES = 256 * 1024 };

/* One log while it is read. */
struct reading_log {
	const struct pass *pass;
	const struct input_file *file;
	struct input *input;
	struct ahead *ahead;
	struct ahead_chunk now; /* being read and counted */
	struct matcher *matcher;
	struct formats *formats;
	struct matcher *requests; /* for what formats rewrote; NULL until then       */
	struct order order;
	struct stored_positions seen; /* as they were when the chunk was begun        */
	int64_t row; /* our row of input_position, 0: none yet       */
	struct buffer state; /* of the matcher, behind the last chunk        */
	struct arena *log_arena;
	size_t events_before; /* in the chunk before: so many may come            */
	uint64_t odd; /* events of lines that are no UTF-8 or hold NUL        */
	struct lones alone; /* of the chunk                                     */
	struct lones *kept; /* of the pass                                      */
	struct arena *arena; /* of the pass                                     */
};

static int64_t written_at(const struct pass *pass, const struct input_file *file)
{
	int64_t now = clock_now(pass->clock);

	return file->modified_at > 0 && file->modified_at < now ? file->modified_at
								: now;
}

static void matcher_fresh(struct reading_log *log, struct slice state)
{
	struct matcher_options options = { log->pass->zone,
					   written_at(log->pass, log->file) };
	struct error ignored;

	state = order_load(&log->order, state);
	matcher_free(log->matcher);
	formats_free(log->formats);
	log->formats = formats_new(log->pass->zone);
	state = formats_load(log->formats, state);
	log->matcher = matcher_new(log->pass->rules, &options);
	/* a state that an older version wrote and we cannot read costs a multi-line
	 * session at most: begin afresh                                              */
	if (state.len && matcher_load(log->matcher, state, &ignored) != 0) {
		matcher_free(log->matcher);
		log->matcher = matcher_new(log->pass->rules, &options);
	}
}

/* Goes to where this log was read to, if the store knows it. 1 where nothing is new. */
static int log_seek(struct reading_log *log, struct slice previous, struct error *err)
{
	struct slice state = previous;
	int done = 0;

	log->row = 0;
	if (log->pass->db) {
		arena_reset(log->log_arena);
		if (input_store_find(log->pass->db, log->log_arena, log->input,
				     &log->seen, err) != 0)
			return -1;
	}
	for (size_t i = 0; i < log->seen.count; i++) {
		struct error ignored;
		int sought =
			input_seek(log->input, &log->seen.at[i].position, &ignored);

		if (sought != 0 && ignored.kind == ERROR_REFUSED)
			done = 1;
		if (sought != 0)
			continue;
		log->row = log->seen.at[i].id;
		state = log->seen.at[i].matcher;
		done = 0;
		break;
	}
	matcher_fresh(log, state);
	return done;
}

/* A request that stands in JSON, as the rules know it; the event keeps the line. */
static void request_judge(struct reading_log *log, const struct line *line,
			  const struct line *text, struct events *out)
{
	struct matcher_options options = { log->pass->zone,
					   written_at(log->pass, log->file) };
	struct event event;

	if (text->text.at == line->text.at)
		return;
	if (!log->requests)
		log->requests = matcher_new(log->pass->rules, &options);
	if (matcher_line(log->requests, log->now.arena, text, &event) != 1)
		return;
	event.line = *line;
	event.is_syslog = false;
	*LIST_ADD(log->now.arena, out) = event;
}

/* Where each of a chunk's events was read. */
struct places {
	struct order_place *at;
	size_t count, room;
};

static void event_add(struct reading_log *log, struct events *all,
		      struct places *places, const struct event *event,
		      const struct order_place *at)
{
	*LIST_ADD(log->now.arena, all) = *event;
	*LIST_ADD(log->now.arena, places) = *at;
}

static void rules_add(struct reading_log *log, struct events *all,
		      struct places *places, const struct event *event)
{
	struct order_place own = { event->line, false };

	event_add(log, all, places, event, &own);
}

/* What stands in one line as a record; `taken`: it is no text for the rules. */
static struct events record_read(struct reading_log *log, const struct line *line,
				 bool *taken)
{
	struct events found = { 0 };
	struct line text = *line;

	*taken = formats_line(log->formats, log->now.arena, &text, &found) &&
		 !log->pass->only_rules;
	if (log->pass->only_rules)
		found.count = 0;
	if (!*taken)
		request_judge(log, line, &text, &found);
	return found;
}

/* What the rules found stays where the line is no record of a structured format. The list
 * of places is empty where there are no records.                                       */
static struct places records_read(struct reading_log *log, struct events *events)
{
	struct input_chunk chunk = log->now.chunk;
	struct events all = { 0 };
	struct places places = { 0 };
	struct line line;
	size_t at = 0;

	if (!formats_may_begin(log->formats, &chunk))
		return places;
	while (input_chunk_line(&chunk, &line)) {
		struct order_place here = { line, true };
		bool taken;
		struct events found = record_read(log, &line, &taken);

		for (; at < events->count && events->at[at].line.number <= line.number;
		     at++)
			if (!taken || events->at[at].line.number < line.number)
				rules_add(log, &all, &places, &events->at[at]);
		for (size_t i = 0; i < found.count; i++)
			event_add(log, &all, &places, &found.at[i], &here);
	}
	for (; at < events->count; at++)
		rules_add(log, &all, &places, &events->at[at]);
	*events = all;
	return places;
}

static void events_tell(const struct pass *pass, const struct events *events)
{
	for (size_t i = 0; pass->event && i < events->count; i++)
		pass->event(pass->context, &events->at[i]);
}

/* In the transaction. 1 where somebody else read on meanwhile. */
static int chunk_save(struct reading_log *log, const struct events *events,
		      const struct resolutions *names, struct error *err)
{
	const struct pass *pass = log->pass;
	struct stored_positions now_seen;
	struct stored_position row;

	input_head_grow(log->input);
	if (input_store_find(pass->db, log->now.arena, log->input, &now_seen, err) != 0)
		return -1;
	if (!stored_positions_same(&log->seen, &now_seen))
		return 1;
	if (events_add(pass->table, events, names, log->now.arena, &log->alone, err) !=
		    0 ||
	    incidents_save(pass->table, err) != 0)
		return -1;
	buffer_reset(&log->state);
	order_save(&log->order, &log->state);
	formats_save(log->formats, &log->state);
	matcher_save(log->matcher, &log->state);
	row = (struct stored_position){ log->row, log->now.position,
					buffer_slice(&log->state) };
	if (input_store_save(pass->db, &row, slice_of(log->file->path),
			     clock_now(pass->clock), err) != 0)
		return -1;
	log->row = row.id;
	/* read here, not behind the commit: somebody else may be faster than that */
	arena_reset(log->log_arena);
	return input_store_find(pass->db, log->log_arena, log->input, &log->seen, err);
}

/* 0 counted, 1 somebody else was first, -1. */
static int chunk_commit(struct reading_log *log, const struct events *events,
			struct error *err)
{
	const struct pass *pass = log->pass;
	struct resolutions names = { 0 };
	int result;

	if (pass->finder &&
	    events_resolve(pass->finder, log->now.arena, events, &names, err) != 0)
		return -1;
	if (!pass->db)
		return events_add(pass->table, events, &names, log->now.arena,
				  &log->alone, err);
	if (db_begin(pass->db, err) != 0)
		return -1;
	result = chunk_save(log, events, &names, err);
	if (result == 0)
		result = db_commit(pass->db, err);
	incidents_forget(pass->table);
	if (result != 0)
		db_rollback(pass->db);
	return result;
}

static void counts_add(struct pass_counts *counts, const struct reading_log *log,
		       const struct matcher_counts *before, const struct events *events)
{
	struct matcher_counts now = matcher_counts(log->matcher);

	counts->events += events->count;
	counts->undated += now.undated - before->undated;
	counts->limited += now.limited - before->limited;
	counts->contested += now.contested - before->contested;
	counts->bad_address += now.bad_address - before->bad_address;
}

static uint64_t odd_count(const struct events *events)
{
	uint64_t odd = 0;

	for (size_t i = 0; i < events->count; i++)
		odd += !utf8_is_text(events->at[i].line.text);
	return odd;
}

static uint64_t forged_count(const struct events *events)
{
	uint64_t forged = 0;

	for (size_t i = 0; i < events->count; i++)
		forged += events->at[i].doubt != DOUBT_NONE;
	return forged;
}

static struct input *log_open(const struct reading_log *log, struct error *err)
{
	struct input_options options = { .block_bytes =
						 log->pass->db ? 0 : BLOCK_BYTES };

	return input_open(log->file, &options, err);
}

/* Opens the log again behind what somebody else has counted. */
static int log_reopen(struct reading_log *log, struct error *err)
{
	struct input *again;

	/* what came through a pipe cannot be had a second time */
	if (slice_equal(slice_of(log->file->path), S("-")))
		return error_set(
			err, ERROR_RETRY,
			"another tipoff is reading the same log: run this again "
			"when it is done");
	again = log_open(log, err);
	if (!again)
		return -1;
	ahead_drop(log->ahead);
	input_free(log->input);
	log->input = again;
	return log_seek(log, (struct slice){ NULL, 0 }, err);
}

static bool pass_stops(const struct pass *pass)
{
	return pass->stop && pass->stop(pass->context);
}

/* All chunks from here to the end. */
static int log_chunks(struct reading_log *log, struct pass_counts *counts,
		      struct error *damage, struct error *err)
{
	unsigned retries = 0;

	while (ahead_next(log->ahead, log->input, log->matcher, &log->now, damage) >
	       0) {
		const struct input_chunk *chunk = &log->now.chunk;
		struct matcher_counts before = matcher_counts(log->matcher);
		struct events events = { 0 };
		struct places places;
		int result;

		log->alone = (struct lones){ 0 };
		LIST_RESERVE(log->now.arena, &events, log->events_before + 64);
		matcher_chunk(log->matcher, log->now.arena, chunk, log->now.scan,
			      &events);
		places = records_read(log, &events);
		(void)order_check(&log->order, chunk, events.at, places.at,
				  events.count);
		result = chunk_commit(log, &events, err);
		if (result < 0)
			return -1;
		if (result == 1) {
			if (++retries > RETRIES_MAX)
				return error_set(
					err, ERROR_RETRY,
					"'%s' is being read by another tipoff: try "
					"again when it is done",
					log->file->path);
			result = log_reopen(log, err);
			if (result != 0)
				return result < 0 ? -1 : 0;
			continue;
		}
		log->events_before = events.count;
		lone_keep(log->arena, &log->alone, log->kept);
		events_tell(log->pass, &events);
		log->odd += odd_count(&events);
		counts_add(counts, log, &before, &events);
		counts->forged += forged_count(&events);
		counts->bytes += chunk->bytes.len;
		counts->lines += chunk->lines;
		if (log->pass->progress)
			log->pass->progress(log->pass->context, counts->bytes, 0);
		if (pass_stops(log->pass))
			break;
	}
	return 0;
}

/* What a person should know of this log, beside the counts of all. */
static void log_finish(struct reading_log *log, struct arena *arena,
		       struct input_problems *problems, struct pass_counts *counts)
{
	struct input_counts read = input_counts(log->input);
	const char *path = log->file->path;
	struct error said;

	counts->torn_lines += read.torn_lines;
	counts->unfinished += read.unfinished;
	if (read.long_lines) {
		error_set(
			&said, ERROR_LIMIT,
			"'%s': %llu line%s over %d KiB passed over: no log writes such "
			"lines, so look at %s by hand",
			path, (unsigned long long)read.long_lines,
			read.long_lines == 1 ? "" : "s", LINE_MAX_BYTES / 1024,
			read.long_lines == 1 ? "it" : "them");
		input_warning_add(arena, problems, path, &said);
	}
	if (log->odd) {
		error_set(&said, ERROR_SYNTAX,
			  "'%s': bytes that are no text (invalid UTF-8 or NUL) in the "
			  "lines of %llu act%s: read all the same and shown as \\x.., "
			  "so look at them by hand",
			  path, (unsigned long long)log->odd, log->odd == 1 ? "" : "s");
		input_warning_add(arena, problems, path, &said);
	}
	if (read.rewritten) {
		error_set(&said, ERROR_RETRY,
			  "'%s': it was truncated while it was read: run again to read "
			  "what was written since",
			  path);
		input_warning_add(arena, problems, path, &said);
	}
}

/* `carried` is the matcher's state behind the older file of the same set. */
static int log_read(struct reading_log *log, struct arena *arena,
		    struct input_problems *problems, struct slice carried,
		    struct pass_counts *counts, struct error *err)
{
	struct error damage = { 0 };
	int sought;

	log->input = log_open(log, &damage);
	if (!log->input) {
		input_problem_add(arena, problems, log->file->path, &damage);
		return 0;
	}
	counts->files++;
	sought = log_seek(log, carried, err);
	if (sought < 0)
		return -1;
	if (sought == 1) {
		counts->files_unchanged++;
		return 0;
	}
	if (log_chunks(log, counts, &damage, err) != 0)
		return -1;
	if (damage.kind != ERROR_NONE)
		input_problem_add(arena, problems, log->file->path, &damage);
	if (input_counts(log->input).lines == 0)
		counts->files_unchanged++;
	log_finish(log, arena, problems, counts);
	return 0;
}

int pass_run(const struct pass *pass, struct arena *arena, struct input_files *files,
	     struct pass_counts *counts, struct error *err)
{
	struct lones kept = { 0 };
	struct reading_log log = {
		.pass = pass, .kept = &kept, .arena = arena, .log_arena = arena_new()
	};
	struct buffer carried;
	int result = 0;

	log.ahead = ahead_new(pass->rules, (unsigned)pass->settings->threads,
			      pass->db != NULL);
	buffer_init(&log.state, STATE_MAX_BYTES);
	buffer_init(&carried, STATE_MAX_BYTES);
	*counts = (struct pass_counts){ 0 };
	for (size_t i = 0; result == 0 && i < files->count && !pass_stops(pass); i++) {
		bool same_set = i > 0 && files->at[i].set.len &&
				slice_equal(files->at[i].set, files->at[i - 1].set);

		log.file = &files->at[i];
		if (database_is_one(log.file->path)) {
			result = database_read(pass, arena, log.file, &files->problems,
					       counts, err);
			continue;
		}
		log.seen = (struct stored_positions){ 0 };
		log.odd = 0;
		if (!same_set)
			buffer_reset(&carried);
		result = log_read(&log, arena, &files->problems, buffer_slice(&carried),
				  counts, err);
		buffer_reset(&carried);
		if (log.matcher) {
			order_next_file(&log.order);
			order_save(&log.order, &carried);
			matcher_save(log.matcher, &carried);
		}
		matcher_free(log.matcher);
		matcher_free(log.requests);
		formats_free(log.formats);
		ahead_drop(log.ahead);
		input_free(log.input);
		log.matcher = NULL;
		log.requests = NULL;
		log.formats = NULL;
		log.input = NULL;
	}
	if (result == 0)
		result = lone_retry(pass->table, pass->db, &kept, err);
	counts->counted = *incidents_counts(pass->table);
	buffer_clear(&carried);
	buffer_clear(&log.state);
	arena_free(log.log_arena);
	ahead_free(log.ahead);
	return result;
}
