/* incident/told.h - an incident that another tipoff counted: its JSON record, read back.
 *
 * What record_incident() (cli/record.h) wrote, untrusted: everything is capped and parsed
 * as strictly as a log. `base` and `peak` are taken from the category where an older
 * version did not write them. Strings live in `arena`. False where it is no such record. */
#ifndef INCIDENT_TOLD_H
#define INCIDENT_TOLD_H

#include "incident/incident.h"

bool told_read(struct arena *arena, struct slice record, struct incident *out);

#endif
