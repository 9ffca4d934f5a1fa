/* pipeline/revise.h - the reports of a case: rendered anew, kept where nothing changed. */
#ifndef PIPELINE_REVISE_H
#define PIPELINE_REVISE_H

#include "pipeline/draft.h"

/* Inside the caller's transaction. Counts new revisions; adds to *missing what the memos
 * lack of the user's particulars.                                                        */
MUST_CHECK int case_revise(const struct draft *draft, struct arena *arena,
			   const struct kase *kase,
			   const struct drafted_incidents *incidents,
			   struct draft_result *result, struct error *err);
/* Fixed by (case, part, revision, recipient), at the reporter's own domain. */
struct slice revision_message_id(struct arena *arena, const struct settings *settings,
				 const struct kase *kase,
				 const struct stored_report *report);

#endif
