/* case/store.h - cases, notes and the record of who did what, in the store.
 *
 * Inside the caller's transaction where it writes. Changes of state name the state they
 * expect: ERROR_RETRY where somebody else changed it meanwhile.                          */
#ifndef CASE_STORE_H
#define CASE_STORE_H

#include "case/case.h"
#include "db/db.h"
#include "incident/roll.h"
#include "incident/store.h"

MUST_CHECK int case_store_get(struct db *db, struct arena *arena, struct slice id,
			      struct kase *out, struct error *err);
/* Newest window first; `all` adds the closed ones. */
MUST_CHECK int case_store_list(struct db *db, struct arena *arena, bool all,
			       struct kases *out, struct error *err);

/* The case a new incident of this contact (or network) belongs to: one still open or
 * approved that is not further away in time than `reach`, which then spans it too, else a
 * new one. So what waits for a person is one case per contact, however many days it took. */
struct case_place {
	struct slice contact, network;
	int64_t first, last; /* of the incident */
	int64_t reach;
};
/* 1 found, 0 none, -1. */
MUST_CHECK int case_store_near(struct db *db, const struct case_place *place,
			       struct kase *out, struct error *err);
/* A new one like `kase`, which gets its id; on record. */
MUST_CHECK int case_store_open(struct db *db, struct kase *kase, int64_t now,
			       struct error *err);
/* It reaches from `first` to `last` at least. */
MUST_CHECK int case_store_span(struct db *db, struct slice id, int64_t first,
			       int64_t last, struct error *err);
MUST_CHECK int case_store_add(struct db *db, struct slice id, struct slice incident,
			      struct error *err);
MUST_CHECK int case_store_remove(struct db *db, struct slice incident,
				 struct error *err);
/* The case that holds an incident; id "" for none. */
struct case_held {
	struct slice id, contact, network;
	enum case_state state;
};
MUST_CHECK int case_store_holding(struct db *db, struct arena *arena,
				  struct slice incident, struct case_held *out,
				  struct error *err);
/* Its incidents, by source (INCIDENTS_OF_CASE); how many they are. */
MUST_CHECK int case_store_incidents(struct db *db, struct slice id,
				    struct incident_roll *out, struct error *err);
MUST_CHECK int case_store_count(struct db *db, struct slice id, int64_t *out,
				struct error *err);
/* The same in the order of a memo (INCIDENTS_TOLD): whose first incident ended first is the
 * first source, and all incidents of a source are one part.                              */
MUST_CHECK int case_store_told(struct db *db, struct slice id,
			       struct incident_roll *out, struct error *err);
/* Contact facts as found last. */
MUST_CHECK int case_store_describe(struct db *db, const struct kase *kase, int64_t now,
				   struct error *err);
struct case_change {
	struct slice id;
	enum case_state from, to;
	struct slice outcome; /* in a person's words, may be empty */
	int64_t at;
};
MUST_CHECK int case_store_state(struct db *db, const struct case_change *change,
				struct error *err);
/* How the desk calls it, for the subjects of what follows; empty takes it back. */
enum { CASE_TAG_MAX = 100 };
MUST_CHECK int case_store_tag(struct db *db, struct slice id, struct slice tag,
			      struct error *err);
/* The desk answered: by a mail of this Message-ID, or (empty) otherwise. An older answer
 * changes nothing.                                                                      */
MUST_CHECK int case_store_answer(struct db *db, struct slice id, int64_t at,
				 struct slice message_id, struct error *err);
/* A case without incidents and reports is nobody's: it goes. */
MUST_CHECK int case_store_prune(struct db *db, struct error *err);

struct audit_row {
	int64_t at;
	struct slice actor, verb, words;
};
struct audit_rows {
	struct audit_row *at;
	size_t count, room;
};
/* Who runs this program: the name of the effective user. */
struct slice audit_actor(struct arena *arena);
MUST_CHECK int audit_add(struct db *db, int64_t now, const char *verb,
			 struct slice object, struct slice words, struct error *err);
MUST_CHECK int audit_list(struct db *db, struct arena *arena, struct slice object,
			  struct audit_rows *out, struct error *err);

#endif
