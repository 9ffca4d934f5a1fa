/* contact/whois_readers.h - the grammars behind whois_read(), one per registry family.
 *
 * All take the offering to fill (its `out` zeroed but for what whois_read() knows), the
 * text and the address asked for (family 0: a handle or AS number was asked for).       */
#ifndef CONTACT_WHOIS_READERS_H
#define CONTACT_WHOIS_READERS_H

#include "contact/offer.h"
#include "registry/registries.h"

/* `registry` NULL: a server that is none of ours. */
void whois_rpsl_read(struct offering *offering, const struct registry *registry,
		     struct slice text, const struct address *about);
void whois_arin_read(struct offering *offering, const struct registry *registry,
		     struct slice text, const struct address *about);
void whois_lacnic_read(struct offering *offering, const struct registry *registry,
		       struct slice text, const struct address *about);
void whois_krnic_read(struct offering *offering, const struct registry *registry,
		      struct slice text, const struct address *about);
void whois_jpnic_read(struct offering *offering, const struct registry *registry,
		      struct slice text, const struct address *about);
void whois_twnic_read(struct offering *offering, const struct registry *registry,
		      struct slice text, const struct address *about);

#endif
