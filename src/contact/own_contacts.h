/* contact/own_contacts.h - the user's own word on who is told about what: first of all.
 *
 * Rows are "KEY ADDRESS", KEY being a range, an AS number or the domain of a confirmed
 * name: "198.51.100.0/24 desk@isp.example", "AS64500 noc@isp.example".                 */
#ifndef CONTACT_OWN_CONTACTS_H
#define CONTACT_OWN_CONTACTS_H

#include "base/error.h"
#include "contact/contact.h"

struct own_contact {
	struct range range; /* family 0: not about a range  */
	uint32_t number; /* 0: not about an AS number    */
	struct slice domain; /* empty: not about a domain    */
	struct slice address, key;
};
struct own_contacts {
	struct own_contact *at;
	size_t count, room;
};

/* ERROR_CONFIG names the row that is none. */
MUST_CHECK int own_contacts_read(struct arena *arena, const struct slices *rows,
				 struct own_contacts *out, struct error *err);
/* Adds those that are about the answer's address, origin, number or confirmed names. */
void own_contacts_apply(struct arena *arena, const struct own_contacts *own,
			const struct address *about, uint32_t number, int64_t now,
			struct contact_answer *answer);

#endif
