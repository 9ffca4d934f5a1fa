/* pipeline/resolve.h - addresses for sources that were logged as names.
 *
 * A name becomes a source only where it leads to an address whose own reverse name leads
 * back to it (RFC 8601 iprev); anything else stays a name and names nobody.              */
#ifndef PIPELINE_RESOLVE_H
#define PIPELINE_RESOLVE_H

#include "contact/find.h"
#include "event/event.h"

struct resolution {
	struct slice name;
	struct address address; /* family 0: it does not lead to one                  */
	int64_t at;
};
struct resolutions {
	struct resolution *at;
	size_t count, room;
};

MUST_CHECK int events_resolve(struct finder *finder, struct arena *arena,
			      const struct events *events, struct resolutions *out,
			      struct error *err);
/* Sets the event's source where its name was resolved; when, or 0. */
int64_t resolution_apply(const struct resolutions *names, struct event *event);

#endif
