/* input/journal.h - the journal of this machine, or a folder of journal files, by cursor.
 * The one home of systemd's headers.
 *
 *   journal = journal_open(&options, err);
 *   journal_seek(journal, cursor, since, err)      behind the entry of that cursor
 *   while ((more = journal_next(journal, &line, err)) == 1) ...
 *   journal_cursor(journal, &cursor, err)          of the last entry given
 *
 * An entry is one line (input/entry.h). The journal may rotate and be vacuumed meanwhile:
 * where the entry of the cursor is gone, reading begins at the oldest one behind it.    */
#ifndef INPUT_JOURNAL_H
#define INPUT_JOURNAL_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

struct journal;

struct journal_options {
	const char *place; /* "system", or a folder; borrowed for the journal's life */
	/* "FIELD=VALUE", as journalctl(1) takes them: rows of one field are alternatives,
	 * of several conditions; "+" between two groups of them is an or             */
	const struct slice *matches;
	size_t match_count;
};
/* ERROR_CONFIG for a match that is none; ERROR_NOT_FOUND without a journal there. */
MUST_CHECK struct journal *journal_open(const struct journal_options *options,
					struct error *err);
void journal_free(struct journal *journal); /* NULL is fine */
/* Without a cursor: from the instant `since` on, 0 being the oldest entry. */
MUST_CHECK int journal_seek(struct journal *journal, struct slice cursor, int64_t since,
			    struct error *err);
/* 1 and the line in `line` (emptied before; empty where the entry makes none), 0 where
 * there is no more so far, -1.                                                        */
MUST_CHECK int journal_next(struct journal *journal, struct buffer *line,
			    struct error *err);
MUST_CHECK int journal_cursor(struct journal *journal, struct slice *out,
			      struct arena *arena, struct error *err);

/* Becomes readable when something may have come; then journal_process(). -1 where the
 * system cannot tell: look from time to time.                                         */
int journal_descriptor(struct journal *journal);
void journal_process(struct journal *journal);
/* Whether this machine keeps a journal that we may read. */
bool journal_is_there(void);

#endif
