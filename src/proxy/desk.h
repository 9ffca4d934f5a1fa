/* proxy/desk.h - a line in, an answer out: the proxy without its sockets.
 *
 * A cached answer is given at once: nothing is read from a disk and next to nothing is
 * allocated. Else the registries are asked and the one who asked waits. Equal questions
 * wait for one answer; an answer about a network is given to its neighbours too.        */
#ifndef PROXY_DESK_H
#define PROXY_DESK_H

#include "proxy/allowance.h"
#include "proxy/answer.h"
#include "proxy/upstream.h"

struct desk_counts {
	uint64_t questions; /* all of them                                       */
	uint64_t hits, range_hits, stale; /* from the cache; range_hits are hits  */
	uint64_t misses, joined; /* asked of registries; joined one that was asked */
	uint64_t answered, absent, partial, refused, failed; /* what came of those */
	uint64_t own; /* help, version, stats, special addresses                 */
	uint64_t errors; /* made no sense, or a server that is not asked          */
	uint64_t limited, busy; /* over the allowance; too many under way         */
};

struct desk;
struct desk_options {
	const struct settings *settings;
	const struct clock *clock;
	struct loop *loop;
	struct db *db; /* as upstream.h has it */
	/* One line more for `stats`: what only the sockets know. NULL: none. */
	void (*stats)(void *context, struct buffer *out);
	void *context;
};
MUST_CHECK struct desk *desk_new(const struct desk_options *options, struct error *err);
void desk_free(struct desk *desk); /* NULL is fine; nobody waits any more */

/* An answer: `head`, then the entry's text where there is one. */
struct desk_answer {
	size_t head_len;
	char head[HEAD_MAX];
	struct cache_entry *entry; /* held: desk_let_go(); NULL: the head is all */
};
void desk_let_go(struct desk *desk, struct desk_answer *answer);

/* True: `out` is the answer. False: the registries have to be asked: desk_wait() next, or
 * never.                                                                                */
bool desk_ask(struct desk *desk, struct slice line, const struct address *client,
	      struct desk_answer *out);
/* What desk_ask() was asked last. False: `waiter` is called with a struct desk_answer,
 * whose entry it has to hold (cache_hold()) if it wants it for longer. True: `out` says
 * why nothing is asked.                                                                 */
bool desk_wait(struct desk *desk, const struct address *client, struct waiter *waiter,
	       struct desk_answer *out);

void desk_renew_lists(struct desk *desk); /* as upstream.h has it */
bool desk_is_busy(const struct desk *desk);
struct desk_counts desk_counts(const struct desk *desk);
struct cache *desk_cache(struct desk *desk);

#endif
