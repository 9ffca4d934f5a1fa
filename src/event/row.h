/* event/row.h - a match as fail2ban-regex tells it: "['192.0.2.9',\t1163.0,\t{...}],".
 *
 * What it tells are the named groups of the whole session, not of the line alone: of an
 * MLFID each line's values go over those of the lines before, and the names of all users
 * are kept beside them (`users`). A struct rows remembers that, at most 100 sessions for a
 * rule and no longer than 5 minutes of event time, as event/session.c does for events.
 *
 * Every account that a matcher tells has to be taken, not only those of matches.        */
#ifndef EVENT_ROW_H
#define EVENT_ROW_H

#include "base/buffer.h"
#include "event/witness.h"

struct rows;

struct row {
	struct slice source; /* as it is reported; borrows from `arena` */
	bool dated; /* false: the line has no time of its own, which fail2ban tells as None */
	int64_t at_s; /* fail2ban drops the fraction */
	struct witness_groups groups; /* in order of name */
	struct slices users; /* of a session, in the order seen */
};

struct rows *rows_new(size_t rules);
void rows_free(struct rows *rows); /* NULL is fine */

/* Fills *out for a match, false for anything else; all of it in `arena`. */
bool rows_take(struct rows *rows, struct arena *arena,
	       const struct witness_account *account, struct row *out);

/* The row as a literal of Python, without a newline; harmless on a terminal. */
void row_write(const struct row *row, struct buffer *out);

#endif
