/* delivery/leave.h - may this message leave now? Asked inside the transaction that says
 * `sending`, so that no two workers and no crash can overstep it.
 *
 * Looked at, in this order: the report is still the approved revision and its bytes have
 * the hash that was approved; its case is not closed; nobody it would reach is on the stop
 * list, by address, domain or network; no recipient had a mail about another case within
 * a day, and the day's mails are not used up.                                            */
#ifndef DELIVERY_LEAVE_H
#define DELIVERY_LEAVE_H

#include "conf/settings.h"
#include "delivery/store.h"

struct leave_answer {
	enum delivery_state state; /* sending: yes; else where it goes instead        */
	struct slice words; /* why, and what to do                             */
};

struct leave_question {
	struct db *db;
	struct arena *arena; /* the answer's words live there                       */
	const struct settings *settings;
	const struct stored_report *held; /* what is about to be handed over        */
	int64_t now;
};
MUST_CHECK int leave_ask(const struct leave_question *question,
			 struct leave_answer *out, struct error *err);

#endif
