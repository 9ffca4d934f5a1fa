#include "db/fail2ban.h"

#include "base/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BUSY_TIMEOUT_MS = 2000,
	STEPS_AT_ONCE = 100000,
	STEPS_MAX = 20000,
	PATH_BYTES_MAX = 16 * 1024,
	HEADER_BYTES = 20,
	VERSION_AT = 18
};

struct fail2ban {
	const char *path;
	sqlite3 *handle;
	sqlite3_stmt *rows;
	uint64_t given;
	unsigned steps;
	bool is_wal, ended;
	bool has_length;
};

/* The first bytes of a plain file; false where it is none, or too short. A pipe is not
 * even opened: who writes into it would see its reader go.                              */
static bool header_read(const char *path, unsigned char header[HEADER_BYTES])
{
	struct stat st;
	bool read_all;
	int fd;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	read_all = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		   pread(fd, header, HEADER_BYTES, 0) == HEADER_BYTES;
	close(fd);
	return read_all && memcmp(header, "SQLite format 3", 16) == 0;
}

bool fail2ban_is_sqlite(const char *path)
{
	unsigned char header[HEADER_BYTES];

	return strcmp(path, "-") != 0 && header_read(path, header);
}

static int refuse(const struct fail2ban *fail2ban, struct error *err)
{
	return error_set(err, ERROR_REFUSED,
			 "'%s' is a SQLite database, but not fail2ban's: leave it out",
			 fail2ban->path);
}

static int failed(const struct fail2ban *fail2ban, int code, struct error *err)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_set(err, ERROR_RETRY,
				 "'%s' is being written by fail2ban: run again",
				 fail2ban->path);
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
	case SQLITE_INTERRUPT:
	case SQLITE_TOOBIG:
		return error_set(
			err, ERROR_SYNTAX,
			"'%s' is damaged (%s): what stood before that was read",
			fail2ban->path, sqlite3_errmsg(fail2ban->handle));
	default:
		return error_set(err, ERROR_SYSTEM, "'%s' cannot be read: %s",
				 fail2ban->path, sqlite3_errmsg(fail2ban->handle));
	}
}

/* "file:/var/lib/x%3f?immutable=1": what a URI reserves is escaped. */
static void uri_write(struct buffer *out, const struct fail2ban *fail2ban)
{
	struct slice path = slice_of(fail2ban->path);

	buffer_add(out, S("file:"));
	for (size_t i = 0; i < path.len; i++) {
		char c = path.at[i];

		if (ascii_is_alnum(c) || slice_find_byte(S("/._-"), c) >= 0)
			buffer_add_byte(out, c);
		else
			buffer_printf(out, "%%%02x", (unsigned char)c);
	}
	buffer_add(out, fail2ban->is_wal ? S("?mode=ro&immutable=1") : S("?mode=ro"));
	buffer_add_byte(out, '\0');
}

static int steps_bound(void *context)
{
	struct fail2ban *fail2ban = context;

	return ++fail2ban->steps > STEPS_MAX;
}

