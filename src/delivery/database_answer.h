/* delivery/database_answer.h - what a public database's answer makes of a submission.
 *
 * body  untrusted; JSON is read up to DATABASE_ANSWER_MAX bytes.
 *
 *   2xx              sent, where the body says so: AbuseIPDB's "data" (docs.abuseipdb.com),
 *                    blocklist.de's "status"; anything else is no answer of theirs: in doubt
 *   429, 408, 503    deferred, not before Retry-After
 *   "15 minutes"     of AbuseIPDB, whatever its status: deferred by as much
 *   other 4xx, 3xx   failed: the key, the account, the form of the request
 *   other 5xx, none  in doubt: it may have been kept
 * The words hold the other side's text as it came, one line.                            */
#ifndef DELIVERY_DATABASE_ANSWER_H
#define DELIVERY_DATABASE_ANSWER_H

#include "delivery/handover.h"
#include "report/publication.h"

enum { DATABASE_ANSWER_MAX = 1024 * 1024 };

struct database_answer {
	long status; /* of HTTP; 0: there was no answer                      */
	struct slice body;
	int64_t retry_after_s; /* 0: not said                                    */
	struct slice problem; /* without an answer, why                       */
};
void database_answer_read(struct arena *arena, enum database database,
			  const struct database_answer *answer,
			  struct handover_end *out);

#endif
