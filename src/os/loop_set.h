/* os/loop_set.h - many descriptors under one watch of the loop.
 *
 * A connection that lives for one question costs a loop_watch more than the question: here
 * it is one system call to watch it and none to end that, because a descriptor that is
 * closed leaves the set by itself. So close a member only when nothing duplicated it.
 *
 * `ready` is told which of LOOP_READ and LOOP_WRITE, with an error or hang-up as both. A
 * member that `ready` closes may have another event in the same turn: who frees what
 * `member` points at does so after the turn (`turned`, called when it is over).          */
#ifndef OS_LOOP_SET_H
#define OS_LOOP_SET_H

#include "os/loop.h"

struct loop_set;
struct loop_set_options {
	struct loop *loop;
	void (*ready)(void *context, void *member, int events);
	void (*turned)(void *context);
	void *context;
};

MUST_CHECK struct loop_set *loop_set_new(const struct loop_set_options *options,
					 struct error *err);
void loop_set_free(struct loop_set *set); /* NULL is fine; members stay open */
/* `events` 0: errors and hang-ups alone. */
MUST_CHECK int loop_set_add(struct loop_set *set, int fd, int events, void *member,
			    struct error *err);
MUST_CHECK int loop_set_change(struct loop_set *set, int fd, int events, void *member,
			       struct error *err);

#endif
