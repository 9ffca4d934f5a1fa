#include "db/db.h"

#include "check.h"
#include "scratch.h"

#include <stdio.h>
#include <sys/stat.h>

static const struct clock CLOCK = { .fixed = 0, .is_fixed = true };

static void run(struct db *db, const char *sql)
{
	struct error err = { 0 };
	struct statement *s = db_prepare(db, sql, &err);

	if (CHECK(s != NULL) && CHECK_INT(db_run(s, &err), 0))
		return;
	CHECK_TEXT(err.text, "");
}

static int64_t number(struct db *db, const char *sql)
{
	struct error err = { 0 };
	struct statement *s = db_prepare(db, sql, &err);
	int64_t value = -1;

	if (CHECK(s != NULL) && CHECK_INT(db_step(s, &err), 1))
		value = column_int(s, 0);
	if (s)
		db_reset(s);
	return value;
}

static void a_store_is_private_and_current(void)
{
	struct scratch scratch = scratch_new();
	struct slice path = scratch_path(&scratch, "store.db");
	struct error err = { 0 };
	struct db *db = db_open(path, &CLOCK, &err);
	struct stat st;

	CHECK(db != NULL);
	CHECK_INT(stat(path.at, &st), 0);
	CHECK_INT(st.st_mode & 0777, 0600);
	CHECK_INT(number(db, "SELECT min(number) FROM schema_migration"), 1);
	CHECK_INT(number(db, "PRAGMA foreign_keys"), 1);
	CHECK_INT(number(db, "PRAGMA synchronous"), 2);
	db_close(db);
	db = db_open(path, &CLOCK, &err);
	CHECK(db != NULL);
	db_close(db);
	scratch_free(&scratch);
}

static void what_is_rolled_back_was_never_there(void)
{
	struct scratch scratch = scratch_new();
	struct error err = { 0 };
	struct db *db = db_open(scratch_path(&scratch, "store.db"), &CLOCK, &err);

	CHECK_INT(db_begin(db, &err), 0);
	run(db, "INSERT INTO installation VALUES ('a', x'00')");
	db_rollback(db);
	CHECK_INT(number(db, "SELECT count(*) FROM installation"), 0);
	CHECK_INT(db_begin(db, &err), 0);
	run(db, "INSERT INTO installation VALUES ('a', x'00')");
	CHECK_INT(db_commit(db, &err), 0);
	db_rollback(db);
	CHECK_INT(number(db, "SELECT count(*) FROM installation"), 1);
	db_close(db);
	scratch_free(&scratch);
}

static void open_fails_with(const struct scratch *scratch, enum error_kind kind,
			    const char *words)
{
	struct error err = { 0 };
	struct db *db = db_open(scratch_path(scratch, "store.db"), &CLOCK, &err);

	CHECK(db == NULL);
	CHECK_INT(err.kind, kind);
	if (slice_find(slice_of(err.text), slice_of(words)) < 0)
		CHECK_TEXT(err.text, words);
	db_close(db);
}

static void strange_stores_are_refused(void)
{
	struct scratch scratch = scratch_new();
	struct error err = { 0 };
	struct db *db;

	scratch_write(&scratch, "store.db",
		      "this is no database at all, it is a letter");
	open_fails_with(&scratch, ERROR_SYNTAX, "is not a tipoff store or is damaged");
	remove(scratch_path(&scratch, "store.db").at);

	db = db_open(scratch_path(&scratch, "store.db"), &CLOCK, &err);
	run(db, "INSERT INTO schema_migration VALUES (9999, 'future', x'00', 0)");
	db_close(db);
	open_fails_with(&scratch, ERROR_REFUSED, "made by a newer tipoff");

	remove(scratch_path(&scratch, "store.db").at);
	db = db_open(scratch_path(&scratch, "store.db"), &CLOCK, &err);
	run(db, "UPDATE schema_migration SET sha256 = x'00' WHERE number = 1");
	db_close(db);
	open_fails_with(&scratch, ERROR_REFUSED, "its migration 1 differs from ours");
	scratch_free(&scratch);
}

static void bytes_come_back_as_they_were(void)
{
	struct scratch scratch = scratch_new();
	struct arena *arena = arena_new();
	struct error err = { 0 };
	struct db *db = db_open(scratch_path(&scratch, "store.db"), &CLOCK, &err);
	struct slice bytes = { "a\0\xff\n", 4 };
	struct statement *s =
		db_prepare(db, "INSERT INTO installation VALUES (?1, ?2)", &err);

	bind_text(s, 1, S("gr\xc3\xbc\xc3\x9f"));
	bind_blob(s, 2, bytes);
	CHECK_INT(db_run(s, &err), 0);
	s = db_prepare(db, "SELECT key, value FROM installation", &err);
	CHECK_INT(db_step(s, &err), 1);
	CHECK_SLICE(column_text(s, 0, arena), S("gr\xc3\xbc\xc3\x9f"));
	CHECK_SLICE(column_text(s, 1, arena), bytes);
	CHECK_INT(db_step(s, &err), 0);
	db_reset(s);
	db_close(db);
	arena_free(arena);
	scratch_free(&scratch);
}

int main(void)
{
	return CHECK_RUN(TEST(a_store_is_private_and_current),
			 TEST(what_is_rolled_back_was_never_there),
			 TEST(strange_stores_are_refused),
			 TEST(bytes_come_back_as_they_were));
}
