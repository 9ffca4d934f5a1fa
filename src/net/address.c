#include "net/address.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* Both by hand: every event has an address read, and every line of evidence has one
 * written; inet_pton() and inet_ntop() take ten times as long. What they accept and how
 * they write it is what these do (tests/unit/net_address.c compares them).            */
static int ipv4_parse(struct slice text, uint8_t out[4])
{
	unsigned values[4] = { 0 };
	size_t parts = 0, digits = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '.' && digits > 0 && parts < 3) {
			parts++;
			digits = 0;
			continue;
		}
		if (!ascii_is_digit(c) || (digits > 0 && values[parts] == 0))
			return -1;
		values[parts] = values[parts] * 10 + (unsigned)(c - '0');
		digits++;
		if (values[parts] > 255)
			return -1;
	}
	if (parts != 3 || digits == 0)
		return -1;
	for (size_t i = 0; i < 4; i++)
		out[i] = (uint8_t)values[i];
	return 0;
}

/* One more than the value of a hex digit; 0 for all else. */
static const uint8_t HEX[UINT8_MAX + 1] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

struct groups {
	uint8_t bytes[16];
	size_t used; /* of them */
	ptrdiff_t gap; /* bytes before the "::"; -1: none so far */
};

/* One to four hex digits from text.at[i] on, or a dotted quad that ends the text: where it
 * ends, 0 for neither or where there is no room.                                       */
static size_t group_add(struct groups *groups, struct slice text, size_t i)
{
	size_t start = i;
	unsigned group = 0;
	uint8_t *out = groups->bytes + groups->used, digit;

	for (; i < text.len && (digit = HEX[(uint8_t)text.at[i]]) > 0; i++)
		group = group << 4 | (unsigned)(digit - 1);
	if (i == start || i > start + 4 || groups->used + 2 > sizeof groups->bytes)
		return 0;
	if (i < text.len && text.at[i] == '.') {
		if (groups->used + 4 > sizeof groups->bytes ||
		    ipv4_parse(slice_from(text, start), out) != 0)
			return 0;
		groups->used += 4;
		return text.len;
	}
	out[0] = (uint8_t)(group >> 8);
	out[1] = (uint8_t)group;
	groups->used += 2;
	return i;
}

/* Groups with one ':' between them, and a "::" once. */
static int groups_parse(struct groups *groups, struct slice text)
{
	size_t i = 0;

	if (slice_starts(text, S("::"))) {
		groups->gap = 0;
		i = 2;
	}
	while (i < text.len) {
		i = group_add(groups, text, i);
		if (i == text.len)
			return 0;
		if (i == 0 || text.at[i] != ':' || ++i == text.len)
			return -1;
		if (text.at[i] != ':')
			continue;
		if (groups->gap >= 0)
			return -1;
		groups->gap = (ptrdiff_t)groups->used;
		i++;
	}
	return 0;
}

/* RFC 4291 section 2.2; `out` is all zero. */
static int ipv6_parse(struct slice text, uint8_t out[16])
{
	struct groups groups = { .gap = -1 };
	size_t whole = sizeof groups.bytes, before;

	if (groups_parse(&groups, text) != 0 ||
	    (groups.used == whole) != (groups.gap < 0))
		return -1;
	before = groups.gap < 0 ? whole : (size_t)groups.gap;
	memcpy(out, groups.bytes, before);
	memcpy(out + whole - (groups.used - before), groups.bytes + before,
	       groups.used - before);
	return 0;
}

int address_parse(struct slice text, struct address *out)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct address address = { 0 };

	if (text.len == 0 || text.len >= INET6_ADDRSTRLEN)
		return -1;
	if (slice_find_byte(text, ':') < 0) {
		address.family = FAMILY_IPV4;
		if (ipv4_parse(text, address.bytes) != 0)
			return -1;
		*out = address;
		return 0;
	}
	if (ipv6_parse(text, address.bytes) != 0)
		return -1;
	address.family = FAMILY_IPV6;
	if (memcmp(address.bytes, mapped, sizeof mapped) == 0) {
		memmove(address.bytes, address.bytes + 12, 4);
		memset(address.bytes + 4, 0, 12);
		address.family = FAMILY_IPV4;
	}
	*out = address;
	return 0;
}

static char *byte_format(char *at, unsigned byte)
{
	if (byte >= 100)
		*at++ = (char)('0' + byte / 100);
	if (byte >= 10)
		*at++ = (char)('0' + byte / 10 % 10);
	*at++ = (char)('0' + byte % 10);
	return at;
}

static char *ipv4_format(const uint8_t bytes[4], char *at)
{
	for (size_t i = 0; i < 4; i++) {
		at = byte_format(at, bytes[i]);
		if (i < 3)
			*at++ = '.';
	}
	return at;
}

