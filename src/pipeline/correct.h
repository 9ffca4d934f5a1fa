/* pipeline/correct.h - the draft that tells who was told that a report was wrong.
 *
 * correct_draft  one draft for each report of the case that left, or may have left, to the
 *                same recipients, in the same thread, with the same token; those on the
 *                stop list are left out. It is approved and sent like any other.
 *                ERROR_REFUSED: nothing of the case left, so nobody was told; it was
 *                corrected already; everybody who was told is on the stop list.
 * A closed case becomes a sent one again, so that the correction can leave.              */
#ifndef PIPELINE_CORRECT_H
#define PIPELINE_CORRECT_H

#include "conf/settings.h"
#include "report/store.h"

struct correct {
	const struct settings *settings;
	const struct clock *clock;
	struct db *db;
	struct slice part; /* a source; empty: every report that left                */
	struct slice reason; /* what was wrong, in the reporter's words               */
};
MUST_CHECK int correct_draft(const struct correct *correct, struct arena *arena,
			     struct slice id, struct stored_reports *out,
			     struct error *err);

#endif
