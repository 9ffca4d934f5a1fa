/* incident/retold.h - acts that several tell are counted once.
 *
 * A failed login stands in auth.log; fail2ban, which read that log, tells it again in its
 * own log and in its database; CrowdSec may tell it too, and Suricata saw it on the wire.
 * Nothing says which telling is of which act. So each teller's acts are counted by its
 * name in the list of rules (the rules that read logs are one teller), and the incident
 * counts what the most talkative one told: never too many, whatever is read first.      */
#ifndef INCIDENT_RETOLD_H
#define INCIDENT_RETOLD_H

#include "incident/incident.h"

/* By how much the incident's count grows with this attempt, before it is counted. */
uint64_t retold_gain(const struct incident *incident, const struct event *event);

#endif
