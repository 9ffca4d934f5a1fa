/* event/order.h - whether a line fits the log it stands in.
 *
 * Who writes a raw newline into a field that a program logs as it is writes a whole line,
 * with its own date and any source. Three signs tell it from a line of the log:
 *   writer   a line of syslog in a program's own log, where syslog writes nothing else,
 *            or a record (JSON, fail2ban's log) in a log that holds no records
 *   cut      the line before, of a program's own log, ends within quotes
 *   order    another host than all lines before, and out of time with the line before
 * and what directly follows such a line is taken to be of the same hand, up to 8 KiB. An
 * event with a sign is contested and names nobody; its doubt says why.
 *
 * What speaks for a log of several writers is believed: a form that a quarter of the
 * lines have (of sixteen at least, unless the log began so), or that 8 KiB in a row have; two hosts. Clocks that are set, and hours that
 * come twice, are no sign by themselves.
 *
 * One order belongs to one log. It sees each chunk with its events, in order, and knows
 * of the log only their lines and those directly before them: what comes out depends on
 * neither where chunks end nor how often reading was begun again.                      */
#ifndef EVENT_ORDER_H
#define EVENT_ORDER_H

#include "base/buffer.h"
#include "event/event.h"
#include "event/header.h"
#include "input/input.h"

enum order_form {
	FORM_NONE, /* no date at its beginning: says nothing   */
	FORM_SYSLOG,
	FORM_ACCESS, /* web servers' common log format           */
	FORM_DATED, /* "2026-11-20 10:00:01", "2026/11/20 ..."  */
	FORM_BRACKETS, /* "[date] ..."                             */
	FORM_NAMED, /* "20-Nov-2026 ...", "Fri Nov 20 ... 2026" */
	FORM_RECORD, /* what the readers of formats.h read       */
	FORM_COUNT,
};

/* What is known of one line. */
struct order_line {
	enum order_form form;
	bool cut; /* an odd number of quotes                  */
	uint64_t host; /* hash of the syslog host, 0 none          */
	bool has_clock;
	uint64_t clock; /* seconds as the line writes them, no zone */
};

struct order {
	struct order_line last; /* the last line of the chunk before        */
	uint64_t end; /* where that chunk ended, 0: none          */
	/* How many bytes of one form stand there in a row, up to the cap, which form, and
	 * which one before them.                                                       */
	uint64_t row_bytes;
	enum order_form row, before_row;
	uint64_t habit[FORM_COUNT]; /* lines looked at, by form                 */
	enum order_form first; /* of those                                 */
	uint64_t cut; /* of those of programs' own logs           */
	uint64_t host, host_lines; /* the only host so far                     */
	bool many_hosts;
	struct order_line event; /* of the event's line looked at last       */
	uint64_t event_number;
	enum doubt doubt; /* of that line; the run's                  */
	uint64_t run_bytes;
	/* saves work, says nothing: no part of the state */
	struct order_memo {
		struct header_memo header;
		struct order_line line; /* of a syslog line that begins so */
	} memo;
};

/* Where an event was read: for a record that stands over many lines, its last. */
struct order_place {
	struct line line;
	bool is_record; /* by a reader of formats.h */
};

/* Marks those of the events that do not fit. `places` has one row for each; NULL: all were
 * read by rules from their own lines. These are lines of the chunk, in order. Returns how
 * many were marked.                                                                    */
uint64_t order_check(struct order *order, const struct input_chunk *chunk,
		     struct event *events, const struct order_place *places,
		     size_t count);

/* What follows is another file of the same log: its habits stay. */
void order_next_file(struct order *order);

/* One line of text; load takes it off the front of `state` and returns the rest. A state
 * without it (of an older version) or with a damaged one begins afresh.               */
void order_save(const struct order *order, struct buffer *out);
struct slice order_load(struct order *order, struct slice state);

#endif
