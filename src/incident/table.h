/* incident/table.h - events in, incidents out: one fixed place per source and window.
 *
 * With a store (`db` set) the table is a cache inside one transaction: what it touches is
 * loaded, incidents_save() writes it back, incidents_forget() empties it. Without one
 * (`detect`) it holds the whole pass.
 *
 * An event of our own side, of a special or allow-listed source, and a contested event
 * never become an incident: they are counted. A success is kept only where failures of
 * the same source came before it in its window.                                         */
#ifndef INCIDENT_TABLE_H
#define INCIDENT_TABLE_H

#include "db/db.h"
#include "incident/own.h"
#include "incident/incident.h"

struct incident_table;

struct incident_table_options {
	const struct settings *settings;
	const struct own_side *own;
	struct slice site; /* whose logs: tells agents apart; "" on one machine       */
	struct db *db; /* NULL: none                                               */
};

struct incident_table *incidents_new(const struct incident_table_options *options);
void incidents_free(struct incident_table *table);

/* `resolved_at` is when event->source was found for event->source_name; 0 otherwise.
 * -1 only when the store fails.                                                         */
MUST_CHECK int incidents_add(struct incident_table *table, const struct event *event,
			     int64_t resolved_at, struct error *err);

/* Classified, not yet judged. Order: of first touch. Valid until forget or free. */
size_t incidents_count(const struct incident_table *table);
struct incident *incidents_at(struct incident_table *table, size_t index);

struct incident_refused { /* attempts that were not let in, and why                */
	const char *reason;
	uint64_t events;
};
struct incident_counts {
	uint64_t events, contested, successes_alone;
	struct incident_refused refused[16];
	size_t refused_count;
};
const struct incident_counts *incidents_counts(const struct incident_table *table);

MUST_CHECK int incidents_save(struct incident_table *table, struct error *err);
void incidents_forget(struct incident_table *table);

#endif
