/* delivery/leave.h - may this message leave now? Asked inside the transaction that says
 * `sending`, so that no two workers and no crash can overstep it.
 *
 * Looked at, in this order: the report is still the approved revision and its bytes have
 * the hash that was approved; its case is not closed; nobody it would reach is on the stop
 * list, by address, domain or network; what a policy approved is within that policy; the
 * hours of [send] window; and the caps: mails in all, another case's mail to a recipient
 * within a day, cases about a network, the day's mails. Corrections have a cap of their
 * own and stand outside of the others; submissions to public databases have caps and
 * manners of theirs (delivery/leave_database.h) in place of those on mail.                                                   */
#ifndef DELIVERY_LEAVE_H
#define DELIVERY_LEAVE_H

#include "conf/settings.h"
#include "delivery/policy.h"
#include "delivery/store.h"

struct leave_answer {
	enum delivery_state state; /* sending: yes; else where it goes instead        */
	struct slice words; /* why, and what to do                             */
	int64_t until; /* deferred: till when; 0: till something else changes */
};

struct leave_question {
	struct db *db;
	struct arena *arena; /* the answer's words live there                       */
	const struct settings *settings;
	const struct stored_report *held; /* what is about to be handed over        */
	int64_t now;
	const struct policy *policy; /* in force; NULL: none                        */
	bool any_hour; /* whatever [send] window says                       */
	bool offline; /* no server may be asked                            */
};
MUST_CHECK int leave_ask(const struct leave_question *question,
			 struct leave_answer *out, struct error *err);

#endif
