/* event/witness.h - what a rule made of a line, told in full to whoever tests rules.
 *
 * A matcher with a witness tells it, line by line and rule by rule in their order, what
 * became of the line: also of lines that no rule could match. All of an account lives
 * until tell() returns. A rule whose matches are no act (act = no) is tried too; its
 * matches are told and are no events.                                                  */
#ifndef EVENT_WITNESS_H
#define EVENT_WITNESS_H

#include "event/expression.h"
#include "event/rules.h"
#include "event/stamp.h"

enum witness_verdict {
	WITNESS_MISSED, /* no failregex (or not the prefregex) matched            */
	WITNESS_IGNORED, /* an ignoreregex matched                                 */
	WITNESS_HARMLESS, /* matched, only to tell more of its session (nofail)     */
	WITNESS_WAITING, /* a failure whose source a later line has to tell        */
	WITNESS_NO_SOURCE, /* what stands in the source's place is no address        */
	WITNESS_LIMITED, /* a match gave up at its limit                           */
	WITNESS_MATCHED,
	WITNESS_VERDICTS,
};

/* A named group by the name that it goes by ("alt_user_1" is user); at NULL: it took no
 * part. Of prefregex (but for its content) and failregex together, in no order.        */
struct witness_group {
	struct slice name, value;
};
struct witness_groups {
	struct witness_group *at;
	size_t count, room;
};

enum { WITNESS_NONE = -1 };

struct witness_account {
	const struct line *line;
	size_t rule; /* number of the rule in its rules */
	enum witness_verdict verdict;
	bool prefix; /* the prefregex matched            */
	int failregex, ignoreregex; /* which, from 0; WITNESS_NONE       */
	/* The date of this line; NULL: it has none. */
	const struct stamp_template *template;
	struct slice date; /* what was cut out                  */
	/* The time that holds for it, perhaps of a line before; false: none is known. */
	bool dated;
	int64_t at;
	enum time_basis basis;
	struct witness_groups groups;
	const struct event
		*event; /* of WITNESS_MATCHED, else NULL; its time may be unset */
};

struct witness {
	void (*tell)(void *context, const struct witness_account *account);
	void *context;
};

/* The groups of the last hit of `expression` over those that `groups` holds. */
void witness_groups_add(struct witness_groups *groups, struct arena *arena,
			const struct expression *expression,
			const struct expression_scratch *scratch);
void witness_group_drop(struct witness_groups *groups, struct slice name);
struct witness_group *witness_group_find(const struct witness_groups *groups,
					 struct slice name);

#endif
