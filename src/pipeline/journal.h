/* pipeline/journal.h - a pass over a journal: entries to events to incidents.
 *
 * As pass_run(), but the position is a cursor: it is saved with what was counted in one
 * transaction, and somebody else who read on meanwhile is seen by it.                   */
#ifndef PIPELINE_JOURNAL_H
#define PIPELINE_JOURNAL_H

#include "input/journal.h"
#include "pipeline/pass.h"

struct journal_pass;

/* `since`: where a journal begins that was not read before; 0: with its oldest entry.
 * `reader` has a position of its own in the journal; empty: that of all others.          */
MUST_CHECK struct journal_pass *journal_pass_new(const struct journal_options *options,
						 struct slice reader, int64_t since,
						 struct error *err);
void journal_pass_free(struct journal_pass *journal); /* NULL is fine */
struct journal *journal_pass_journal(const struct journal_pass *journal);

/* All there is so far, or up to pass->stop. Without pass->db nothing is saved. */
MUST_CHECK int journal_pass_run(struct journal_pass *journal, const struct pass *pass,
				struct arena *arena, struct pass_counts *counts,
				struct error *err);

#endif
