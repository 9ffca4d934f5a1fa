/* pipeline/lone.h - logins that worked and had no failures before them, so far.
 *
 * Logs are read one after the other: the failures may stand in one that is read later. At
 * the end of a pass each is offered to the table once more. Kept in memory only and capped:
 * nearly all of them are people who simply logged in.                                     */
#ifndef PIPELINE_LONE_H
#define PIPELINE_LONE_H

#include "db/db.h"
#include "incident/table.h"
#include "pipeline/resolve.h"

enum { LONE_MAX = 65536 };

struct lone {
	struct event event;
	int64_t resolved_at;
};
struct lones {
	struct lone *at;
	size_t count, room;
};

/* incidents_add() of all, with the address that a source's name led to, and to `alone` what
 * the table had no use for.                                                             */
MUST_CHECK int events_add(struct incident_table *table, const struct events *events,
			  const struct resolutions *names, struct arena *arena,
			  struct lones *alone, struct error *err);
/* Copies of `from`, in `arena`: what was added is counted for good. */
void lone_keep(struct arena *arena, const struct lones *from, struct lones *kept);
/* In a transaction of its own where there is a store. */
MUST_CHECK int lone_retry(struct incident_table *table, struct db *db,
			  const struct lones *kept, struct error *err);

#endif
