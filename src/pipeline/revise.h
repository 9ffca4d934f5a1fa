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

#endif
