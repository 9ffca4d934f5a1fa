/* incident/tally.h - bounded sets of texts, and of hosts of ours, with their counts. */
#ifndef INCIDENT_TALLY_H
#define INCIDENT_TALLY_H

#include "incident/incident.h"
#include "incident/sketch.h"

/* How many different ones: exact while all are in the list, else about. */
uint64_t tally_distinct(const struct tally *tally);
uint64_t targets_distinct(const struct incident_targets *targets);

/* "1 port", "7 ports", "about 1,400 ports"; where an old store has no estimate, "more than
 * 64 ports".                                                                            */
struct slice tally_words(struct arena *arena, const struct tally *tally,
			 const char *one, const char *many);
struct slice targets_words(struct arena *arena, const struct incident_targets *targets,
			   const char *one, const char *many);

/* An estimate, to two digits: "1,400". */
struct slice about_words(struct arena *arena, uint64_t count);

/* Adds `from` to `into`, which lists at most `max`. Texts are borrowed. */
void tally_merge(struct arena *arena, struct tally *into, const struct tally *from,
		 size_t max);
void targets_merge(struct arena *arena, struct incident_targets *into,
		   const struct incident_targets *from, size_t max);

/* For sketches: targets are one where they have one address, or none and one name. */
uint64_t target_hash(const struct incident_target *target);

#endif
