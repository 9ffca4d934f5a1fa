/* contact/suppression.h - who asked not to be mailed: honoured everywhere, at once.
 *
 * A key is a mail address or the URL of a form, a domain (its sub-domains and the forms
 * there included) or a range. RFC 6650
 * section 5.1: recipients must be able to make reports stop.                             */
#ifndef CONTACT_SUPPRESSION_H
#define CONTACT_SUPPRESSION_H

#include "contact/contact.h"
#include "db/db.h"

struct suppression {
	struct slice scope, key,
		reason; /* scope: address, domain, network            */
	int64_t at;
};
struct suppressions {
	struct suppression *at;
	size_t count, room;
};

/* Which scope a key has; ERROR_SYNTAX where it is none of the three. */
MUST_CHECK int suppression_scope(struct arena *arena, struct slice key,
				 struct suppression *out, struct error *err);
MUST_CHECK int suppression_add(struct db *db, const struct suppression *row,
			       struct error *err);
MUST_CHECK int suppression_remove(struct db *db, const struct suppression *row,
				  struct error *err);
MUST_CHECK int suppression_list(struct db *db, struct arena *arena,
				struct suppressions *out, struct error *err);
/* The row that forbids mail to `address` about `range` (family 0: any), NULL for none. */
const struct suppression *suppression_match(const struct suppressions *rows,
					    struct slice address,
					    const struct range *range);

#endif
