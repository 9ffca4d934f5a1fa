/* report/redact.h - an evidence line without what belongs to other people.
 *
 * Reference 2.12 and "must not": only what the reader needs. Kept: the source, our public
 * addresses, times, ports, common account names. Replaced: other user names and the local
 * parts of mail addresses by a keyed pseudonym ("user-7KQ2M": the same name, the same
 * pseudonym, RFC 6590), passwords, cookies, tokens and query values by "...", other
 * addresses by a word in brackets. "invalid user" goes: it tells which accounts exist.  */
#ifndef REPORT_REDACT_H
#define REPORT_REDACT_H

#include "report/facts.h"

struct redaction {
	const struct facts *facts;
	struct slice key; /* of the pseudonyms                                  */
	bool names, accounts, secrets, addresses; /* set where replaced         */
};

/* Any bytes in, any bytes out: escape it for its sink. */
struct slice redact_line(struct arena *arena, struct redaction *redaction,
			 const struct evidence *line);

#endif
