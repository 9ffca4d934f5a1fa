/* contact/servers.h - how each registry's WHOIS server wants to be asked, and whose
 * referral may lead where (contacts.md 2.11). The servers stand in registry/registries.h. */
#ifndef CONTACT_SERVERS_H
#define CONTACT_SERVERS_H

#include "base/arena.h"
#include "registry/registries.h"

enum { WHOIS_PORT = 43, RWHOIS_PORT = 4321 };

/* The line to send, without its end. Unknown servers get the bare address or number. */
struct slice server_address_query(struct arena *arena, struct slice host,
				  const struct address *address);
struct slice server_number_query(struct arena *arena, struct slice host,
				 uint32_t autnum);
/* By how the registries end their handles ("-RIPE", "-AP", ...); NULL. */
const struct registry *server_of_handle(struct slice handle);

/* The registries may name each other; any other host is followed only where ARIN names
 * it as ReferralServer, and only to the ports of WHOIS and RWhois. NULL, or why not.    */
const char *server_referral_refusal(struct slice from, const struct referral *to);

#endif
