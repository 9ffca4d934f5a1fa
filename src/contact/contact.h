/* contact/contact.h - who is responsible for an address, with provenance.
 *
 * Plain values; slices live in the arena given to the call that made them. The answer is
 * a ranked list, never one bare string; everything rejected stays in it with a reason.   */
#ifndef CONTACT_CONTACT_H
#define CONTACT_CONTACT_H

#include "base/arena.h"
#include "net/address.h"

enum contact_kind { CONTACT_EMAIL, CONTACT_FORM, CONTACT_API };
enum contact_scope {
	SCOPE_NETWORK, /* of the range itself             */
	SCOPE_ORGANISATION, /* of the organisation that holds it */
	SCOPE_PARENT, /* of the range above it           */
	SCOPE_DOMAIN, /* of a confirmed name's domain    */
	SCOPE_CSIRT,
	SCOPE_UPSTREAM,
};
enum found_by {
	FOUND_RDAP,
	FOUND_WHOIS,
	FOUND_RWHOIS,
	FOUND_INDEX,
	FOUND_DNS,
	FOUND_TABLE,
	FOUND_CONVENTION, /* security@, abuse@ of the domain (RFC 2142) */
	FOUND_USER, /* the user's own configuration                */
	FOUND_SECOND, /* a second source, asked only where switched on */
	FOUND_WEB, /* security.txt (RFC 9116)                     */
};
/* What the registry says the mailbox is for: the wide list is everything not abuse. */
enum contact_role {
	ROLE_ABUSE,
	ROLE_ADMINISTRATIVE,
	ROLE_TECHNICAL,
	ROLE_BILLING,
	ROLE_REGISTRANT,
	ROLE_MAILBOX, /* role mailboxes by convention */
};
const char *contact_kind_name(enum contact_kind kind);
const char *contact_scope_name(enum contact_scope scope);
const char *found_by_name(enum found_by found_by);
const char *contact_role_name(enum contact_role role);

struct contact {
	struct slice address; /* cleaned and re-serialised (RFC 5321), or a URL       */
	enum contact_kind kind;
	enum contact_scope scope;
	enum contact_role role;
	enum found_by found_by;
	struct slice
		server; /* "whois.ripe.net", "https://rdap...", file of the index */
	struct slice object; /* registry object that said so: handle, nic-hdl, key    */
	struct range range; /* it speaks for; first.family 0 for domains             */
	double confidence; /* 0 to 1                                                */
	int64_t checked_at; /* when the data was asked for, or the dump's date       */
	/* of the table of providers, each may be empty: */
	struct slice wants; /* what its desk wants to see                             */
	struct slice
		format; /* the machine-readable parts it reads, as [contact] format */
	struct slice
		terms; /* of its own that attacks break: "section 8.1 of your ..." */
	struct slice
		mailbox; /* of a form: the mailbox whose desk it is; may be empty  */
	bool only; /* its desk takes nothing else: mail is not read          */
	bool suspect; /* the registry marks it as failing validation           */
	bool chosen; /* the one (or ones) a report goes to                    */
};
/* A form's URL, no mail address: those cannot begin so (RFC 5321 4.1.2). */
bool contact_is_url(struct slice address);
/* Printable, one word, and nothing that a shell, a page or a terminal takes for more. */
bool contact_url_valid(struct slice url);
/* It came over a connection that anybody on the way could have changed: WHOIS, RWhois,
 * HTTP without TLS. What RDAP over TLS says is asked first.                             */
bool contact_unencrypted(const struct contact *contact);
struct contacts {
	struct contact *at;
	size_t count, room;
};
struct contact_rejected {
	struct slice address; /* escaped by the sink, as found          */
	struct slice reason; /* "a registry's own box", "no dot in ..." */
};
struct contacts_rejected {
	struct contact_rejected *at;
	size_t count, room;
};

struct network {
	struct range range;
	struct slice handle, name, organisation, country,
		registry; /* "ripe", "arin", ... */
	int64_t looked_up_at;
	struct slice
		found_in; /* "whois.ripe.net", "RIPE dump of 2026-11-20", ...      */
};
struct origins {
	uint32_t *at;
	size_t count, room;
};
struct source_name {
	struct slice name;
	bool confirmed; /* forward-confirmed (FCrDNS, RFC 8601 iprev) */
};
struct source_names {
	struct source_name *at;
	size_t count, room;
};

/* One look-up's whole answer. */
struct contact_answer {
	struct slice query; /* as asked                                          */
	struct address address; /* asked or resolved; family 0: none                 */
	struct address
		reported_as; /* the IPv4 inside 6to4, Teredo, NAT64; family 0     */
	struct slice special; /* "private use (RFC 1918)"; empty: a public address */
	struct source_names names;
	bool has_network;
	struct network network;
	struct origins origin; /* AS numbers                                        */
	struct contacts
		contacts; /* best first                                        */
	struct contacts_rejected rejected;
	struct slices servers; /* asked, in order: "rdap https://...", "whois ..."  */
	struct slices problems; /* what was skipped or degraded and why, in words    */
	struct slice passed_over; /* its mailbox refused mail: others stand in; empty */
	bool stale; /* kept from before, because the registry cannot be asked now */
	bool unanswered; /* nobody to tell, but not every server gave an answer */
	bool wrong; /* the query is nothing that can be looked up          */
	bool stopped; /* not all was asked: the user stopped it               */
	/* Nobody to tell was found, but a server refused or was not asked, because it may
	 * not be before then (by the real time): no answer yet. 0: this is the answer.  */
	int64_t later_at;
	int64_t resolved_at; /* when a name was resolved; 0: the query was an address */
};

#endif