static char *group_format(char *at, unsigned group)
{
	static const char digits[] = "0123456789abcdef";

	if (group > 0xfff)
		*at++ = digits[group >> 12];
	if (group > 0xff)
		*at++ = digits[group >> 8 & 15];
	if (group > 0xf)
		*at++ = digits[group >> 4 & 15];
	*at++ = digits[group & 15];
	return at;
}

struct zeros {
	size_t start, count;
};

/* The first of the longest runs of zero groups; of one alone nothing is left out (RFC 5952
 * section 4.2).                                                                        */
static struct zeros zeros_find(const unsigned groups[8])
{
	struct zeros best = { 8, 1 };

	for (size_t i = 0; i < 8; i++) {
		size_t end = i;

		while (end < 8 && groups[end] == 0)
			end++;
		if (end - i > best.count)
			best = (struct zeros){ i, end - i };
		i = end;
	}
	return best;
}

static char *ipv6_format(const uint8_t bytes[16], char *at)
{
	unsigned groups[8];
	struct zeros zeros;
	bool holds_ipv4;

	for (size_t i = 0; i < 8; i++)
		groups[i] = (unsigned)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
	zeros = zeros_find(groups);
	holds_ipv4 = zeros.start == 0 &&
		     (zeros.count == 6 || (zeros.count == 5 && groups[5] == 0xffff));
	for (size_t i = 0; i < 8; i++) {
		if (i == zeros.start) {
			*at++ = ':';
			i += zeros.count - 1;
			if (i == 7)
				*at++ = ':';
			continue;
		}
		if (i > 0)
			*at++ = ':';
		if (i == 6 && holds_ipv4)
			return ipv4_format(bytes + 12, at);
		at = group_format(at, groups[i]);
	}
	return at;
}

struct address_text address_format(const struct address *address)
{
	struct address_text out = { "" };
	char *end = out.text;

	if (address->family == FAMILY_IPV4)
		end = ipv4_format(address->bytes, out.text);
	else if (address->family != FAMILY_NONE)
		end = ipv6_format(address->bytes, out.text);
	*end = '\0';
	return out;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return address_compare(a, b) == 0;
}

