/* pipeline/edit.h - a memo in a person's own words, as a new revision.
 *
 * edit_read   the one report of a case that is edited: a draft, or one that is approved and
 *             has not left. ERROR_REFUSED: several and no part named, or it left already.
 * edit_check  whether the text can be a memo at all: ERROR_SYNTAX for an empty one and for
 *             control characters, broken UTF-8 and what hides or reorders text, with the
 *             line; ERROR_LIMIT over 700 KiB. `out` has LF line ends and ends with one.
 * edit_save   the new revision; the approval of the old one lapses, and so does its message
 *             in the outbox. ERROR_RETRY: another revision took its place meanwhile.
 * The edit stands until new events make a new revision: it is about the same facts.      */
#ifndef PIPELINE_EDIT_H
#define PIPELINE_EDIT_H

#include "case/case.h"
#include "conf/settings.h"
#include "report/store.h"

enum { EDIT_MAX_BYTES = 700 << 10 };

struct edit {
	const struct settings *settings;
	const struct clock *clock;
	struct db *db;
	struct slice part; /* a source; empty: the only one there is                */
};
MUST_CHECK int edit_read(const struct edit *edit, struct arena *arena, struct slice id,
			 struct stored_report *out, struct error *err);
MUST_CHECK int edit_check(struct arena *arena, struct slice text, struct slice *out,
			  struct error *err);
MUST_CHECK int edit_save(const struct edit *edit, struct arena *arena,
			 const struct stored_report *old, struct slice memo,
			 struct stored_report *out, struct error *err);

#endif
