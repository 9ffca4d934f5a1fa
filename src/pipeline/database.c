#include "pipeline/database.h"

#include "db/fail2ban.h"
#include "event/formats.h"
#include "input/store.h"

enum { BATCH_ROWS = 1000 };

bool database_is_one(const char *path)
{
	return fail2ban_is_sqlite(path);
}

/* One database while it is read. */
struct reading_database {
	const struct pass *pass;
	const struct input_file *file;
	struct fail2ban *database;
	struct arena *arena; /* of a batch */
	struct events events; /* of the batch */
};

static struct sha256 fingerprint_of(const struct fail2ban_row *row, struct arena *arena)
{
	struct slice parts[] = {
		S("fail2ban ban"),
		row->jail,
		row->ip,
		arena_printf(arena, "%lld", (long long)row->time_s),
	};

	return sha256_of_parts(parts, COUNT_OF(parts));
}

/* As `sqlite3 FILE "SELECT * FROM bans"` shows it, but for the log lines it kept. */
static struct line line_of(const struct reading_database *reading,
			   const struct fail2ban_row *row)
{
	return (struct line){
		.text = arena_printf(reading->arena,
				     "bans: jail " SLICE_FMT ", ip " SLICE_FMT
				     ", timeofban %lld, bantime %lld, bancount %lld",
				     SLICE_ARG(row->jail), SLICE_ARG(row->ip),
				     (long long)row->time_s, (long long)row->length_s,
				     (long long)row->count),
		.file = slice_of(reading->file->path),
		.number = row->number,
	};
}

static int row_take(struct reading_database *reading, const struct fail2ban_row *row,
		    struct error *err)
{
	const struct pass *pass = reading->pass;
	struct sha256 print = fingerprint_of(row, reading->arena);
	struct line line = line_of(reading, row);
	struct fail2ban_ban ban = { .jail = row->jail,
				    .ip = row->ip,
				    .time_s = row->time_s,
				    .length_s = row->length_s,
				    .has_length = row->has_length,
				    .data = row->data };
	bool fresh = true;

	if (pass->db && input_store_record(pass->db, &print, clock_now(pass->clock),
					   &fresh, err) != 0)
		return -1;
	format_fail2ban_ban(reading->arena, &ban, &line, !fresh, clock_now(pass->clock),
			    &reading->events);
	return 0;
}

/* Up to BATCH_ROWS rows into events and the table; 1 more may come, 0 the end, -1. */
static int batch_count(struct reading_database *reading, struct error *damage,
		       struct error *err)
{
	struct fail2ban_row row;
	int more = 1;

	for (size_t i = 0; more == 1 && i < BATCH_ROWS; i++) {
		more = fail2ban_next(reading->database, reading->arena, &row, damage);
		if (more == 1 && row_take(reading, &row, err) != 0)
			return -1;
	}
	for (size_t i = 0; i < reading->events.count; i++)
		if (incidents_add(reading->pass->table, &reading->events.at[i], 0,
				  err) != 0)
			return -1;
	if (reading->pass->db && incidents_save(reading->pass->table, err) != 0)
		return -1;
	return more == 1;
}

/* The same in a transaction, where there is a store. */
static int batch_commit(struct reading_database *reading, struct error *damage,
			struct error *err)
{
	struct db *db = reading->pass->db;
	int more;

	arena_reset(reading->arena);
	reading->events = (struct events){ 0 };
	if (!db)
		return batch_count(reading, damage, err);
	if (db_begin(db, err) != 0)
		return -1;
	more = batch_count(reading, damage, err);
	if (more >= 0 && db_commit(db, err) != 0)
		more = -1;
	incidents_forget(reading->pass->table);
	if (more < 0)
		db_rollback(db);
	return more;
}

static void events_tell(const struct reading_database *reading,
			struct pass_counts *counts)
{
	const struct pass *pass = reading->pass;

	counts->events += reading->events.count;
	for (size_t i = 0; pass->event && i < reading->events.count; i++)
		pass->event(pass->context, &reading->events.at[i]);
}

int database_read(const struct pass *pass, struct arena *arena,
		  const struct input_file *file, struct input_problems *problems,
		  struct pass_counts *counts, struct error *err)
{
	struct reading_database reading = { .pass = pass, .file = file };
	struct error damage = { 0 };
	int more = 1;

	reading.database = fail2ban_open(file->path, &damage);
	if (!reading.database) {
		input_problem_add(arena, problems, file->path, &damage);
		return 0;
	}
	counts->files++;
	reading.arena = arena_new();
	while (more == 1) {
		more = batch_commit(&reading, &damage, err);
		if (more >= 0)
			events_tell(&reading, counts);
	}
	if (fail2ban_has_unread_wal(reading.database))
		error_set(&damage, ERROR_SYNTAX,
			  "'%s': its newest rows still stand in '%s-wal' and were not "
			  "read: run again later",
			  file->path, file->path);
	if (more == 0 && damage.kind != ERROR_NONE)
		input_problem_add(arena, problems, file->path, &damage);
	arena_free(reading.arena);
	fail2ban_close(reading.database);
	return more;
}
