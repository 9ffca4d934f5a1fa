/* report/lint.h - is a memo complete and friendly?
 *
 * Reads a memo's text (ours, edited, or anyone's) and lists findings; none means good.
 * What words weigh is read once, for any number of memos.
 * Reference: "The memo: must and must not", the article of 2000.                         */
#ifndef REPORT_LINT_H
#define REPORT_LINT_H

#include "base/arena.h"

enum lint_kind { LINT_MISSING, LINT_UNFRIENDLY, LINT_MISLEADING };
struct lint_finding {
	enum lint_kind kind;
	size_t line; /* from 1; 0: about the whole memo                    */
	struct slice rule; /* short stable name: "zone", "threat", "how-to-stop" */
	struct slice text; /* one sentence: what and what to do                  */
};
struct lint_findings {
	struct lint_finding *at;
	size_t count, room;
};

struct lint; /* shapes and weights; borrows from the arena it was made in */
struct lint *lint_new(struct arena *arena);
/* Findings live in `arena`. */
void memo_lint(const struct lint *lint, struct arena *arena, struct slice memo,
	       struct lint_findings *out);

#endif
