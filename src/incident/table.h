/* incident/table.h - events in, incidents out: one fixed place per source and window.
 *
 * With a store (`db` set) the table is a cache inside one transaction: what it touches is
 * loaded, incidents_save() writes it back, incidents_forget() empties it. Without one
 * (`detect`) it holds the whole pass: a source with a few acts costs its slot and those
 * acts, packed; from then on its lists are counted (incident/counted.h).
 *
 * An event of our own side, of a special or allow-listed source, and a contested event
 * never become an incident: they are counted. A success is kept only where failures of
 * the same source came before it in its window. Beyond [judge] sources the oldest source
 * with little to tell makes room for a new one; that is counted too.                    */
#ifndef INCIDENT_TABLE_H
#define INCIDENT_TABLE_H

#include "db/db.h"
#include "incident/crowd.h"
#include "incident/own.h"
#include "incident/incident.h"

struct incident_table;

struct incident_table_options {
	const struct settings *settings;
	const struct own_side *own;
	struct slice site; /* whose logs: tells agents apart; "" on one machine       */
	struct db *db; /* NULL: none                                               */
	bool bare; /* for counts alone: no line is kept, no id made           */
};

struct incident_table *incidents_new(const struct incident_table_options *options);
void incidents_free(struct incident_table *table);

/* `resolved_at` is when event->source was found for event->source_name; 0 otherwise.
 * -1 only when the store fails. With a store the event's texts must live until
 * incidents_save(), which is within the chunk they came from.                           */
MUST_CHECK int incidents_add(struct incident_table *table, const struct event *event,
			     int64_t resolved_at, struct error *err);

/* A hint, for tables without a store: these events are added next. What they will touch is
 * brought into the processor's cache all at once instead of one after the other.         */
enum { INCIDENTS_FETCH_MAX = 16 };
void incidents_fetch(const struct incident_table *table, const struct event *events,
		     size_t count);

size_t incidents_count(const struct incident_table *table);
size_t incidents_places(const struct incident_table *table); /* at least as many */
/* The next incident from *place on, which begins at 0, classified and not yet judged;
 * false behind the last one. Order: of first touch. It lives in `arena` and in the table,
 * until the table's next call.                                                          */
bool incidents_next(struct incident_table *table, size_t *place, struct arena *arena,
		    struct incident *out);

struct incident_refused { /* attempts that were not let in, and why                */
	const char *reason;
	uint64_t events;
};
struct incident_counts {
	uint64_t events, contested, successes_alone;
	uint64_t dropped; /* sources with little to tell that made room        */
	uint64_t crowded; /* acts of new sources that found none               */
	bool logins_crowded; /* some that worked found no room to be remembered   */
	struct incident_refused refused[16];
	size_t refused_count;
};
const struct incident_counts *incidents_counts(const struct incident_table *table);

/* Of the whole pass; only without a store. */
const struct crowds *incidents_crowds(const struct incident_table *table);

MUST_CHECK int incidents_save(struct incident_table *table, struct error *err);
void incidents_forget(struct incident_table *table);

#endif
