#include "check.h"
#include "net/route.h"

static void refuses_what_leads_inside(void)
{
	static const struct {
		const char *address;
		bool allowed;
	} rows[] = {
		{ "8.8.8.8", true },
		{ "2a00:1450::1", true },
		{ "2002:0808:0808::1", true },
		{ "127.0.0.1", false },
		{ "10.0.0.1", false },
		{ "169.254.169.254", false },
		{ "0.0.0.0", false },
		{ "192.0.2.1", false },
		{ "::1", false },
		{ "fe80::1", false },
		{ "fd00::1", false },
		{ "::ffff:127.0.0.1", false },
		{ "64:ff9b::7f00:1", false },
		{ "2002:7f00:0001::1", false },
		{ "2002:a00:1::1", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct address address;

		CHECK_INT(address_parse(slice_of(rows[i].address), &address), 0);
		if (!CHECK_INT(route_address_allowed(&address), rows[i].allowed))
			CHECK_TEXT(rows[i].address, "");
	}
	CHECK(!route_address_allowed(&(struct address){ 0 }));
}

static void matches_the_user_s_rows(void)
{
	static const struct {
		const char *row, *host;
		uint16_t port;
		const char *to; /* NULL: no match; "": the row is wrong */
	} rows[] = {
		{ "whois.ripe.net:43:127.0.0.1:4343", "WHOIS.ripe.net", 43,
		  "127.0.0.1" },
		{ "whois.ripe.net:43:127.0.0.1:4343", "whois.ripe.net", 44, NULL },
		{ "whois.ripe.net:43:127.0.0.1:4343", "whois.ripe.org", 43, NULL },
		{ ":43:127.0.0.1:4343", "any.example", 43, "127.0.0.1" },
		{ "a.example::[::1]:4343", "a.example", 9, "::1" },
		{ "[2001:db8::1]:43:[::1]:4343", "2001:db8::1", 43, "::1" },
		{ "a.example:43:localhost:4343", "a.example", 43, "" },
		{ "a.example:43:127.0.0.1", "a.example", 43, "" },
		{ "a.example:43:127.0.0.1:0", "a.example", 43, "" },
		{ "a.example:x:127.0.0.1:1", "a.example", 43, "" },
		{ "", "a.example", 43, "" },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice text = slice_of(rows[i].row);
		struct slices list = { &text, 1, 1 };
		const struct route_row *row;
		struct routes routes = { 0 };
		struct error err = { 0 };
		bool wrong = rows[i].to && rows[i].to[0] == '\0';

		CHECK_INT(routes_parse(arena, &list, &routes, &err), wrong ? -1 : 0);
		row = routes_match(&routes, slice_of(rows[i].host), rows[i].port);
		if (wrong)
			CHECK_INT(err.kind, ERROR_CONFIG);
		else
			CHECK_TEXT(row ? address_format(&row->to.address).text : NULL,
				   rows[i].to);
	}
	arena_free(arena);
}

static void knows_host_names(void)
{
	static const struct {
		const char *name;
		bool valid;
	} rows[] = {
		{ "vps7.northwind.example", true },
		{ "a_b.example.", true },
		{ "localhost", true },
		{ "xn--bcher-kva.example", true },
		{ "", false },
		{ ".", false },
		{ "a..b", false },
		{ "-a.example", false },
		{ "a-.example", false },
		{ "a b.example", false },
		{ "a\n.example", false },
		{ "203.0.113.7", false },
		{ "2130706433", false },
		{ "a.example/x", false },
		{ "b\xc3\xbc.example", false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!CHECK_INT(host_name_valid(slice_of(rows[i].name)), rows[i].valid))
			CHECK_TEXT(rows[i].name, "");
}

int main(void)
{
	return CHECK_RUN(TEST(refuses_what_leads_inside), TEST(matches_the_user_s_rows),
			 TEST(knows_host_names));
}
