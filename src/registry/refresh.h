/* registry/refresh.h - IANA's lists of RDAP servers, kept fresh by themselves.
 *
 * They are fetched again once their server's own word on how long they stay as they are has
 * passed (RFC 9224 section 8), at most once a day; a week after, where it said nothing; a
 * day after it failed. What is fetched is what 'registry update --only bootstrap' fetches,
 * under the same checks, and carries nothing about anybody.                             */
#ifndef REGISTRY_REFRESH_H
#define REGISTRY_REFRESH_H

#include "registry/fetch.h"

/* Whether one of them would be fetched now. */
bool bootstrap_is_due(struct arena *arena, const struct settings *settings,
		      const struct clock *clock, struct slice folder);
/* `folder` is that of the dumps. -1 and err: it was due and failed; what is there stays.
 * Where another process is fetching, the folder is not ours to write, or no server said
 * anything, nothing is said.                                                            */
MUST_CHECK int bootstrap_refresh(struct arena *arena, const struct settings *settings,
				 const struct clock *clock, struct slice folder,
				 struct error *err);

#endif
