/* incident/classify.h - what kind of attack an incident is, and whether it is worth a report.
 *
 * incident_classify  sets `category` from the rule's category and what was counted: probes
 *                    become a scan, a sweep or a dos; failures with a success become a
 *                    possible compromise.
 * incident_judge     sets verdict and reasons from the incident alone (DESIGN.md section
 *                    5); the case stage may lift a hold once network and history are known.
 * incident_logged_in whether its failures are those of somebody who could log in from there
 *                    before: they name such users (or nobody), and what they name besides
 *                    would be no attack by itself. Needs incident->logins.
 * reasons_tell_login whether these reasons are that a login had worked before.
 * incident_lift      makes a held incident a report for the reason given, if it is liftable. */
#ifndef INCIDENT_CLASSIFY_H
#define INCIDENT_CLASSIFY_H

#include "conf/settings.h"
#include "incident/incident.h"

void incident_classify(struct incident *incident, const struct settings *settings);
void incident_judge(struct arena *arena, struct incident *incident,
		    const struct settings *settings, int64_t now);
bool incident_logged_in(const struct incident *incident,
			const struct settings *settings);
bool reasons_tell_login(const struct slices *reasons);
void incident_lift(struct arena *arena, struct incident *incident, struct slice reason);

/* "3 hours", "40 minutes", "20 seconds". */
struct slice span_words(struct arena *arena, int64_t us);

#endif
