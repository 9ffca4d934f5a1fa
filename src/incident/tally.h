/* incident/tally.h - bounded sets of texts with counts. */
#ifndef INCIDENT_TALLY_H
#define INCIDENT_TALLY_H

#include "incident/incident.h"

/* Adds `count` to the text's item, or to `beyond` once INCIDENT_LIST_MAX texts are in.
 * The text is copied into `arena` (cut at 256 bytes) when it is new; empty is ignored.   */
void tally_add(struct tally *tally, struct arena *arena, struct slice text,
	       uint64_t count);
/* Distinct texts, at least: `beyond` counts as one more. */
uint64_t tally_distinct(const struct tally *tally);

#endif
