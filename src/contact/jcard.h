/* contact/jcard.h - vCards in JSON (RFC 7095) as RDAP carries them, wrong ones included. */
#ifndef CONTACT_JCARD_H
#define CONTACT_JCARD_H

#include "base/arena.h"
#include "json/reader.h"

/* The full name ("fn"), else the organisation ("org"); empty where there is none. */
struct slice jcard_name(const struct json_value *vcard_array);

/* The mail addresses, raw. For abuse those marked so: type "abuse" (RIPE), else pref 1
 * (APNIC puts its abuse mailbox there), else all of them.                               */
void jcard_mails(struct arena *arena, const struct json_value *vcard_array,
		 bool for_abuse, struct slices *out);

#endif
