/* pipeline/judge.h - verdicts once history and network are known. */
#ifndef PIPELINE_JUDGE_H
#define PIPELINE_JUDGE_H

#include "pipeline/draft.h"

/* Reads every incident of the store with its case, and judges those that no sent or
 * closed case holds; history may lift a hold.                                            */
MUST_CHECK int incidents_judge(const struct draft *draft, struct arena *arena,
			       struct drafted_incidents *out, struct error *err);
/* Lifts holds where many sources of one network were active. Needs the answers. */
void incidents_lift_by_network(const struct draft *draft, struct arena *arena,
			       struct drafted_incidents *incidents);
MUST_CHECK int verdicts_save(const struct draft *draft,
			     const struct drafted_incidents *incidents,
			     struct error *err);

#endif
