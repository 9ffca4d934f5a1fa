/* report/correction.h - the mail that says that a report was wrong, and the words by which
 * a report says that nobody read it before it left.
 *
 * correction_memo  to who was told: which report, what was wrong with it, in the reporter's
 *                  own words, and what to do about it. Nothing of the evidence again.
 * memo_automatic   the memo with a paragraph between its fields and its greeting.         */
#ifndef REPORT_CORRECTION_H
#define REPORT_CORRECTION_H

#include "conf/settings.h"

enum { CORRECTION_REASON_MAX = 2000 };

struct correction {
	const struct settings *settings;
	struct slice token, subject; /* of the report that was wrong                 */
	struct slice about; /* the source it named; "all": several                 */
	int64_t sent_at;
	struct slice reason; /* what was wrong, in the reporter's words               */
};
struct slice correction_memo(struct arena *arena, const struct correction *correction);
struct slice memo_automatic(struct arena *arena, struct slice memo);

#endif
