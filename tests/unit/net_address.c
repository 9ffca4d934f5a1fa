#include "net/address.h"

#include "check.h"

#include <arpa/inet.h>
#include <string.h>

static void addresses_are_read_strictly(void)
{
	static const struct {
		const char *text;
		int result;
		const char *formatted;
	} rows[] = {
		{ "192.0.2.1", 0, "192.0.2.1" },
		{ "0.0.0.0", 0, "0.0.0.0" },
		{ "255.255.255.255", 0, "255.255.255.255" },
		{ "2001:DB8::1", 0, "2001:db8::1" },
		{ "2001:db8:0:0:0:0:0:1", 0, "2001:db8::1" },
		{ "::ffff:192.0.2.1", 0, "192.0.2.1" },
		{ "::ffff:c000:201", 0, "192.0.2.1" },
		{ "::", 0, "::" },
		{ "", -1, "" },
		{ "010.8.8.8", -1, "" },
		{ "134744072", -1, "" },
		{ "1.2.3.456", -1, "" },
		{ "1.2.3", -1, "" },
		{ "1.2.3.4.5", -1, "" },
		{ "1.2.3.4 ", -1, "" },
		{ "1.2.3.", -1, "" },
		{ "fe80::1%eth0", -1, "" },
		{ "2001:db8::1::2", -1, "" },
		{ "2001:db8:g::1", -1, "" },
		{ "::ffff:192.0.2.256", -1, "" },
		{ "1.2.3.4::", -1, "" },
		{ "1:2:3:4:5:6:7::", 0, "1:2:3:4:5:6:7:0" },
		{ "::2:3:4:5:6:1.2.3.4", 0, "0:2:3:4:5:6:102:304" },
		{ "::1:2:3:4:5:6:7:8", -1, "" },
		{ "1:2:3:4:5:6:7:8:", -1, "" },
		{ "1:0:0:2::", 0, "1:0:0:2::" },
		{ "::192.0.2.1", 0, "::192.0.2.1" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct address address = { 0 };

		CHECK_INT(address_parse(slice_of(rows[i].text), &address),
			  rows[i].result);
		CHECK_TEXT(address_format(&address).text, rows[i].formatted);
	}
}

static void ranges_are_read_in_every_form(void)
{
	static const struct {
		const char *text;
		int result;
		const char *formatted;
	} rows[] = {
		{ "192.0.2.0/24", 0, "192.0.2.0/24" },
		{ "192.0.2.77/24", 0, "192.0.2.0/24" },
		{ "192.0.2.1", 0, "192.0.2.1/32" },
		{ "192.0.2.0 - 192.0.2.255", 0, "192.0.2.0/24" },
		{ "192.0.2.0-192.0.2.254", 0, "192.0.2.0 - 192.0.2.254" },
		{ "177.224/13", 0, "177.224.0.0/13" },
		{ "2001:db8::/32", 0, "2001:db8::/32" },
		{ "0.0.0.0/0", 0, "0.0.0.0/0" },
		{ "192.0.2.9 - 192.0.2.1", -1, "" },
		{ "192.0.2.0/33", -1, "" },
		{ "2001:db8::/129", -1, "" },
		{ "192.0.2.1 - 2001:db8::1", -1, "" },
		{ "177.0224/13", -1, "" },
		{ "1.2.3.4.5/8", -1, "" },
		{ "/8", -1, "" },
		{ "-", -1, "" },
		{ "", -1, "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct range range;
		int result = range_parse(slice_of(rows[i].text), &range);

		CHECK_INT(result, rows[i].result);
		if (result == 0)
			CHECK_TEXT(range_format(&range).text, rows[i].formatted);
	}
}

/* The numbers of a row and its text say the same. */
static void special_is_its_prefix(const struct address_special *special)
{
	struct address first = { 0 };
	struct range range;

	if (special == NULL)
		return;
	first.family = special->family;
	memcpy(first.bytes, special->bytes, sizeof first.bytes);
	CHECK_INT(range_parse(slice_of(special->prefix), &range), 0);
	CHECK_INT(address_equal(&range.first, &first), true);
	CHECK_INT(range_prefix(&range), special->bits);
}

static void special_addresses_have_their_row(void)
{
	static const struct {
		const char *text, *name;
	} rows[] = {
		{ "10.1.2.3", "private use" },
		{ "100.64.0.1", "shared address space" },
		{ "127.0.0.1", "loopback" },
		{ "169.254.169.254", "link local" },
		{ "192.0.2.9", "documentation (TEST-NET-1)" },
		{ "224.0.0.1", "multicast" },
		{ "255.255.255.255", "reserved" },
		{ "::1", "loopback" },
		{ "fe80::1", "link local" },
		{ "fd00::1", "unique local" },
		{ "2001:db8::1", "documentation" },
		{ "ff02::1", "multicast" },
		{ "8.8.8.8", "" },
		{ "9.255.255.255", "" },
		{ "11.0.0.0", "" },
		{ "2a00::1", "" },
		{ "0.1.2.3", "this network" },
		{ "172.31.255.255", "private use" },
		{ "172.32.0.0", "" },
		{ "192.0.0.170", "IETF protocol assignments" },
		{ "192.88.99.1", "6to4 relay anycast" },
		{ "192.168.4.4", "private use" },
		{ "198.19.255.255", "benchmarking" },
		{ "198.20.0.0", "" },
		{ "198.51.100.9", "documentation (TEST-NET-2)" },
		{ "203.0.113.9", "documentation (TEST-NET-3)" },
		{ "100.127.255.255", "shared address space" },
		{ "100.128.0.0", "" },
		{ "::", "unspecified address" },
		{ "64:ff9b:1::9", "IPv4-IPv6 translation, local use" },
		{ "100::9", "discard only" },
		{ "2001:2::9", "benchmarking" },
		{ "2001:1f:ffff::", "ORCHID" },
		{ "2001:2f:ffff::", "ORCHIDv2" },
		{ "2001:30::", "" },
		{ "3fff:fff::1", "documentation" },
		{ "3fff:1000::", "" },
		{ "5f00::1", "segment routing SIDs" },
		{ "febf::1", "link local" },
		{ "fec0::1", "site local, deprecated" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct address_special *special;
		struct address address;

		CHECK_INT(address_parse(slice_of(rows[i].text), &address), 0);
		special = address_special(&address);
		CHECK_TEXT(special ? special->name : "", rows[i].name);
		special_is_its_prefix(special);
	}
}

static void the_address_inside_is_found(void)
{
	static const struct {
		const char *text, *inside;
	} rows[] = {
		{ "2002:c000:0209::1", "192.0.2.9" },
		{ "64:ff9b::192.0.2.9", "192.0.2.9" },
		{ "2001:0:4136:e378:8000:63bf:3fff:fdf6", "192.0.2.9" },
		{ "2001:db8::1", "" },
		{ "64:ff9b:1::1", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct address address, inside = { 0 };

		CHECK_INT(address_parse(slice_of(rows[i].text), &address), 0);
		CHECK_INT(address_embedded(&address, &inside),
			  rows[i].inside[0] != '\0');
		CHECK_TEXT(address_format(&inside).text, rows[i].inside);
	}
}

static void prefixes_and_reverse_names(void)
{
	struct address address, masked;

	CHECK_INT(address_parse(S("2001:db8:7:1:aaaa::9"), &address), 0);
	masked = address_mask(&address, 64);
	CHECK_TEXT(address_format(&masked).text, "2001:db8:7:1::");
	masked = address_mask(&address, 60);
	CHECK_TEXT(address_format(&masked).text, "2001:db8:7::");
	CHECK_TEXT(
		address_reverse(&address).text,
		"9.0.0.0.0.0.0.0.0.0.0.0.a.a.a.a.1.0.0.0.7.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
	CHECK_INT(address_parse(S("192.0.2.9"), &address), 0);
	CHECK_TEXT(address_reverse(&address).text, "9.2.0.192.in-addr.arpa");
}

/* The next of a fixed row of numbers (Marsaglia's xorshift). */
static unsigned next_of(uint32_t *state, unsigned below)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state % below;
}

/* What the C library says of the same text; IPv4 inside IPv6 as we have it. */
static int library_parse(const char *text, struct address *out)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct address address = { .family = FAMILY_IPV4 };

	if (strchr(text, ':') == NULL) {
		*out = address;
		return inet_pton(AF_INET, text, out->bytes) == 1 ? 0 : -1;
	}
	if (inet_pton(AF_INET6, text, address.bytes) != 1)
		return -1;
	address.family = FAMILY_IPV6;
	if (memcmp(address.bytes, mapped, sizeof mapped) == 0) {
		address.family = FAMILY_IPV4;
		memmove(address.bytes, address.bytes + 12, 4);
		memset(address.bytes + 4, 0, 12);
	}
	*out = address;
	return 0;
}

static void any_text_is_read_as_the_library_reads_it(void)
{
	static const char *const pieces[] = { ":",  "::", ":",   "0",  "1",   "ffff",
					      "a0", ".",  "192", "24", "300", "00",
					      "g",  ":",  "db8", "F",  ".1",  "12345" };
	uint32_t state = 7;

	for (unsigned n = 0; n < 300000; n++) {
		char text[64] = "";
		struct address ours = { 0 }, theirs = { 0 };
		size_t len = 0;
		int result;

		for (unsigned i = next_of(&state, 17); i > 0 && len < 40; i--) {
			struct slice piece =
				slice_of(pieces[next_of(&state, COUNT_OF(pieces))]);

			memcpy(text + len, piece.at, piece.len);
			len += piece.len;
		}
		result = address_parse(slice_of(text), &ours);
		if (result == (len ? library_parse(text, &theirs) : -1) &&
		    (result != 0 || address_equal(&ours, &theirs)))
			continue;
		CHECK_TEXT(text, "read otherwise than by inet_pton()");
		return;
	}
}

static void any_address_is_written_as_the_library_writes_it(void)
{
	uint32_t state = 9;

	for (unsigned n = 0; n < 100000; n++) {
		struct address address = { .family = FAMILY_IPV6 };
		char text[INET6_ADDRSTRLEN];

		for (size_t i = 0; i < 16; i++)
			if (next_of(&state, 4) == 0)
				address.bytes[i] = (uint8_t)next_of(&state, 256);
		if (next_of(&state, 8) == 0)
			address.bytes[10] = address.bytes[11] = 0xff;
		if (next_of(&state, 3) == 0)
			memset(address.bytes, 0, 4 + next_of(&state, 9));
		inet_ntop(AF_INET6, address.bytes, text, sizeof text);
		if (strcmp(address_format(&address).text, text) == 0)
			continue;
		CHECK_TEXT(address_format(&address).text, text);
		return;
	}
}

int main(void)
{
	return CHECK_RUN(TEST(addresses_are_read_strictly),
			 TEST(any_text_is_read_as_the_library_reads_it),
			 TEST(any_address_is_written_as_the_library_writes_it),
			 TEST(ranges_are_read_in_every_form),
			 TEST(special_addresses_have_their_row),
			 TEST(the_address_inside_is_found),
			 TEST(prefixes_and_reverse_names));
}
