#include "db/db.h"

#include "base/digest.h"
#include "db/migrations.h"
#include "os/point.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUSY_TIMEOUT_MS = 5000, STATEMENTS_MAX = 256 };

/* "tipo": so that file(1) and a later version know the file. */
enum { APPLICATION_ID = 0x7469706f };

struct statement {
	const char *sql;
	sqlite3_stmt *stmt;
	struct db *db;
};

struct db {
	sqlite3 *handle;
	char *path;
	struct arena *arena;
	const struct clock *clock;
	bool in_transaction, light;
	struct statement statements[STATEMENTS_MAX];
	size_t count;
};

/* SQLite's codes as our kinds; the path and what to do are said here, once. */
static int db_error(struct db *db, int code, struct error *err)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_set(
			err, ERROR_RETRY,
			"store '%s' is busy: another tipoff is writing; try again",
			db->path);
	case SQLITE_FULL:
		return error_system(
			err, ENOSPC,
			"store '%s' cannot grow: free some space and run again",
			db->path);
	case SQLITE_READONLY:
		return error_system(
			err, EROFS,
			"store '%s' cannot be written: check its owner and mode, "
			"or name another with --store",
			db->path);
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return error_system(err, errno ? errno : EIO,
				    "store '%s' cannot be read or written (%s)",
				    db->path, sqlite3_errmsg(db->handle));
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return error_set(
			err, ERROR_SYNTAX,
			"store '%s' is not a tipoff store or is damaged (%s): move it "
			"away, or name another with --store",
			db->path, sqlite3_errmsg(db->handle));
	default:
		return error_set(err, ERROR_SYSTEM, "store '%s': %s", db->path,
				 sqlite3_errmsg(db->handle));
	}
}

static int execute(struct db *db, const char *sql, struct error *err)
{
	int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : db_error(db, code, err);
}

static void end_light(struct db *db)
{
	if (db->light)
		sqlite3_exec(db->handle, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
	db->light = false;
}

int db_begin(struct db *db, struct error *err)
{
	if (execute(db, "BEGIN IMMEDIATE", err) != 0)
		return -1;
	db->in_transaction = true;
	return 0;
}

int db_begin_light(struct db *db, struct error *err)
{
	/* which SQLite changes between transactions only */
	if (execute(db, "PRAGMA synchronous = NORMAL", err) != 0)
		return -1;
	db->light = true;
	if (db_begin(db, err) == 0)
		return 0;
	end_light(db);
	return -1;
}

int db_begin_reading(struct db *db, struct error *err)
{
	if (execute(db, "BEGIN", err) != 0)
		return -1;
	db->in_transaction = true;
	return 0;
}

int db_end_reading(struct db *db, struct error *err)
{
	if (execute(db, "COMMIT", err) != 0)
		return -1;
	db->in_transaction = false;
	return 0;
}

int db_commit(struct db *db, struct error *err)
{
	crash_point("db.commit");
	if (execute(db, "COMMIT", err) != 0)
		return -1;
	db->in_transaction = false;
	end_light(db);
	crash_point("db.committed");
	return 0;
}

void db_rollback(struct db *db)
{
	if (!db->in_transaction)
		return;
	sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->in_transaction = false;
	end_light(db);
}

struct statement *db_prepare(struct db *db, const char *sql, struct error *err)
{
	struct statement *fresh;
	int code;

	for (size_t i = 0; i < db->count; i++)
		if (db->statements[i].sql == sql)
			return &db->statements[i];
	if (db->count == STATEMENTS_MAX) {
		error_set(err, ERROR_LIMIT, "over %d different statements",
			  STATEMENTS_MAX);
		return NULL;
	}
	fresh = &db->statements[db->count];
	code = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
				  &fresh->stmt, NULL);
	if (code != SQLITE_OK) {
		db_error(db, code, err);
		return NULL;
	}
	fresh->sql = sql;
	fresh->db = db;
	db->count++;
	return fresh;
}

/* A failed bind shows as the step's failure: the value would be NULL where NOT NULL is
 * demanded. Sizes are capped far below SQLite's limit.                                */
void bind_text(struct statement *statement, int position, struct slice text)
{
	sqlite3_bind_text64(statement->stmt, position, text.at ? text.at : "", text.len,
			    SQLITE_TRANSIENT, SQLITE_UTF8);
}

void bind_blob(struct statement *statement, int position, struct slice bytes)
{
	sqlite3_bind_blob64(statement->stmt, position, bytes.at ? bytes.at : "",
			    bytes.len, SQLITE_TRANSIENT);
}

void bind_address(struct statement *statement, int position,
		  const struct address *address)
{
	size_t len = address->family == FAMILY_NONE ? 0 : address_bits(address) / 8;

	bind_blob(statement, position,
		  (struct slice){ (const char *)address->bytes, len });
}

void bind_int(struct statement *statement, int position, int64_t value)
{
	sqlite3_bind_int64(statement->stmt, position, value);
}

void bind_real(struct statement *statement, int position, double value)
{
	sqlite3_bind_double(statement->stmt, position, value);
}

