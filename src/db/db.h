/* db/db.h - the store's file, transactions and statements. The one home of sqlite3.h.
 *
 * Opening makes the file (mode 0600, its folder 0700), sets WAL, synchronous=FULL, a busy
 * timeout of 5 s, foreign keys, and runs the migrations that are missing. A store that
 * belongs to another user, is newer than this program, or whose recorded migrations
 * differ from ours is refused with what to do. ERROR_SYSTEM for a full disk or a read-only
 * file; ERROR_RETRY where somebody else holds the write lock for over 5 s.
 *
 * Writes stand between db_begin (BEGIN IMMEDIATE) and db_commit or db_rollback; neither
 * network nor gpg runs in between. Statements are cached by their SQL text, which must be
 * a literal; values are bound, never printed into it.
 *
 *   struct statement *s = db_prepare(db, "SELECT id FROM x WHERE name = ?1", err);
 *   if (!s) return -1;
 *   bind_text(s, 1, name);
 *   while ((step = db_step(s, err)) == 1) id = column_int(s, 0);
 *   db_reset(s);          // always, also after an error; ends the statement's use      */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "net/address.h"

struct db;
struct statement;

MUST_CHECK struct db *db_open(struct slice path, const struct clock *clock,
			      struct error *err);
/* A store of this process alone, gone with it. */
MUST_CHECK struct db *db_open_memory(const struct clock *clock, struct error *err);
/* How long a write waits for another process; for those whose clients wait meanwhile. */
void db_patience(struct db *db, int milliseconds);
void db_close(struct db *db); /* NULL is fine; rolls back what is open */
const char *db_path(const struct db *db); /* NULL: in memory */

MUST_CHECK int db_begin(struct db *db, struct error *err);
/* The same for what may be learnt again: a killed process loses nothing of it, a power cut
 * may. It does not wait for the disk.                                                   */
MUST_CHECK int db_begin_light(struct db *db, struct error *err);
/* For very many reads: the store as it is now, whoever writes meanwhile, and no lock taken
 * for each. db_rollback() ends it; after db_end_reading() what was written to tables of
 * this connection's own stays.                                                          */
MUST_CHECK int db_begin_reading(struct db *db, struct error *err);
MUST_CHECK int db_end_reading(struct db *db, struct error *err);
MUST_CHECK int db_commit(struct db *db, struct error *err); /* a crash point */
void db_rollback(struct db *db);

MUST_CHECK struct statement *db_prepare(struct db *db, const char *sql,
					struct error *err);
void bind_text(struct statement *statement, int position, struct slice text);
void bind_blob(struct statement *statement, int position, struct slice bytes);
/* Its 4 or 16 bytes; none where it is none. */
void bind_address(struct statement *statement, int position,
		  const struct address *address);
void bind_int(struct statement *statement, int position, int64_t value);
void bind_real(struct statement *statement, int position, double value);
/* 1 a row, 0 done, -1 failed. Bound values may die after the first step. */
MUST_CHECK int db_step(struct statement *statement, struct error *err);
/* For statements without rows: step once, reset; -1 on failure. */
MUST_CHECK int db_run(struct statement *statement, struct error *err);
void db_reset(struct statement *statement);
int64_t column_int(struct statement *statement, int column);
double column_real(struct statement *statement, int column);
/* Copied into `arena`. */
struct slice column_text(struct statement *statement, int column, struct arena *arena);
/* At most `room` bytes of it, and how many they are. */
size_t column_bytes(struct statement *statement, int column, void *out, size_t room);
/* The way back from bind_address(). */
struct address column_address(struct statement *statement, int column);
/* A SHA-256; zeros where the column holds anything else. */
void column_digest(struct statement *statement, int column, struct sha256 *out);
int64_t db_changes(const struct db *db); /* rows changed by the last statement */
int64_t db_last_id(const struct db *db);

#endif
