#include "net/address.h"

#include "base/cursor.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static int ipv4_parse(struct slice text, uint8_t out[4])
{
	struct cursor cursor = cursor_of(text);
	uint8_t bytes[4];

	for (size_t i = 0; i < 4; i++) {
		struct slice digits = cursor_while(&cursor, ascii_is_digit, 3);
		uint64_t value = 0;

		if (cursor.failed || slice_to_u64(digits, 255, &value) != 0)
			return -1;
		if (digits.len > 1 && digits.at[0] == '0')
			return -1;
		bytes[i] = (uint8_t)value;
		if (i < 3)
			cursor_literal(&cursor, S("."));
	}
	if (cursor.failed || !cursor_at_end(&cursor))
		return -1;
	memcpy(out, bytes, sizeof bytes);
	return 0;
}

int address_parse(struct slice text, struct address *out)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char copy[INET6_ADDRSTRLEN];
	struct address address = { 0 };

	if (text.len == 0 || text.len >= sizeof copy)
		return -1;
	if (slice_find_byte(text, ':') < 0) {
		address.family = FAMILY_IPV4;
		if (ipv4_parse(text, address.bytes) != 0)
			return -1;
		*out = address;
		return 0;
	}
	memcpy(copy, text.at, text.len);
	copy[text.len] = '\0';
	if (strlen(copy) != text.len || inet_pton(AF_INET6, copy, address.bytes) != 1)
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

/* By hand, as inet_ntop() takes ten times as long. */
static void ipv4_format(const uint8_t bytes[4], char *at)
{
	for (size_t i = 0; i < 4; i++) {
		at = byte_format(at, bytes[i]);
		*at++ = i < 3 ? '.' : '\0';
	}
}

struct address_text address_format(const struct address *address)
{
	struct address_text out = { "" };

	if (address->family == FAMILY_IPV4)
		ipv4_format(address->bytes, out.text);
	else if (address->family != FAMILY_NONE)
		inet_ntop(AF_INET6, address->bytes, out.text, sizeof out.text);
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

	for (unsigned i = 0; i < address_bits(address) / 8; i++)
		out.bytes[i] &= mask_byte(prefix, i);
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
