/* pipeline/revise.h - the reports of a case: rendered anew, kept where nothing changed. */
#ifndef PIPELINE_REVISE_H
#define PIPELINE_REVISE_H

#include "pipeline/drafting.h"

/* Inside the caller's transaction; leaves a case alone of which an incident was not looked
 * up: another tipoff put it there meanwhile, and the next run sees to the case. Counts new
 * revisions; adds to the result what the memos lack of the user's particulars.           */
MUST_CHECK int case_revise(struct drafting *drafting, struct kase *kase,
			   struct error *err);
/* Fixed by (case, part, revision, recipient), at the reporter's own domain. */
struct slice revision_message_id(struct arena *arena, const struct settings *settings,
				 const struct kase *kase,
				 const struct stored_report *report);

#endif
