/* pipeline/pass.h - one pass over logs: lines to events to incidents.
 *
 * Per chunk: match all its lines, resolve sources that were logged as names (where a
 * finder is given), then in one transaction check that nobody else read on, count, save
 * the incidents and the new position. A chunk that somebody else took first is rolled
 * back and reading goes on from where they stand, so nothing counts twice.
 *
 * Without a store (`db` NULL) nothing is saved and the table holds everything.           */
#ifndef PIPELINE_PASS_H
#define PIPELINE_PASS_H

#include "contact/find.h"
#include "event/matcher.h"
#include "incident/table.h"
#include "input/find.h"

struct pass {
	const struct settings *settings;
	const struct clock *clock;
	const struct rules *rules;
	const struct zone *zone;
	struct incident_table *table;
	struct db *db; /* NULL: none                                         */
	bool only_rules; /* the rules were named: structured formats are not read   */
	struct finder *finder; /* resolves names; NULL: they stay names              */
	/* all may be NULL */
	void (*event)(void *context, const struct event *event);
	void (*progress)(void *context, uint64_t bytes_done, uint64_t bytes_all);
	bool (*stop)(
		void *context); /* asked behind each chunk: true ends the pass there */
	void *context;
};

struct pass_counts {
	uint64_t files, lines, bytes; /* read this time                              */
	uint64_t events;
	uint64_t files_unchanged; /* nothing new in them                         */
	uint64_t torn_lines; /* rests of lines whose beginning was taken last time  */
	uint64_t undated, limited, contested, bad_address;
	uint64_t forged; /* lines that do not seem to be their log's own       */
	uint64_t unfinished; /* last lines without an end, left             */
	struct incident_counts counted; /* what the table made of the events         */
};

/* Reads `files` in their order; what cannot be read becomes a problem in files->problems
 * and the rest is read. -1 only where the store fails.                                   */
MUST_CHECK int pass_run(const struct pass *pass, struct arena *arena,
			struct input_files *files, struct pass_counts *counts,
			struct error *err);

#endif
