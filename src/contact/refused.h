/* contact/refused.h - mailboxes that refused mail for good, and forms that did not take a
 * report: somebody else is told.
 *
 * One that refused is passed over for REFUSED_KEPT_US; whoever mended it is then
 * found again. The next contact of the network takes its place, in the answer's own order,
 * whatever its role; then the abuse@ of a confirmed name. Nobody else does: the owner of a
 * domain may be the attacker, a CSIRT and an upstream are for a person to choose.        */
#ifndef CONTACT_REFUSED_H
#define CONTACT_REFUSED_H

#include "base/clock.h"
#include "contact/contact.h"
#include "db/db.h"

#define REFUSED_KEPT_US (90 * DAY_US)

struct refused {
	struct slice address, words; /* words untrusted */
	int64_t at;
};
struct refused_rows {
	struct refused *at;
	size_t count, room;
};

/* Inside the caller's transaction. */
MUST_CHECK int refused_add(struct db *db, struct slice address, int64_t at,
			   struct slice words, struct error *err);
MUST_CHECK int refused_list(struct db *db, struct arena *arena, int64_t since,
			    struct refused_rows *out, struct error *err);
/* Takes the refused ones off those chosen, and chooses the next mailbox where nobody is
 * left. The one that was passed over, into answer->passed_over as well; NULL: nobody.    */
const struct refused *refused_pass_over(const struct refused_rows *rows,
					struct contact_answer *answer);

#endif
