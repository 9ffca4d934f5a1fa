/* proxy/upstream.h - the registries behind the proxy: equal questions are asked once.
 *
 * The contact stage asks, by its own rules of who is asked how and where a referral may
 * lead; so one server is asked one question at a time, and who refused is left in peace.
 * What the stage remembers of its answers is dropped as soon as nothing is under way; so
 * that a busy proxy comes to that, two finders take turns.                               */
#ifndef PROXY_UPSTREAM_H
#define PROXY_UPSTREAM_H

#include "proxy/query.h"

enum { FLIGHTS_MAX = 256 };

struct upstream;

/* One who waits; its owner keeps it until `answered` or upstream_leave(). */
struct waiter {
	void (*answered)(struct waiter *waiter, const void *answer);
	struct waiter *next, **link;
};
struct upstream_options {
	const struct settings *settings;
	const struct clock *clock;
	struct loop *loop;
	struct db *db; /* where the servers' budgets are shared; NULL: not at all */
	/* Makes of a result what the waiters are given; called once for all of them. */
	const void *(*made)(void *context, const struct proxy_query *query,
			    const struct whois_result *result);
	void (*done)(void *context, const void *answer); /* all of them have it */
	void *context;
};

MUST_CHECK struct upstream *upstream_new(const struct upstream_options *options,
					 struct error *err);
/* Turns the loop until nothing is under way any more; waiters must have left. */
void upstream_free(struct upstream *upstream); /* NULL is fine */
/* Waits for the same question's answer; false where nobody asked it. */
MUST_CHECK bool upstream_join(struct upstream *upstream,
			      const struct proxy_query *query, struct waiter *waiter);
/* Asks what nobody asked yet; false: too many questions are under way. */
MUST_CHECK bool upstream_ask(struct upstream *upstream, const struct proxy_query *query,
			     struct waiter *waiter);
/* The settings name other lists of RDAP servers, or those have changed: each finder reads
 * them as soon as nothing is under way in it.                                           */
void upstream_renew_lists(struct upstream *upstream);
bool upstream_is_busy(const struct upstream *upstream);
void upstream_leave(struct waiter *waiter); /* fine where nobody waits */

#endif
