#include "check.h"
#include "proxy/query.h"

#include <stdio.h>

/* What is asked of whom, for people; "refused" and why. */
static void row_check(const char *line, const char *want)
{
	static const char *const kinds[] = { "raw",    "address", "range",
					     "number", "domain",  "handle" };
	struct arena *arena = arena_new();
	struct slice row = S("whois.listed.example:4343");
	struct slices servers = { &row, 1, 1 };
	struct proxy_rules rules = { true, &servers };
	struct proxy_query query;
	struct error err = { 0 };
	char got[600] = "refused";

	if (proxy_query_parse(arena, slice_of(line), &rules, &query, &err) == 0)
		snprintf(got, sizeof got,
			 "%s|" SLICE_FMT "|" SLICE_FMT "|" SLICE_FMT ":%u|" SLICE_FMT,
			 query.verb == PROXY_ASK ? kinds[query.query.kind] : "own",
			 SLICE_ARG(query.query.flags), SLICE_ARG(query.query.text),
			 SLICE_ARG(query.query.host), query.query.port,
			 SLICE_ARG(query.query.special));
	if (!CHECK_TEXT(got, want))
		CHECK_TEXT(line, err.text);
	arena_free(arena);
}

static void lines(void)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "203.0.113.7", "address||203.0.113.7|:0|" },
		{ "  203.0.113.7/32 \r", "address||203.0.113.7|:0|" },
		{ "203.0.113.9/26", "range||203.0.113.0/26|:0|" },
		{ "203.0.113.3-203.0.113.9", "range||203.0.113.3 - 203.0.113.9|:0|" },
		{ "::ffff:203.0.113.7", "address||203.0.113.7|:0|" },
		{ "2002:cb00:7107::1", "address||203.0.113.7|:0|" },
		{ "64:ff9b::203.0.113.7", "address||203.0.113.7|:0|" },
		{ "2001:DB8:0::1", "address||2001:db8::1|:0|" },
		{ "10.1.2.3", "address||10.1.2.3|:0|private use (RFC 1918)" },
		{ "64:ff9b::10.1.2.3", "address||10.1.2.3|:0|private use (RFC 1918)" },
		{ "010.8.8.8", "refused" },
		{ "134744072", "refused" },
		{ "as64500", "number||AS64500|:0|" },
		{ "AS1.10", "number||AS65546|:0|" },
		{ "AS4199999999", "number||AS4199999999|:0|" },
		{ "AS4200000000", "number||AS4200000000|:0|private use (RFC 6996)" },
		{ "AS4294967296", "refused" },
		{ "AS1.65536", "refused" },
		{ "AS", "refused" },
		{ "WWW.Northwind.Example.", "domain||northwind.example|:0|" },
		{ "-B www.northwind.example", "domain||northwind.example|:0|" },
		{ "nwh1-ripe", "handle||NWH1-RIPE|whois.ripe.net:43|" },
		{ "NWH1-AP", "handle||NWH1-AP|whois.apnic.net:43|" },
		{ "net-192-0-2-0-1", "handle||NET-192-0-2-0-1|whois.arin.net:43|" },
		{ "nic-hdl-br: nwh12", "handle||NWH12|whois.registro.br:43|" },
		{ "nic-hdl-br nwh 12", "refused" },
		{ "-rBT inetnum 203.0.113.7",
		  "address|-B -r -T inetnum|203.0.113.7|:0|" },
		{ "-TINETNUM -r -B -V Md5.5 -k 203.0.113.7",
		  "address|-B -r -T inetnum|203.0.113.7|:0|" },
		{ "-i mnt-by X", "refused" },
		{ "-g RIPE:3:1-9", "refused" },
		{ "-T a;b 203.0.113.7", "refused" },
		{ "-h", "refused" },
		{ "--", "refused" },
		{ "n ! X@whois.arin.net", "raw||n ! X|whois.arin.net:43|" },
		{ "-h WHOIS.RIPE.net. -x 203.0.113.7",
		  "raw|-x|-x 203.0.113.7|whois.ripe.net:43|" },
		{ "-B -h whois.arin.net 192.0.2.1",
		  "raw|-B|192.0.2.1|whois.arin.net:43|" },
		{ "x@whois.ripe.net:4343", "refused" },
		{ "x@whois.listed.example:4343", "raw||x|whois.listed.example:4343|" },
		{ "x@whois.listed.example", "refused" },
		{ "x@", "refused" },
		{ "@whois.ripe.net", "refused" },
		{ "HELP", "own|||:0|" },
		{ "", "own|||:0|" },
		{ "a\tb", "refused" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		row_check(rows[i].line, rows[i].want);
}

/* Parts of a question never look like another question's. */
static void keys_differ(void)
{
	static const char *const different[] = {
		"203.0.113.7",
		"-B 203.0.113.7",
		"-b 203.0.113.7",
		"203.0.113.0/26",
		"203.0.113.7@whois.ripe.net",
		"-B 203.0.113.7@whois.ripe.net",
		"203.0.113.7@whois.arin.net",
		"-T inetnum 203.0.113.7",
		"-s inetnum 203.0.113.7",
		"AS64500",
		"NWH1-RIPE",
		"NWH1-RIPE@whois.ripe.net",
	};
	struct arena *arena = arena_new();
	struct proxy_rules rules = { true, NULL };
	struct slice keys[COUNT_OF(different)];
	struct error err = { 0 };

	for (size_t i = 0; i < COUNT_OF(different); i++) {
		struct proxy_query query = { 0 };

		CHECK_INT(proxy_query_parse(arena, slice_of(different[i]), &rules,
					    &query, &err),
			  0);
		keys[i] = query.key;
		for (size_t k = 0; k < i; k++)
			if (!CHECK(!slice_equal(keys[i], keys[k])))
				CHECK_TEXT(different[i], different[k]);
	}
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(lines), TEST(keys_differ));
}
