/* registry/registries.h - the registries as tables: their servers, names and words.
 *
 * A host that stands here may be asked without anybody's referral; every other one only
 * where ARIN's ReferralServer (or a domain registry) names it (contacts.md 2.11). The
 * host table was reviewed on the date in registries.c: lapsed names are a danger (S26). */
#ifndef REGISTRY_REGISTRIES_H
#define REGISTRY_REGISTRIES_H

#include "base/arena.h"
#include "net/address.h"

enum whois_family {
	WHOIS_RPSL, /* RIPE, APNIC, AFRINIC and what runs their software */
	WHOIS_ARIN,
	WHOIS_LACNIC, /* and registro.br */
	WHOIS_KRNIC,
	WHOIS_JPNIC,
	WHOIS_TWNIC,
	WHOIS_UNKNOWN, /* told by the answer's own look */
};

struct registry {
	const char *name; /* "ripe", "arin", ..., as in network.registry  */
	const char *whois; /* host at port 43; NULL: none for addresses   */
	const char *rdap; /* host, matched with everything below it; NULL */
	enum whois_family family;
	const char *alias; /* another whois host of the same registry; NULL */
};
/* By host (any case, "https://host/path", "host:port" and a trailing dot allowed) or
 * registry name; NULL where it is none of ours.                                       */
const struct registry *registry_of_host(struct slice host);
const struct registry *registry_named(struct slice name);
/* Whether its WHOIS server runs RIPE's software, with its flags; false for NULL. */
bool registry_takes_flags(const struct registry *registry);
/* The registry that a text names ("Transferred to the RIPE region on ..."). */
const struct registry *registry_in_words(struct slice text);
/* The national registry that a maintainer, irt or source of APNIC's data proves. */
const struct registry *registry_national(struct slice value);
/* The national registry behind a holder's opaque id in APNIC's delegated file. */
const struct registry *registry_of_opaque_id(struct slice id);

struct referral {
	struct slice
		host; /* lower case, validated host name                          */
	uint16_t port; /* 43 or 4321                                               */
	bool rwhois;
};

/* "whois://h", "h", "h:43", "rwhois://h:4321/": host checked and lowered; -1 for other
 * ports, addresses, names without a dot and names that lead inside (S09, S10).         */
MUST_CHECK int referral_parse(struct arena *arena, struct slice text,
			      struct referral *out);

/* Names and ranges of blocks that only say that the space is somebody else's (S28). A
 * name may be anybody's: ask too whether a registry's own maintainer holds the object.  */
bool is_placeholder_name(struct slice name);
bool is_registry_maintainer(struct slice handle);
bool range_is_everything(const struct range *range);

#endif