int db_step(struct statement *statement, struct error *err)
{
	int code = sqlite3_step(statement->stmt);

	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE)
		return 0;
	return db_error(statement->db, code, err);
}

int db_run(struct statement *statement, struct error *err)
{
	int step = db_step(statement, err);

	db_reset(statement);
	return step < 0 ? -1 : 0;
}

void db_reset(struct statement *statement)
{
	sqlite3_reset(statement->stmt);
	sqlite3_clear_bindings(statement->stmt);
}

int64_t column_int(struct statement *statement, int column)
{
	return sqlite3_column_int64(statement->stmt, column);
}

double column_real(struct statement *statement, int column)
{
	return sqlite3_column_double(statement->stmt, column);
}

struct slice column_text(struct statement *statement, int column, struct arena *arena)
{
	const char *at = sqlite3_column_blob(statement->stmt, column);
	int len = sqlite3_column_bytes(statement->stmt, column);

	return arena_copy(arena, (struct slice){ at, at ? (size_t)len : 0 });
}

size_t column_bytes(struct statement *statement, int column, void *out, size_t room)
{
	const void *at = sqlite3_column_blob(statement->stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(statement->stmt, column);

	len = len < room ? len : room;
	if (at && len)
		memcpy(out, at, len);
	return at ? len : 0;
}

struct address column_address(struct statement *statement, int column)
{
	struct address address = { .family = FAMILY_NONE };
	size_t len =
		column_bytes(statement, column, address.bytes, sizeof address.bytes);

	if (len == 4)
		address.family = FAMILY_IPV4;
	else if (len == sizeof address.bytes)
		address.family = FAMILY_IPV6;
	return address;
}

void column_digest(struct statement *statement, int column, struct sha256 *out)
{
	const void *at = sqlite3_column_blob(statement->stmt, column);
	int len = sqlite3_column_bytes(statement->stmt, column);

	*out = (struct sha256){ { 0 } };
	if (at && len == SHA256_BYTES)
		memcpy(out->bytes, at, SHA256_BYTES);
}

const char *db_path(const struct db *db)
{
	return db->path[0] == ':' ? NULL : db->path;
}

int64_t db_changes(const struct db *db)
{
	return sqlite3_changes64(db->handle);
}

int64_t db_last_id(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

static int recorded_check(struct db *db, const struct migration *migration,
			  struct slice digest, bool *done, struct error *err)
{
	struct statement *s = db_prepare(
		db, "SELECT sha256 FROM schema_migration WHERE number = ?1", err);
	struct arena *arena = db->arena;
	int step;

	if (!s)
		return -1;
	bind_int(s, 1, migration->number);
	step = db_step(s, err);
	*done = step == 1;
	if (step == 1 && !slice_equal(column_text(s, 0, arena), digest))
		step = error_set(
			err, ERROR_REFUSED,
			"store '%s' was made by another version: its migration "
			"%d differs from ours; use the tipoff that made it",
			db->path, migration->number);
	db_reset(s);
	return step < 0 ? -1 : 0;
}

static int migration_apply(struct db *db, const struct migration *migration,
			   struct error *err)
{
	struct sha256 digest = sha256_of(slice_of(migration->sql));
	struct statement *s;
	bool done;

	if (recorded_check(db, migration, sha256_slice(&digest), &done, err) != 0)
		return -1;
	if (done)
		return 0;
	if (execute(db, migration->sql, err) != 0)
		return error_context(err, "migration %d", migration->number);
	s = db_prepare(
		db,
		"INSERT INTO schema_migration (number, name, sha256, applied_at) "
		"VALUES (?1, ?2, ?3, ?4)",
		err);
	if (!s)
		return -1;
	bind_int(s, 1, migration->number);
	bind_text(s, 2, slice_of(migration->name));
	bind_blob(s, 3, sha256_slice(&digest));
	bind_int(s, 4, clock_now(db->clock));
	return db_run(s, err);
}

static int newest_recorded(struct db *db, int64_t *newest, struct error *err)
{
	struct statement *s = db_prepare(
		db, "SELECT coalesce(max(number), 0) FROM schema_migration", err);
	int step;

	if (!s)
		return -1;
	step = db_step(s, err);
	*newest = step == 1 ? column_int(s, 0) : 0;
	db_reset(s);
	return step < 0 ? -1 : 0;
}

static int migrate_all(struct db *db, struct error *err)
{
	int64_t newest;

	if (execute(db,
		    "CREATE TABLE IF NOT EXISTS schema_migration (number INTEGER PRIMARY "
		    "KEY, name TEXT NOT NULL, sha256 BLOB NOT NULL, applied_at INTEGER NOT "
		    "NULL) STRICT",
		    err) != 0)
		return -1;
	if (newest_recorded(db, &newest, err) != 0)
		return -1;
	if (newest > (int64_t)migration_count)
		return error_set(
			err, ERROR_REFUSED,
			"store '%s' was made by a newer tipoff: upgrade this one",
			db->path);
	for (size_t i = 0; i < migration_count; i++)
		if (migration_apply(db, &migrations[i], err) != 0)
			return -1;
	return 0;
}

/* True where every migration is there: the common case takes no write lock. */
static bool is_current(struct db *db)
{
	sqlite3_stmt *stmt = NULL;
	bool current = false;

	if (sqlite3_prepare_v2(db->handle, "SELECT max(number) FROM schema_migration",
			       -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		current = sqlite3_column_int64(stmt, 0) == (int64_t)migration_count;
	sqlite3_finalize(stmt);
	return current;
}

static int migrate(struct db *db, struct error *err)
{
	if (is_current(db)) {
		/* the recorded checksums still have to be ours */
		for (size_t i = 0; i < migration_count; i++) {
			struct sha256 digest = sha256_of(slice_of(migrations[i].sql));
			bool done;

			if (recorded_check(db, &migrations[i], sha256_slice(&digest),
					   &done, err) != 0)
				return -1;
		}
		return 0;
	}
	if (db_begin(db, err) != 0)
		return -1;
	if (migrate_all(db, err) != 0 || db_commit(db, err) != 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

/* The file belongs to us, or there is none yet: root would else leave files behind that
 * their owner cannot write.                                                           */
static int owner_check(const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return errno == ENOENT ? 0
				       : error_system(err, errno, "store '%s'", path);
	if (st.st_uid != geteuid())
		return error_set(
			err, ERROR_REFUSED,
			"store '%s' belongs to user %u: run tipoff as that user, or "
			"name another with --store",
			path, (unsigned)st.st_uid);
	return 0;
}

/* SQLite would take the umask; the store holds evidence and is nobody else's business. */
static int file_create(const char *path, struct error *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0 && errno == ENOENT)
		return error_set(err, ERROR_CONFIG,
				 "store '%s' cannot be made, because its folder is not "
				 "there: make that, or name another with --store",
				 path);
	if (fd < 0 && errno == EISDIR)
		return error_set(err, ERROR_CONFIG,
				 "store '%s' is a folder: name a file with --store",
				 path);
	if (fd < 0 && errno != EROFS && errno != EACCES)
		return error_system(err, errno, "store '%s' cannot be made", path);
	if (fd < 0)
		return error_system(
			err, errno,
			"store '%s' cannot be written: check its owner and mode, "
			"or name another with --store",
			path);
	close(fd);
	return 0;
}

/* Asked first: setting it writes, and a command that only reads must not wait for whoever
 * writes, nor touch a store that a newer version made.                                */
static int vacuum_set(struct db *db, struct error *err)
{
	sqlite3_stmt *stmt = NULL;
	bool is_set = sqlite3_prepare_v2(db->handle, "PRAGMA auto_vacuum", -1, &stmt,
					 NULL) == SQLITE_OK &&
		      sqlite3_step(stmt) == SQLITE_ROW &&
		      sqlite3_column_int(stmt, 0) == 2;

	sqlite3_finalize(stmt);
	return is_set ? 0 : execute(db, "PRAGMA auto_vacuum = INCREMENTAL", err);
}

static int set_up(struct db *db, struct error *err)
{
	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
	if (vacuum_set(db, err) != 0 ||
	    execute(db, "PRAGMA journal_mode = WAL", err) != 0 ||
	    execute(db, "PRAGMA synchronous = FULL", err) != 0 ||
	    execute(db, "PRAGMA foreign_keys = ON", err) != 0)
		return -1;
	return migrate(db, err);
}

static struct db *open_at(struct slice path, bool is_file, const struct clock *clock,
			  struct error *err)
{
	struct arena *arena = arena_new();
	struct db *db = ARENA_NEW(arena, struct db);
	int code;

	db->arena = arena;
	db->clock = clock;
	db->path = arena_cstr(arena, path);
	if (is_file &&
	    (owner_check(db->path, err) != 0 || file_create(db->path, err) != 0))
		goto free_arena;
	code = sqlite3_open_v2(db->path, &db->handle,
			       SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (code != SQLITE_OK) {
		db_error(db, code, err);
		goto close_handle;
	}
	if (set_up(db, err) != 0)
		goto close_handle;
	return db;
close_handle:
	for (size_t i = 0; i < db->count; i++)
		sqlite3_finalize(db->statements[i].stmt);
	sqlite3_close(db->handle);
free_arena:
	arena_free(arena);
	return NULL;
}

struct db *db_open(struct slice path, const struct clock *clock, struct error *err)
{
	return open_at(path, true, clock, err);
}

struct db *db_open_memory(const struct clock *clock, struct error *err)
{
	return open_at(S(":memory:"), false, clock, err);
}

void db_patience(struct db *db, int milliseconds)
{
	sqlite3_busy_timeout(db->handle, milliseconds);
}

void db_close(struct db *db)
{
	if (!db)
		return;
	db_rollback(db);
	for (size_t i = 0; i < db->count; i++)
		sqlite3_finalize(db->statements[i].stmt);
	sqlite3_close(db->handle);
	arena_free(db->arena);
}
