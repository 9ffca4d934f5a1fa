/* contact/choice.h - cleaning, rejecting and ranking of candidates.
 *
 * mail_address_clean  takes an address as registries write it ("a@b <a@b>", "a@b,",
 *     "[email]a@b[/email]", upper case ...: contacts.md 2.10), parses it strictly and
 *     re-serialises it: lower case but for quoted names, since one desk is one contact
 *     however it is spelt, and only the first where several stand. -1 with the reason in err (ERROR_SYNTAX). Never returns CR, LF,
 *     NUL, controls, spaces outside quotes, a leading dash, over 254 bytes, IP literals,
 *     a domain without a dot, percent or bang routes.
 * contact_rejection   why an address must never receive a report (a registry's own box,
 *     a placeholder, contacts.md 2.9), NULL if it may. `network` lifts the ban where the
 *     range is the registry's own.
 * contacts_rank       orders by kind of role, scope, provenance, validation, range and
 *     confidence; removes doubles keeping the surer one; moves what must not be mailed
 *     to `rejected`; sets `chosen` on the one a report goes to: an abuse contact of
 *     network, organisation or parent, never a suspect one where another exists; where
 *     there is none at all the abuse@ by convention of a confirmed name's domain. A
 *     registrar's abuse contact is chosen only where a domain alone was asked for. CSIRT
 *     and upstream are for a person to choose.                                       */
#ifndef CONTACT_CHOICE_H
#define CONTACT_CHOICE_H

#include "base/error.h"
#include "contact/contact.h"

MUST_CHECK int mail_address_clean(struct arena *arena, struct slice raw,
				  bool documentation_public, struct slice *out,
				  struct error *err);
/* Whether a clean address is at `domain` or a name below it. */
bool mail_address_in(struct slice address, struct slice domain);
const char *contact_rejection(struct slice address, const struct network *network,
			      bool documentation_public);
void contacts_rank(struct arena *arena, struct contact_answer *answer,
		   bool documentation_public);

#endif
