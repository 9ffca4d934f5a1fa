/* incident/login.h - logins that worked, by source: whoever could log in before may fail
 * later without being an attacker (a changed password, a client that nobody thought of).
 *
 * They are kept by source and not by incident: nearly all of them belong to none, and the
 * failures may be read before them. Of each source, user and week the first one is kept,
 * for [judge] known-login. That is a set: order and split of the input change nothing.  */
#ifndef INCIDENT_LOGIN_H
#define INCIDENT_LOGIN_H

#include "conf/settings.h"
#include "db/db.h"
#include "incident/incident.h"

struct login_table;

struct login_table *login_table_new(const struct settings *settings, struct slice site,
				    struct db *db);
void login_table_free(struct login_table *table);

/* `source` is an address or a prefix's first. False: it found no room ([judge] sources). */
bool login_table_add(struct login_table *table, const struct address *source,
		     struct slice user, int64_t at);
/* Fills incident->logins, in `arena`. Logins from `suspect_at` on do not count: the source
 * was seen to guess its way in (0: it was not).                                          */
void login_table_find(const struct login_table *table, struct arena *arena,
		      int64_t suspect_at, struct incident *incident);
MUST_CHECK int login_table_save(struct login_table *table, struct error *err);
void login_table_forget(struct login_table *table);

/* Which logins count for an incident: those of this week or later, and until there. That is
 * the failure before which it would have been no possible compromise: to mistype once or
 * twice first does not make anybody a stranger.                                         */
struct login_reach {
	int64_t week, until;
};
struct login_reach login_reach(const struct incident *incident,
			       const struct settings *settings);
int64_t login_week(int64_t at);

/* Of those that count the incident gets the latest of every user whose name failed, the
 * latest user first; where there is none of these, the latest of any user. All are given,
 * then the end is told.                                                                  */
void logins_take(struct arena *arena, struct incident *incident,
		 const struct login *login);
void logins_end(struct incident *incident);

/* Whether a name that was tried is that of a user: case does not matter, nor whether one
 * of the two has a domain.                                                              */
bool login_is_of(struct slice user, struct slice tried);

/* So many acts at this time; what is not among the earliest EARLY_MAX is left out. */
void early_add(struct early *early, int64_t at, uint64_t times);

#endif
