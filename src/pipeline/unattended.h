/* pipeline/unattended.h - approval by a policy, for what it allows and nothing else.
 *
 * unattended_ask      what the policy says to the drafts of one case: `out->why` is empty
 *                     where it may leave, else the first reason why it waits for a person.
 * unattended_approve  approves all open cases that may leave, the oldest first, as long as
 *                     the policy's day has room; each of their reports becomes a revision
 *                     that says that it is automatic.
 * Never, whatever a policy says: a compromise or any login that worked, a memo in which
 * lint finds anything, one that a person edited, a correction, one to the wider list.    */
#ifndef PIPELINE_UNATTENDED_H
#define PIPELINE_UNATTENDED_H

#include "case/case.h"
#include "conf/settings.h"
#include "delivery/policy.h"
#include "report/lint.h"
#include "report/store.h"

struct unattended {
	const struct settings *settings;
	const struct clock *clock;
	struct db *db;
	const struct policy *policy;
	const struct lint *lint;
};
struct unattended_case {
	struct kase kase;
	struct slice why; /* it waits; empty: it may leave, or was approved          */
};
struct unattended_cases {
	struct unattended_case *at;
	size_t count, room;
};
MUST_CHECK int unattended_ask(const struct unattended *unattended, struct arena *arena,
			      struct unattended_cases *out, struct error *err);
MUST_CHECK int unattended_approve(const struct unattended *unattended,
				  struct arena *arena, struct unattended_cases *out,
				  struct error *err);

#endif