int address_compare(const struct address *a, const struct address *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

unsigned address_bits(const struct address *address)
{
	return address->family == FAMILY_IPV4 ? 32 : 128;
}

/* The byte mask of position `i` under a prefix. */
static uint8_t mask_byte(unsigned prefix, unsigned i)
{
	if (prefix >= 8 * (i + 1))
		return 0xff;
	if (prefix <= 8 * i)
		return 0;
	return (uint8_t)(0xff << (8 - (prefix - 8 * i)));
}

struct address address_mask(const struct address *address, unsigned prefix)
{
	struct address out = *address;
	unsigned kept = (prefix + 7) / 8;

	if (prefix >= address_bits(address))
		return out;
	if (prefix % 8 != 0)
		out.bytes[kept - 1] &= mask_byte(prefix, kept - 1);
	memset(out.bytes + kept, 0, sizeof out.bytes - kept);
	return out;
}

static struct address address_fill(const struct address *address, unsigned prefix)
{
	struct address out = *address;

	for (unsigned i = 0; i < address_bits(address) / 8; i++)
		out.bytes[i] |= (uint8_t)~mask_byte(prefix, i);
	return out;
}

struct range range_of_prefix(const struct address *address, unsigned prefix)
{
	return (struct range){ address_mask(address, prefix),
			       address_fill(address, prefix) };
}

/* LACNIC writes "177.224/13": the missing octets are zero. */
static int short_ipv4_parse(struct slice text, struct address *out)
{
	struct address address = { .family = FAMILY_IPV4 };
	struct slice part;
	size_t count = 0;

	while (slice_next(&text, '.', &part)) {
		uint64_t value;

		if (count == 4 || slice_to_u64(part, 255, &value) != 0 ||
		    (part.len > 1 && part.at[0] == '0'))
			return -1;
		address.bytes[count++] = (uint8_t)value;
	}
	*out = address;
	return 0;
}

static int prefix_range_parse(struct slice base, struct slice length, struct range *out)
{
	struct address address;
	uint64_t prefix;

	if (address_parse(base, &address) != 0 && short_ipv4_parse(base, &address) != 0)
		return -1;
	if (slice_to_u64(length, address_bits(&address), &prefix) != 0)
		return -1;
	*out = range_of_prefix(&address, (unsigned)prefix);
	return 0;
}

int range_parse(struct slice text, struct range *out)
{
	ptrdiff_t slash, dash;
	struct range range;

	text = slice_trim(text);
	slash = slice_find_byte(text, '/');
	if (slash >= 0)
		return prefix_range_parse(slice_cut(text, 0, (size_t)slash),
					  slice_from(text, (size_t)slash + 1), out);
	dash = slice_find_byte(text, '-');
	if (dash < 0) {
		if (address_parse(text, &range.first) != 0)
			return -1;
		range.last = range.first;
	} else if (address_parse(slice_trim(slice_cut(text, 0, (size_t)dash)),
				 &range.first) != 0 ||
		   address_parse(slice_trim(slice_from(text, (size_t)dash + 1)),
				 &range.last) != 0) {
		return -1;
	}
	if (range.first.family != range.last.family ||
	    address_compare(&range.first, &range.last) > 0)
		return -1;
	*out = range;
	return 0;
}

bool range_contains(const struct range *range, const struct address *address)
{
	return address->family == range->first.family &&
	       address_compare(&range->first, address) <= 0 &&
	       address_compare(address, &range->last) <= 0;
}

bool range_covers(const struct range *outer, const struct range *inner)
{
	return range_contains(outer, &inner->first) &&
	       range_contains(outer, &inner->last);
}

bool range_equal(const struct range *a, const struct range *b)
{
	return address_equal(&a->first, &b->first) && address_equal(&a->last, &b->last);
}

int range_prefix(const struct range *range)
{
	for (unsigned prefix = 0; prefix <= address_bits(&range->first); prefix++) {
		struct range block = range_of_prefix(&range->first, prefix);

		if (range_equal(&block, range))
			return (int)prefix;
	}
	return -1;
}

struct range_text range_format(const struct range *range)
{
	struct range_text out;
	int prefix = range_prefix(range);

	if (prefix >= 0)
		snprintf(out.text, sizeof out.text, "%s/%d",
			 address_format(&range->first).text, prefix);
	else
		snprintf(out.text, sizeof out.text, "%s - %s",
			 address_format(&range->first).text,
			 address_format(&range->last).text);
	return out;
}

/* IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, 8190), and multicast
 * (RFC 5771, RFC 4291). 6to4, Teredo and NAT64 are not here: see address_embedded().  */
static const struct address_special SPECIAL[] = {
	{ "0.0.0.0/8", "this network", "RFC 791", false, FAMILY_IPV4, 8, { 0 } },
	{ "10.0.0.0/8", "private use", "RFC 1918", false, FAMILY_IPV4, 8, { 10 } },
	{ "100.64.0.0/10",
	  "shared address space",
	  "RFC 6598",
	  false,
	  FAMILY_IPV4,
	  10,
	  { 100, 64 } },
	{ "127.0.0.0/8", "loopback", "RFC 1122", false, FAMILY_IPV4, 8, { 127 } },
	{ "169.254.0.0/16",
	  "link local",
	  "RFC 3927",
	  false,
	  FAMILY_IPV4,
	  16,
	  { 169, 254 } },
	{ "172.16.0.0/12",
	  "private use",
	  "RFC 1918",
	  false,
	  FAMILY_IPV4,
	  12,
	  { 172, 16 } },
	{ "192.0.0.0/24",
	  "IETF protocol assignments",
	  "RFC 6890",
	  false,
	  FAMILY_IPV4,
	  24,
	  { 192 } },
	{ "192.0.2.0/24",
	  "documentation (TEST-NET-1)",
	  "RFC 5737",
	  true,
	  FAMILY_IPV4,
	  24,
	  { 192, 0, 2 } },
	{ "192.88.99.0/24",
	  "6to4 relay anycast",
	  "RFC 7526",
	  false,
	  FAMILY_IPV4,
	  24,
	  { 192, 88, 99 } },
	{ "192.168.0.0/16",
	  "private use",
	  "RFC 1918",
	  false,
	  FAMILY_IPV4,
	  16,
	  { 192, 168 } },
	{ "198.18.0.0/15",
	  "benchmarking",
	  "RFC 2544",
	  false,
	  FAMILY_IPV4,
	  15,
	  { 198, 18 } },
	{ "198.51.100.0/24",
	  "documentation (TEST-NET-2)",
	  "RFC 5737",
	  true,
	  FAMILY_IPV4,
	  24,
	  { 198, 51, 100 } },
	{ "203.0.113.0/24",
	  "documentation (TEST-NET-3)",
	  "RFC 5737",
	  true,
	  FAMILY_IPV4,
	  24,
	  { 203, 0, 113 } },
	{ "224.0.0.0/4", "multicast", "RFC 5771", false, FAMILY_IPV4, 4, { 224 } },
	{ "240.0.0.0/4", "reserved", "RFC 1112", false, FAMILY_IPV4, 4, { 240 } },
	{ "::/128",
	  "unspecified address",
	  "RFC 4291",
	  false,
	  FAMILY_IPV6,
	  128,
	  { 0x00 } },
	{ "::1/128",
	  "loopback",
	  "RFC 4291",
	  false,
	  FAMILY_IPV6,
	  128,
	  { 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	    0x00, 0x00, 0x00, 0x01 } },
	{ "64:ff9b:1::/48",
	  "IPv4-IPv6 translation, local use",
	  "RFC 8215",
	  false,
	  FAMILY_IPV6,
	  48,
	  { 0x00, 0x64, 0xff, 0x9b, 0x00, 0x01 } },
	{ "100::/64", "discard only", "RFC 6666", false, FAMILY_IPV6, 64, { 0x01 } },
	{ "2001:2::/48",
	  "benchmarking",
	  "RFC 5180",
	  false,
	  FAMILY_IPV6,
	  48,
	  { 0x20, 0x01, 0x00, 0x02 } },
	{ "2001:10::/28",
	  "ORCHID",
	  "RFC 4843",
	  false,
	  FAMILY_IPV6,
	  28,
	  { 0x20, 0x01, 0x00, 0x10 } },
	{ "2001:20::/28",
	  "ORCHIDv2",
	  "RFC 7343",
	  false,
	  FAMILY_IPV6,
	  28,
	  { 0x20, 0x01, 0x00, 0x20 } },
	{ "2001:db8::/32",
	  "documentation",
	  "RFC 3849",
	  true,
	  FAMILY_IPV6,
	  32,
	  { 0x20, 0x01, 0x0d, 0xb8 } },
	{ "3fff::/20",
	  "documentation",
	  "RFC 9637",
	  true,
	  FAMILY_IPV6,
	  20,
	  { 0x3f, 0xff } },
	{ "5f00::/16",
	  "segment routing SIDs",
	  "RFC 9602",
	  false,
	  FAMILY_IPV6,
	  16,
	  { 0x5f } },
	{ "fc00::/7", "unique local", "RFC 4193", false, FAMILY_IPV6, 7, { 0xfc } },
	{ "fe80::/10",
	  "link local",
	  "RFC 4291",
	  false,
	  FAMILY_IPV6,
	  10,
	  { 0xfe, 0x80 } },
	{ "fec0::/10",
	  "site local, deprecated",
	  "RFC 3879",
	  false,
	  FAMILY_IPV6,
	  10,
	  { 0xfe, 0xc0 } },
	{ "ff00::/8", "multicast", "RFC 4291", false, FAMILY_IPV6, 8, { 0xff } },
};

static bool bits_equal(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned rest = bits % 8;

	if (memcmp(a, b, bits / 8) != 0)
		return false;
	return rest == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - rest) == 0;
}

