/* contact/offer.h - what all readers do with a candidate they found.
 *
 * Each candidate is cleaned on the way in: what is no address goes to `rejected` with the
 * reason. Example domains pass here; choice decides on them. At most OFFERS_MAX contacts
 * and as many rejected are kept of one answer (contacts.md S20), the first ones.        */
#ifndef CONTACT_OFFER_H
#define CONTACT_OFFER_H

#include "contact/reading.h"

enum { OFFERS_MAX = 64 };

/* Where the candidates of one answer come from and go to. */
struct offering {
	struct arena *arena;
	struct reading *out;
	struct slice server;
	enum found_by found_by;
	int64_t asked_at;
};

/* What the answer says about a candidate. */
struct offer {
	enum contact_role role;
	enum contact_scope scope;
	struct slice object; /* handle or key of the object that says so */
	struct range range; /* family 0: of no range                    */
	double confidence;
	bool suspect;
};

void offer_mail(struct offering *offering, struct slice raw, const struct offer *offer);
/* Every address that stands in free text. */
void offer_mails_in(struct offering *offering, struct slice text,
		    const struct offer *offer);
void offer_form(struct offering *offering, struct slice url, const struct offer *offer);
/* All contacts so far become rejected for `reason` (the block is not this registry's). */
void offers_withdraw(struct offering *offering, const char *reason);

#endif
