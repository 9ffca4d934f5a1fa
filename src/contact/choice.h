/* contact/choice.h - rejecting and ranking of candidates.
 *
 * contact_rejection   why an address must never receive a report (a registry's own box,
 *     a placeholder, contacts.md 2.9), NULL if it may. `network` lifts the ban where the
 *     range is the registry's own.
 * contacts_rank       orders by kind of role, scope, provenance, validation, range and
 *     confidence; removes doubles keeping the surer one; moves what must not be mailed
 *     to `rejected`; sets `chosen` on the one a report goes to: an abuse contact of
 *     network, organisation or parent (its form where its desk takes nothing else, or
 *     where it has no mailbox), the user's own before all, never a suspect one
 *     where another exists, a second source's only where no registry names one; where
 *     there is none at all the abuse@ by convention of a confirmed name's domain. Where
 *     a domain alone was asked for, its registrar's abuse contact is chosen, never the
 *     domain's own mailboxes, which may be the attacker's. CSIRT and upstream are for a
 *     person to choose.                                                              */
#ifndef CONTACT_CHOICE_H
#define CONTACT_CHOICE_H

#include "base/error.h"
#include "contact/contact.h"

const char *contact_rejection(struct slice address, const struct network *network,
			      bool documentation_public);
void contacts_rank(struct arena *arena, struct contact_answer *answer,
		   bool documentation_public);
/* Whether a report may go to this one where the one chosen refused it: the mailboxes of
 * the network itself, in whatever role, its desk's form, and what contacts_rank() might
 * have chosen.                                                                          */
bool contact_may_stand_in(const struct contact *contact, bool domain_alone);

#endif
