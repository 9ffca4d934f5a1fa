#include "check.h"
#include "contact/bootstrap.h"
#include "contact/servers.h"

static struct bootstrap shipped(struct arena *arena)
{
	struct bootstrap bootstrap = { 0 };
	struct error err = { 0 };

	if (!CHECK_INT(bootstrap_read(arena, (struct slice){ NULL, 0 }, &bootstrap,
				      &err),
		       0))
		CHECK_TEXT(err.text, "");
	return bootstrap;
}

static void shipped_knows_the_registries(void)
{
	static const struct {
		const char *address, *registry; /* NULL: nobody's */
	} rows[] = {
		{ "193.0.0.1", "ripe" },       { "2a00::1", "ripe" },
		{ "8.8.8.8", "arin" },         { "2600::1", "arin" },
		{ "1.1.1.1", "apnic" },        { "2400::1", "apnic" },
		{ "200.1.1.1", "lacnic" },     { "2800::1", "lacnic" },
		{ "41.1.1.1", "afrinic" },     { "2c00::1", "afrinic" },
		{ "2001:4200::1", "afrinic" }, { "2001:db8::1", "apnic" },
		{ "10.0.0.1", NULL },          { "127.0.0.1", NULL },
		{ "4000::1", NULL },
	};
	struct arena *arena = arena_new();
	struct bootstrap bootstrap = shipped(arena);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct registry *registry;
		struct address address;

		CHECK_INT(address_parse(slice_of(rows[i].address), &address), 0);
		registry =
			registry_of_host(bootstrap_for_address(&bootstrap, &address));
		if (!CHECK_TEXT(registry ? registry->name : NULL, rows[i].registry))
			CHECK_TEXT(rows[i].address, "");
	}
	arena_free(arena);
}

static void every_unicast_block_has_a_row(void)
{
	struct arena *arena = arena_new();
	struct bootstrap bootstrap = shipped(arena);

	for (unsigned first = 1; first < 224; first++) {
		struct address address = { FAMILY_IPV4, { (uint8_t)first, 1 } };
		bool known = bootstrap_for_address(&bootstrap, &address).len > 0;

		if (!CHECK_INT(known, first != 10 && first != 127))
			CHECK_INT(first, 0);
	}
	arena_free(arena);
}

static void numbers_and_domains(void)
{
	struct arena *arena = arena_new();
	struct bootstrap bootstrap = shipped(arena);

	CHECK_SLICE(bootstrap_for_number(&bootstrap, 3333),
		    S("https://rdap.db.ripe.net/"));
	CHECK_SLICE(bootstrap_for_number(&bootstrap, 15169),
		    S("https://rdap.arin.net/registry/"));
	CHECK_INT(bootstrap_for_number(&bootstrap, 23456).len, 0);
	CHECK_INT(bootstrap_for_number(&bootstrap, UINT32_MAX).len, 0);
	CHECK_SLICE(bootstrap_for_domain(&bootstrap, S("www.Example.NET")),
		    S("https://rdap.verisign.com/net/v1/"));
	CHECK_INT(bootstrap_for_domain(&bootstrap, S("example.notnet")).len, 0);
	CHECK_INT(bootstrap_for_domain(&bootstrap, S("net.example")).len, 0);
	arena_free(arena);
}

static void longest_match_and_https_win(void)
{
	const struct slice json = S(
		"{\"services\":["
		"[[\"203.0.113.0/24\"],[\"http://a.example/\",\"https://b.example\"]],"
		"[[\"203.0.113.64/26\",\"junk\"],[\"http://c.example/\"]],"
		"[[\"198.51.100.0/24\"],[\"ftp://d.example/\",7]],"
		"[\"odd\"],null]}");
	static const struct {
		const char *address, *url;
	} rows[] = {
		{ "203.0.113.1", "https://b.example/" },
		{ "203.0.113.65", "http://c.example/" },
		{ "198.51.100.1", NULL },
	};
	struct arena *arena = arena_new();
	struct bootstrap bootstrap = { 0 };
	struct error err;

	CHECK_INT(bootstrap_parse(arena, S("ipv4"), json, &bootstrap, &err), 0);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct address address;

		CHECK_INT(address_parse(slice_of(rows[i].address), &address), 0);
		CHECK_SLICE(bootstrap_for_address(&bootstrap, &address),
			    slice_of(rows[i].url));
	}
	CHECK_INT(bootstrap_parse(arena, S("ipv4"), S("{}"), &bootstrap, &err), -1);
	CHECK_INT(err.kind, ERROR_SYNTAX);
	arena_free(arena);
}

static void asks_each_registry_its_way(void)
{
	static const struct {
		const char *host, *address, *number;
	} rows[] = {
		{ "whois.ripe.net", "-r 203.0.113.7", "-r AS64500" },
		{ "whois.arin.net", "n + 203.0.113.7", "a + 64500" },
		{ "whois.apnic.net", "203.0.113.7", "AS64500" },
		{ "whois.afrinic.net", "203.0.113.7", "AS64500" },
		{ "whois.lacnic.net", "203.0.113.7", "AS64500" },
		{ "whois.nic.ad.jp", "203.0.113.7/e", "AS 64500/e" },
		{ "whois.stranger.example", "203.0.113.7", "AS64500" },
	};
	struct arena *arena = arena_new();
	struct address address;

	CHECK_INT(address_parse(S("203.0.113.7"), &address), 0);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice host = slice_of(rows[i].host);

		CHECK_SLICE(server_address_query(arena, host, &address),
			    slice_of(rows[i].address));
		CHECK_SLICE(server_number_query(arena, host, 64500),
			    slice_of(rows[i].number));
	}
	arena_free(arena);
}

static void referrals_are_bounded(void)
{
	static const struct {
		const char *from, *to;
		uint16_t port;
		bool followed;
	} rows[] = {
		{ "whois.arin.net", "whois.stranger.example", 43, true },
		{ "whois.arin.net", "rwhois.stranger.example", 4321, true },
		{ "whois.arin.net", "whois.stranger.example", 25, false },
		{ "whois.ripe.net", "whois.stranger.example", 43, false },
		{ "whois.ripe.net", "whois.apnic.net", 43, true },
		{ "whois.stranger.example", "whois.other.example", 43, false },
		{ "whois.stranger.example", "whois.ripe.net", 43, true },
		{ "evil-whois.arin.net", "whois.other.example", 43, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct referral to = { slice_of(rows[i].to), rows[i].port, false };

		CHECK_INT(server_referral_refusal(slice_of(rows[i].from), &to) == NULL,
			  rows[i].followed);
	}
}

static void handles_by_their_tags(void)
{
	static const struct {
		const char *handle, *url;
	} rows[] = {
		{ "NWH7-RIPE", "https://rdap.db.ripe.net/" },
		{ "net-192-0-2-0-1-arin", "https://rdap.arin.net/registry/" },
		{ "NOC7-FRNIC", "https://rdap.nic.fr/" },
		{ "RIPE", "" },
		{ "-RIPE", "" },
		{ "NWH7-RIPE-", "" },
		{ "RIPE-NWH7", "" },
		{ "", "" },
	};
	struct arena *arena = arena_new();
	struct bootstrap bootstrap = shipped(arena);

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK_SLICE(bootstrap_for_handle(&bootstrap, slice_of(rows[i].handle)),
			    slice_of(rows[i].url));
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(shipped_knows_the_registries),
			 TEST(every_unicast_block_has_a_row), TEST(numbers_and_domains),
			 TEST(handles_by_their_tags), TEST(longest_match_and_https_win),
			 TEST(asks_each_registry_its_way), TEST(referrals_are_bounded));
}
