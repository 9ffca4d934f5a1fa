/* db/fail2ban.h - the bans in a database of fail2ban's, which is not ours to write.
 *
 * Opened read-only, never waited for and never written, its journal included: a database
 * in WAL mode is taken as its file stands (fail2ban itself uses none). Every byte of it is
 * untrusted: the tables must be plain tables, no value is longer than FAIL2BAN_VALUE_MAX,
 * and the work is bounded.                                                              */
#ifndef DB_FAIL2BAN_H
#define DB_FAIL2BAN_H

#include "base/arena.h"
#include "base/error.h"

enum { FAIL2BAN_VALUE_MAX = 256 * 1024 };

struct fail2ban;

struct fail2ban_row {
	struct slice jail, ip;
	int64_t time_s; /* of the ban, since 1970                             */
	int64_t length_s; /* -1 for ever                                        */
	bool has_length; /* older versions did not store it                    */
	int64_t count; /* how often this one was banned                      */
	struct slice data; /* JSON; empty where there is none, or it is too long */
	uint64_t number; /* of the row as it is given, from 1                  */
};

/* A plain file that begins as SQLite's do. */
bool fail2ban_is_sqlite(const char *path);
/* `path` is borrowed. NULL and err: ERROR_REFUSED not fail2ban's, ERROR_SYSTEM. */
MUST_CHECK struct fail2ban *fail2ban_open(const char *path, struct error *err);
void fail2ban_close(struct fail2ban *fail2ban);
/* The bans by time, each (jail, ip, time) once, of both tables: 1 a row in `arena`, 0 the
 * end, -1 and err (ERROR_SYNTAX damaged, ERROR_RETRY busy), afterwards 0.               */
MUST_CHECK int fail2ban_next(struct fail2ban *fail2ban, struct arena *arena,
			     struct fail2ban_row *row, struct error *err);
bool fail2ban_has_unread_wal(const struct fail2ban *fail2ban);

#endif
