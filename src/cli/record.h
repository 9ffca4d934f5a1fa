/* cli/record.h - the JSON of events, incidents and cases (docs/json.md). */
#ifndef CLI_RECORD_H
#define CLI_RECORD_H

#include "case/case.h"
#include "incident/crowd.h"
#include "incident/store.h"
#include "json/writer.h"
#include "report/store.h"

void record_event(struct json_writer *writer, const struct event *event);
void record_incident(struct json_writer *writer, struct arena *arena,
		     const struct incident *incident);
void record_crowd(struct json_writer *writer, const struct crowd *crowd);
void record_case(struct json_writer *writer, const struct kase *kase,
		 const struct incident_ids *incidents,
		 const struct stored_reports *reports);

#endif
