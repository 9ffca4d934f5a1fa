/* cli/record.h - the JSON of events, incidents and cases (docs/json.md). */
#ifndef CLI_RECORD_H
#define CLI_RECORD_H

#include "case/case.h"
#include "incident/crowd.h"
#include "incident/roll.h"
#include "json/writer.h"
#include "report/store.h"

void record_event(struct json_writer *writer, const struct event *event);
void record_incident(struct json_writer *writer, struct arena *arena,
		     const struct incident *incident);
void record_crowd(struct json_writer *writer, const struct crowd *crowd);
struct record_of_case {
	const struct settings *settings; /* whose particulars stand in a form */
	const struct kase *kase;
	const struct incident_roll *incidents;
	const struct stored_reports *reports;
};
/* -1 where its incidents or a form cannot be read. */
MUST_CHECK int record_case(struct json_writer *writer, struct arena *arena,
			   const struct record_of_case *given, struct error *err);

#endif
