/* incident/store.h - incidents in the store. Inside the caller's transaction. */
#ifndef INCIDENT_STORE_H
#define INCIDENT_STORE_H

#include "conf/settings.h"
#include "db/db.h"
#include "incident/block.h"
#include "incident/incident.h"

/* What the store knows of an incident beside its counts. */
struct stored {
	char id[INCIDENT_ID_LEN +
		1]; /* as stored; "" while it is new                 */
	size_t sealed; /* evidence rows already written                 */
	bool in_case, changed;
	bool has_last; /* the newest line is not among the sealed ones  */
	struct evidence last;
};

struct stored_incident {
	struct incident incident;
	struct stored stored;
};
struct stored_list {
	struct stored_incident *at;
	size_t count, room;
};

/* All windows of the source (or name) and base category of `like`, oldest first. */
MUST_CHECK int incident_store_load(struct db *db, struct arena *arena,
				   struct slice site, const struct incident *like,
				   struct stored_list *out, struct error *err);
MUST_CHECK int incident_store_save(struct db *db, struct slice site,
				   const struct incident *incident,
				   struct stored *stored, struct error *err);

/* What we did about an address; save replaces all that is stored of it. */
MUST_CHECK int block_store_load(struct db *db, struct arena *arena, struct slice site,
				const struct address *address, struct blocks *out,
				struct error *err);
MUST_CHECK int block_store_save(struct db *db, struct slice site,
				const struct address *address,
				const struct blocks *blocks, struct error *err);
/* Fills incident->blocks of a stored incident. */
MUST_CHECK int block_store_of(struct db *db, struct arena *arena,
			      struct incident *incident, struct error *err);

/* A login that worked; the first one of its week stays. */
MUST_CHECK int login_store_add(struct db *db, struct slice site,
			       const struct address *source, const struct login *login,
			       struct error *err);
/* Fills incident->logins of a stored incident (incident/login.h). */
MUST_CHECK int login_store_of(struct db *db, struct arena *arena,
			      const struct settings *settings,
			      struct incident *incident, struct error *err);
/* Forgets those that count for no incident that is not stale. */
MUST_CHECK int login_store_prune(struct db *db, const struct settings *settings,
				 int64_t now, struct error *err);

/* For later stages: evidence complete (the newest line included), verdict as stored. */
MUST_CHECK int incident_store_get(struct db *db, struct arena *arena, struct slice id,
				  struct incident *out, struct error *err);
/* The same without evidence and blocks: all that a verdict needs. */
MUST_CHECK int incident_store_counts(struct db *db, struct arena *arena,
				     struct slice id, struct incident *out,
				     struct error *err);

/* Ids of incidents in which a login worked, last active since `since`, by their end; every
 * one for 0.                                                                             */
MUST_CHECK int incident_store_successes(struct db *db, struct arena *arena,
					int64_t since, struct slices *out,
					struct error *err);
MUST_CHECK int incident_store_judge(struct db *db, const struct incident *incident,
				    struct error *err);
/* A person's word on a possible compromise; ERROR_NOT_FOUND. */
MUST_CHECK int incident_store_answer(struct db *db, struct slice id,
				     struct slice answer, struct error *err);
/* On how many different UTC days this source did something of this kind, since `since`. */
MUST_CHECK int incident_store_days(struct db *db, const struct incident *incident,
				   int64_t since, int64_t *days, struct error *err);

#endif
