/* delivery/leave_database.h - may this submission to a public database leave now? Behind
 * leave.h, which asks it in place of the caps on mail.
 *
 * Looked at: it is configured still; nobody forbade to ask anybody (--offline); the manners
 * of each database: an address not twice within 15 minutes (AbuseIPDB, blocklist.de), a mail
 * not within an hour of the one before (DShield); and [databases] cap-day.               */
#ifndef DELIVERY_LEAVE_DATABASE_H
#define DELIVERY_LEAVE_DATABASE_H

#include "delivery/leave.h"

bool leave_is_database(const struct leave_question *question);
MUST_CHECK int leave_database(const struct leave_question *question,
			      struct leave_answer *out, struct error *err);

#endif
