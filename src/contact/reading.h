/* contact/reading.h - what one answer of one server says. Parsers fill it, choice ranks.
 *
 * Each reader takes the whole untrusted answer (capped by the caller at READING_MAX_BYTES)
 * and the address asked for; it never fails on odd text, it just finds less. Only objects
 * whose range contains the address count (contacts.md S23).                             */
#ifndef CONTACT_READING_H
#define CONTACT_READING_H

#include "base/clock.h"
#include "base/error.h"
#include "contact/contact.h"
#include "registry/registries.h"

enum { READING_MAX_BYTES = 2 * 1024 * 1024 };

enum reading_state {
	READING_ANSWER, /* the server speaks for this address                     */
	READING_ELSEWHERE, /* "not here": a placeholder block, ERX, transferred, stub */
	READING_NOTHING, /* the server's "not found"                               */
	READING_REFUSED, /* rate limit, denied, temporary failure: never cached    */
};

struct reading {
	enum reading_state state;
	bool has_network;
	struct network network; /* the most specific that contains the address   */
	struct origins origin;
	struct contacts contacts; /* uncleaned candidates already cleaned, unranked */
	struct contacts_rejected rejected;
	bool has_referral;
	struct referral referral; /* where the answer says to go on                */
	struct slice registry_hint; /* "apnic", "jpnic", ...: registry that holds it */
	struct slice
		handle_query; /* a handle that must be asked next (JPNIC, rwhois) */
	struct slice note; /* server's own words on refusal or validation   */
};

/* `server` picks the grammar by host name; unknown hosts get the generic one. */
void whois_read(struct arena *arena, struct slice server, struct slice text,
		const struct address *about, int64_t asked_at, struct reading *out);
/* RDAP ip network, autnum, entity and domain objects (RFC 9083); -1 ERROR_SYNTAX where
 * it is not RDAP at all (HTML with 200, broken JSON).                                  */
struct rdap_question {
	struct slice server;
	const struct address *about; /* family 0: no address was asked for */
	int64_t asked_at;
};
MUST_CHECK int rdap_read(struct arena *arena, struct slice json,
			 const struct rdap_question *question, struct reading *out,
			 struct error *err);
/* Domain whois: registrar's abuse contact, administrative, technical, billing contacts,
 * and the registrar's whois server as referral.                                        */
void whois_domain_read(struct arena *arena, struct slice server, struct slice text,
		       struct slice domain, int64_t asked_at, struct reading *out);
void rwhois_read(struct arena *arena, struct slice server, struct slice text,
		 const struct address *about, int64_t asked_at, struct reading *out);

#endif
