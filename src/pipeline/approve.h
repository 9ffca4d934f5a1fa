/* pipeline/approve.h - a person's word on the current drafts of a case.
 *
 * approve_read  the drafts that would be approved, with what the lint finds in them.
 *               ERROR_REFUSED: nobody to tell, a closed case, a placeholder where your
 *               particulars belong; ERROR_NOT_FOUND: no report of that part. Every report
 *               approved already: out->count is 0.
 * approve_made  the exact bytes of each, signed where a key is configured (gpg may ask for
 *               the passphrase), then, in one transaction: the revisions approved, their
 *               messages ready in the outbox, the case approved once all of it is, and
 *               the record of who did it. ERROR_RETRY where a revision was replaced
 *               meanwhile, ERROR_REFUSED where the lint finds something and
 *               despite_lint is not set; then nothing is approved.
 * approve_lint  what the lint finds in a stored revision; a correction need not hold what
 *               only a report needs.
 * approve_compose  the message of a stored revision, as approval would make it.
 * Approval covers one revision, its recipients and the SHA-256 of its exact bytes.       */
#ifndef PIPELINE_APPROVE_H
#define PIPELINE_APPROVE_H

#include "case/case.h"
#include "report/lint.h"
#include "report/store.h"

struct approve {
	const struct settings *settings;
	const struct clock *clock;
	struct db *db;
	const struct lint *lint;
	struct slice part; /* a source; empty: every report of the case             */
	struct slice by; /* whose word it is; empty: the person's who runs this     */
	bool despite_lint; /* a person wants it so, whatever the lint finds          */
};

struct approval {
	struct stored_report report; /* its message is empty until approve_made      */
	struct lint_findings findings;
	int64_t replaces; /* a revision of its own, in place of this one; 0: stored */
};
struct approvals {
	struct kase kase;
	struct approval *at;
	size_t count, room;
};

MUST_CHECK int approve_read(const struct approve *approve, struct arena *arena,
			    struct slice id, struct approvals *out, struct error *err);
MUST_CHECK int approve_made(const struct approve *approve, struct arena *arena,
			    struct approvals *approvals, struct error *err);

void approve_lint(const struct lint *lint, struct arena *arena,
		  const struct stored_report *report, struct lint_findings *out);
MUST_CHECK int approve_compose(const struct settings *settings, struct arena *arena,
			       const struct stored_report *report,
			       struct slice *message, struct error *err);

#endif
