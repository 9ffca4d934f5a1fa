/* proxy/absence.h - servers that were out of reach a moment ago.
 *
 * Where an old answer of theirs is kept it is given at once: nobody waits for a dead server
 * once more. A question without an old answer asks all the same, for the server may be back
 * and one question that it does not answer is no reason to refuse the others.            */
#ifndef PROXY_ABSENCE_H
#define PROXY_ABSENCE_H

#include "base/clock.h"
#include "base/slice.h"

#define ABSENCE_US MINUTE_US

struct absences;

struct absences *absences_new(void);
void absences_free(struct absences *absences); /* NULL is fine */
/* Longer names than a host can have are not noted. `now` is the real time. */
void absence_note(struct absences *absences, struct slice host, int64_t now);
/* The first of "whois.iana.org, whois.ripe.net" that is absent; empty: none. Borrowed
 * until the next note.                                                                  */
struct slice absence_among(const struct absences *absences, struct slice servers,
			   int64_t now);

#endif
