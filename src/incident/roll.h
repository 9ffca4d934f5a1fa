/* incident/roll.h - the names of very many incidents in order, outside of memory.
 *
 * They stand in a table of the connection's own temporary file, which nobody else sees and
 * which goes with the connection. There is one roll for each use: filling it empties it
 * first. A roll has parts, numbered from 0; in most of them each is one incident. What it
 * names may have another name by the time it is read.                                    */
#ifndef INCIDENT_ROLL_H
#define INCIDENT_ROLL_H

#include "db/db.h"
#include "incident/incident.h"

enum incident_roll_use {
	INCIDENTS_JUDGED, /* by a run of draft; by their end              */
	INCIDENTS_SHOWN, /* the same, the gravest verdict first          */
	INCIDENTS_OF_CASE, /* by source                                    */
	INCIDENTS_TOLD, /* of a case in the order of a memo: a part is a source */
};

struct incident_roll {
	struct db *db;
	enum incident_roll_use use;
	size_t count; /* of its parts */
};

/* For who fills it (the stages' stores): an empty one, and the end of filling it. */
MUST_CHECK int incident_roll_begin(struct db *db, enum incident_roll_use use,
				   struct incident_roll *out, struct error *err);
MUST_CHECK int incident_roll_end(struct incident_roll *roll, struct error *err);

/* INCIDENTS_JUDGED: all there are. */
MUST_CHECK int incident_roll_all(struct db *db, struct incident_roll *out,
				 struct error *err);
/* INCIDENTS_SHOWN: those of `from` by their verdicts as they are stored. */
MUST_CHECK int incident_roll_by_verdict(const struct incident_roll *from,
					struct incident_roll *out, struct error *err);

struct incident_name {
	char text[INCIDENT_ID_LEN + 1];
};
/* The only one of a part, and all of a part. */
MUST_CHECK int incident_roll_get(const struct incident_roll *roll, size_t part,
				 struct incident_name *out, struct error *err);
MUST_CHECK int incident_roll_part(const struct incident_roll *roll, size_t part,
				  struct arena *arena, struct slices *out,
				  struct error *err);

/* How many sources they are of; each counts once, by its gravest verdict. */
struct source_counts {
	uint64_t all, of_verdict[VERDICT_REPORT + 1];
};
MUST_CHECK int incident_roll_sources(const struct incident_roll *roll,
				     struct source_counts *out, struct error *err);

#endif
