/* pipeline/watch.h - logs followed for as long as it takes, pass after pass.
 *
 * One loop: what the system tells of changes in folders, and once a second a look at all
 * logs all the same, end in a sweep: follow_look(), then pass_run() over what it lists.
 * A pass is the same as in `draft`, so whoever is killed when, nothing is lost or counted
 * twice. A store that is busy or full is tried again; meanwhile nothing is lost, because
 * no position moves.                                                                     */
#ifndef PIPELINE_WATCH_H
#define PIPELINE_WATCH_H

#include "incident/own.h"
#include "input/follow.h"
#include "os/loop.h"
#include "pipeline/pass.h"

struct watch;

/* What the watch says to whom started it. Slices and pointers live for the call. */
struct watch_listener {
	void *context;
	/* may be NULL */
	void (*event)(void *context, const struct event *event);
	/* a login that worked behind failures, unanswered: each once in a watch's life */
	void (*alarm)(void *context, const struct incident *incident);
	/* behind every sweep that read something */
	void (*read)(void *context, const struct pass_counts *counts);
	/* everything there was has been read: told once, and again behind every sweep */
	void (*rests)(void *context);
	/* logs that cannot be read, a store that is busy */
	void (*trouble)(void *context, struct slice text);
};

struct watch_options {
	struct loop *loop;
	struct pass
		pass; /* but table, event, stop and context, which are the watch's */
	const struct own_side *own;
	const char *const *names; /* as follow_options; borrowed                    */
	size_t count;
	struct follow
		*follow; /* of an earlier watch, whose logs it holds open; or NULL */
	bool no_logs; /* only what comes from elsewhere                       */
	bool keeps_incidents; /* false: events are told, and nothing is counted   */
	struct watch_listener listener;
};

struct watch *watch_new(const struct watch_options *options);
void watch_free(struct watch *watch); /* NULL is fine */
/* For the watch that comes after this one; this one is only good for watch_free() then. */
struct follow *watch_take_follow(struct watch *watch);

/* Until watch_stop(): 0. -1 and err where the store fails for good. */
MUST_CHECK int watch_run(struct watch *watch, struct error *err);
/* From any callback; the chunk at hand is counted and committed first. */
void watch_stop(struct watch *watch);
/* Something else than logs has lines for us: another source is swept with each sweep.
 * `sweep` reads what it has, up to a bound; 1 where there may be more.                   */
struct watch_source {
	int (*sweep)(void *context, const struct pass *pass, struct arena *arena,
		     struct pass_counts *counts, struct error *err);
	void *context;
};
void watch_add_source(struct watch *watch, const struct watch_source *source);
void watch_wake(struct watch *watch); /* a source has something */

#endif