const struct address_special *address_special(const struct address *address)
{
	for (size_t i = 0; i < COUNT_OF(SPECIAL); i++) {
		const struct address_special *row = &SPECIAL[i];

		if (row->family == address->family &&
		    bits_equal(row->bytes, address->bytes, row->bits))
			return row;
	}
	return NULL;
}

bool address_embedded(const struct address *address, struct address *ipv4)
{
	static const uint8_t teredo[4] = { 0x20, 0x01, 0, 0 };
	static const uint8_t nat64[12] = { 0, 0x64, 0xff, 0x9b };
	struct address out = { .family = FAMILY_IPV4 };
	const uint8_t *b = address->bytes;

	if (address->family != FAMILY_IPV6)
		return false;
	if (b[0] == 0x20 && b[1] == 0x02)
		memcpy(out.bytes, b + 2, 4);
	else if (memcmp(b, nat64, sizeof nat64) == 0)
		memcpy(out.bytes, b + 12, 4);
	else if (memcmp(b, teredo, sizeof teredo) == 0)
		for (size_t i = 0; i < 4; i++)
			out.bytes[i] = (uint8_t)~b[12 + i];
	else
		return false;
	*ipv4 = out;
	return true;
}

struct reverse_text address_reverse(const struct address *address)
{
	struct reverse_text out = { "" };
	const uint8_t *b = address->bytes;
	size_t used = 0;

	if (address->family == FAMILY_IPV4) {
		snprintf(out.text, sizeof out.text, "%u.%u.%u.%u.in-addr.arpa", b[3],
			 b[2], b[1], b[0]);
		return out;
	}
	for (int i = 15; i >= 0; i--)
		used += (size_t)snprintf(out.text + used, sizeof out.text - used,
					 "%x.%x.", b[i] & 15, b[i] >> 4);
	snprintf(out.text + used, sizeof out.text - used, "ip6.arpa");
	return out;
}
