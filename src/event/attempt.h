/* event/attempt.h - one rule on one line: prefregex, failregex, ignoreregex, in the order
 * and with the meaning that fail2ban gives them (for event/ only).
 *
 * attempt_matches  the caller set what stands above the line. True: `roles` hold what the
 *                  groups captured; they point into the subject, or into `arena`.
 *                  `limited` says that a match reached its limit: then it is false.     */
#ifndef EVENT_ATTEMPT_H
#define EVENT_ATTEMPT_H

#include "event/expression.h"
#include "event/needs.h"
#include "event/rule.h"
#include "event/window.h"
#include "event/witness.h"

/* What a prefregex said of the line at hand, for the next rule that has the same one. */
struct attempt_prefix {
	uint64_t asked; /* the turn of the line whose pairs were asked */
	bool may_pass;
	uint64_t turn; /* of the line that it was tried on */
	bool passes, limited;
	struct slice subject;
	struct slice roles[ROLE_COUNT];
};

struct attempt {
	const struct rule *rule;
	struct expression_scratch *scratch;
	const struct allowed *allowed; /* what the line's literals say of the rule */
	const struct pairs *pairs; /* of the line; NULL: not known */
	size_t first; /* the first expression that the pairs allow, where they are known */
	struct arena *arena;
	struct attempt_prefix *prefix; /* of rule->prefix_index; NULL: not kept */
	uint64_t turn; /* of the line; each has another, and none has 0 */
	struct window *window; /* NULL unless the rule looks at several lines */
	struct slice subject; /* without the date, with a newline */
	bool ascii; /* the subject is */
	struct slice *roles; /* ROLE_COUNT, all empty; filled on success */
	struct witness_account *account; /* NULL: nobody asks */
	/* --- */
	bool limited;
	bool in_window; /* the subject is the window's text */
};

bool attempt_matches(struct attempt *attempt);

/* A line without its date, and a newline. Copied only where it has to be: `stored` says
 * that a newline stands behind the text.                                              */
struct slice line_without(struct arena *arena, struct slice text, bool stored,
			  size_t start, size_t end);

#endif
