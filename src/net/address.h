/* net/address.h - IP addresses and ranges as values, and the special-purpose registries.
 *
 * Parsing is strict (RFC 4291 section 2.2, dotted quads in plain decimal): "010.8.8.8",
 * "134744072", "1.2.3.456" and zone ids are refused. IPv4-mapped IPv6 (::ffff:a.b.c.d)
 * is normalised to IPv4 on the way in, always. `family` 0 means no address.           */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include "base/slice.h"

enum { FAMILY_NONE = 0, FAMILY_IPV4 = 4, FAMILY_IPV6 = 6 };

struct address {
	uint8_t family; /* FAMILY_*                                       */
	uint8_t bytes[16]; /* network order; IPv4 in the first 4, rest zero  */
};

enum { ADDRESS_TEXT_MAX = 48, RANGE_TEXT_MAX = 100 };
struct address_text {
	char text[ADDRESS_TEXT_MAX];
};
struct range_text {
	char text[RANGE_TEXT_MAX];
};

MUST_CHECK int address_parse(struct slice text, struct address *out);
struct address_text address_format(const struct address *address); /* RFC 5952 */
bool address_equal(const struct address *a, const struct address *b);
int address_compare(const struct address *a, const struct address *b); /* v4 < v6 */
unsigned address_bits(const struct address *address); /* 32 or 128 */
/* All bits behind the first `prefix` cleared. */
struct address address_mask(const struct address *address, unsigned prefix);

/* Both ends inside; same family; first <= last. */
struct range {
	struct address first, last;
};
/* "a", "a/len" (host bits may be set: they are cleared), "a - b", "a-b", and LACNIC's
 * short "177.224/13".                                                                */
MUST_CHECK int range_parse(struct slice text, struct range *out);
bool range_contains(const struct range *range, const struct address *address);
bool range_covers(const struct range *outer, const struct range *inner);
bool range_equal(const struct range *a, const struct range *b);
/* The prefix length where the range is exactly one CIDR block, else -1. */
int range_prefix(const struct range *range);
struct range range_of_prefix(const struct address *address, unsigned prefix);
struct range_text range_format(const struct range *range); /* CIDR, else "a - b" */

/* A row of the IANA special-purpose registries (RFC 6890 and updates) that is never
 * reported; NULL for a plain public address. Documentation ranges are rows too.       */
struct address_special {
	const char *prefix;
	const char *name; /* as the registry words it, lower case */
	const char *reference; /* RFC number                           */
	bool documentation; /* counts as public under `documentation = public` */
	uint8_t family, bits; /* `prefix` as numbers: this is asked for every event */
	uint8_t bytes[16];
};
const struct address_special *address_special(const struct address *address);

/* The IPv4 address inside 6to4 (RFC 3056), Teredo's client (RFC 4380) or NAT64 (RFC 6052
 * well-known prefix); false where there is none.                                     */
bool address_embedded(const struct address *address, struct address *ipv4);

/* "9.2.0.192.in-addr.arpa" or the nibble form under ip6.arpa (RFC 3596). */
enum { REVERSE_TEXT_MAX = 80 };
struct reverse_text {
	char text[REVERSE_TEXT_MAX];
};
struct reverse_text address_reverse(const struct address *address);

#endif
