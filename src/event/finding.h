/* event/finding.h - from what the groups of an expression hold to an event.
 *
 * finding_read  fills all of *out but time, evidence line and host. Text in *out borrows
 *               from `roles` and from the rule.
 *   FINDING_SOURCE   there is a source
 *   FINDING_NONE     no group names one
 *   FINDING_BAD      one stands there but is no address (999.1.1.1), nor a name that may
 *                    stand there: it is counted, and names nobody
 * The order is fail2ban's: id, IPv4, IPv6, name; an id that is no address (a user, say)
 * gives way to the address beside it.                                                 */
#ifndef EVENT_FINDING_H
#define EVENT_FINDING_H

#include "event/rule.h"

enum finding { FINDING_NONE, FINDING_BAD, FINDING_SOURCE };

/* Addresses that were read before, with their texts: sources come again. Begins as zeros;
 * what is found is the same without it (NULL).                                         */
struct address_memo {
	struct {
		uint8_t len; /* 0: none */
		char text[ADDRESS_TEXT_MAX];
		struct address address;
	} at[32];
};

enum finding finding_read(const struct rule *rule, const struct slice *roles,
			  struct address_memo *memo, struct event *out);
bool finding_same_source(const struct event *a, const struct event *b);

#endif