static int handle_open(struct fail2ban *fail2ban, struct error *err)
{
	struct buffer uri;
	int code;

	buffer_init(&uri, PATH_BYTES_MAX);
	uri_write(&uri, fail2ban);
	if (uri.failed) {
		buffer_clear(&uri);
		return error_set(err, ERROR_LIMIT, "'%s': the path is too long",
				 fail2ban->path);
	}
	code = sqlite3_open_v2(
		uri.at, &fail2ban->handle,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	buffer_clear(&uri);
	if (code != SQLITE_OK)
		return failed(fail2ban, code, err);
	sqlite3_busy_timeout(fail2ban->handle, BUSY_TIMEOUT_MS);
	sqlite3_limit(fail2ban->handle, SQLITE_LIMIT_LENGTH, FAIL2BAN_VALUE_MAX * 2);
	sqlite3_db_config(fail2ban->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(fail2ban->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_progress_handler(fail2ban->handle, STEPS_AT_ONCE, steps_bound,
				 fail2ban);
	return 0;
}

/* How many rows a question about the schema has, -1 where it cannot be asked. */
static int count_of(struct fail2ban *fail2ban, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int count = -1;

	if (sqlite3_prepare_v2(fail2ban->handle, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		count = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return count;
}

/* Plain tables of that name: a view or a virtual table could run anything. */
#define PLAIN(names)                                                                  \
	"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN (" names \
	") AND sql LIKE 'CREATE TABLE%'"
#define ROWS_OF(table, length, times)                                      \
	"SELECT jail, ip, timeofban, " length ", " times ", CASE WHEN "    \
	"length(data) <= 262144 THEN data END AS data FROM " table         \
	" WHERE typeof(timeofban) = 'integer' AND length(jail) <= 64 AND " \
	"length(ip) <= 64"
#define BY_TIME(rows)                                                         \
	"SELECT jail, ip, timeofban, max(bantime), max(bancount), max(data) " \
	"FROM (" rows ") GROUP BY timeofban, jail, ip"

static const char *rows_sql(struct fail2ban *fail2ban)
{
	static const char old[] =
		BY_TIME(ROWS_OF("bans", "-1 AS bantime", "1 AS bancount"));
	static const char bans[] = BY_TIME(ROWS_OF("bans", "bantime", "bancount"));
	static const char both[] =
		BY_TIME(ROWS_OF("bans", "bantime", "bancount") " UNION ALL " ROWS_OF(
			"bips", "bantime", "bancount"));

	if (count_of(fail2ban, PLAIN("'bans', 'jails', 'fail2banDb'")) != 3)
		return NULL;
	fail2ban->has_length =
		count_of(fail2ban,
			 "SELECT count(*) FROM pragma_table_info('bans') WHERE "
			 "name IN ('bantime', 'bancount')") == 2;
	if (!fail2ban->has_length)
		return old;
	return count_of(fail2ban, PLAIN("'bips'")) == 1 ? both : bans;
}

static int rows_prepare(struct fail2ban *fail2ban, struct error *err)
{
	const char *sql = rows_sql(fail2ban);
	int code;

	if (!sql) {
		code = sqlite3_errcode(fail2ban->handle);
		return code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE ||
				       code == SQLITE_ERROR
			       ? refuse(fail2ban, err)
			       : failed(fail2ban, code, err);
	}
	code = sqlite3_prepare_v2(fail2ban->handle, sql, -1, &fail2ban->rows, NULL);
	return code == SQLITE_OK ? 0 : refuse(fail2ban, err);
}

struct fail2ban *fail2ban_open(const char *path, struct error *err)
{
	struct fail2ban *fail2ban = calloc(1, sizeof *fail2ban);
	unsigned char header[HEADER_BYTES] = { 0 };

	if (!fail2ban)
		abort();
	fail2ban->path = path;
	if (!header_read(path, header)) {
		error_system(err, errno, "'%s' cannot be read", path);
		goto close_all;
	}
	fail2ban->is_wal = header[VERSION_AT] == 2 || header[VERSION_AT + 1] == 2;
	if (handle_open(fail2ban, err) == 0 && rows_prepare(fail2ban, err) == 0)
		return fail2ban;
close_all:
	fail2ban_close(fail2ban);
	return NULL;
}

void fail2ban_close(struct fail2ban *fail2ban)
{
	sqlite3_finalize(fail2ban->rows);
	sqlite3_close(fail2ban->handle);
	free(fail2ban);
}

static struct slice text_of(struct fail2ban *fail2ban, int column, struct arena *arena)
{
	const void *at = sqlite3_column_blob(fail2ban->rows, column);
	int len = sqlite3_column_bytes(fail2ban->rows, column);

	return arena_copy(arena, (struct slice){ at, at ? (size_t)len : 0 });
}

int fail2ban_next(struct fail2ban *fail2ban, struct arena *arena,
		  struct fail2ban_row *row, struct error *err)
{
	int code = fail2ban->ended ? SQLITE_DONE : sqlite3_step(fail2ban->rows);

	if (code != SQLITE_ROW) {
		fail2ban->ended = true;
		return code == SQLITE_DONE ? 0 : failed(fail2ban, code, err);
	}
	*row = (struct fail2ban_row){
		.jail = text_of(fail2ban, 0, arena),
		.ip = text_of(fail2ban, 1, arena),
		.time_s = sqlite3_column_int64(fail2ban->rows, 2),
		.length_s = sqlite3_column_int64(fail2ban->rows, 3),
		.count = sqlite3_column_int64(fail2ban->rows, 4),
		.data = text_of(fail2ban, 5, arena),
		.has_length = fail2ban->has_length,
		.number = ++fail2ban->given,
	};
	return 1;
}

bool fail2ban_has_unread_wal(const struct fail2ban *fail2ban)
{
	struct buffer path;
	struct stat st;
	bool has;

	if (!fail2ban->is_wal)
		return false;
	buffer_init(&path, PATH_BYTES_MAX);
	buffer_add(&path, slice_of(fail2ban->path));
	buffer_add(&path, S("-wal"));
	buffer_add_byte(&path, '\0');
	has = !path.failed && stat(path.at, &st) == 0 && st.st_size > 0;
	buffer_clear(&path);
	return has;
}
