#include "check.h"
#include "contact/reading.h"

static struct slice mails_of(struct arena *arena, const struct reading *reading)
{
	struct slice text = S("");

	for (size_t i = 0; i < reading->contacts.count; i++) {
		const struct contact *contact = &reading->contacts.at[i];

		text = arena_printf(arena, SLICE_FMT "%s%s:" SLICE_FMT "/%s%s",
				    SLICE_ARG(text), i ? " " : "",
				    contact_role_name(contact->role),
				    SLICE_ARG(contact->address),
				    contact_scope_name(contact->scope),
				    contact->suspect ? "?" : "");
	}
	return text;
}

#define NETWORK                                                              \
	"\"objectClassName\":\"ip network\",\"startAddress\":\"192.0.2.0\"," \
	"\"endAddress\":\"192.0.2.255\",\"handle\":\"NET-1\",\"name\":\"RIVER\""
#define CARD(mails) \
	"\"vcardArray\":[\"vcard\",[[\"version\",{},\"text\",\"4.0\"]," mails "]]"
#define MAIL(parameters, mail) "[\"email\"," parameters ",\"text\",\"" mail "\"]"
#define ENTITY(handle, roles, mails) \
	"{\"handle\":\"" handle "\",\"roles\":" roles "," CARD(mails) "}"

static int read(struct arena *arena, const char *server, struct slice json,
		const struct address *about, struct reading *out, struct error *err)
{
	struct rdap_question question = { slice_of(server), about, 5 };

	return rdap_read(arena, json, &question, out, err);
}

struct row {
	const char *name, *server, *json;
	enum reading_state state;
	const char *mails, *range, *hint, *handle;
};

static const struct row rows[] = {
	{ "ripe marks the abuse mail by its type", "https://rdap.db.ripe.net/ip/x",
	  "{" NETWORK ",\"entities\":[" ENTITY(
		  "AR1-RIPE", "[\"abuse\"]",
		  MAIL("{\"type\":\"email\"}", "noc@river.example") "," MAIL(
			  "{\"type\":\"abuse\"}", "Abuse@River.example")) "]}",
	  READING_ANSWER, "abuse:abuse@river.example/network", "192.0.2.0/24", "", "" },
	{ "apnic marks it by its preference", "https://rdap.apnic.net",
	  "{" NETWORK ",\"entities\":[" ENTITY(
		  "IRT-X", "[\"abuse\"]",
		  MAIL("{\"pref\":\"1\"}",
		       "abuse@river.example") "," MAIL("{}", "noc@river.example")) "]}",
	  READING_ANSWER, "abuse:abuse@river.example/network", "192.0.2.0/24", "", "" },
	{ "an irt without roles", "https://rdap.apnic.net",
	  "{" NETWORK ",\"entities\":[{\"handle\":\"IRT-X\"," CARD(
		  MAIL("{}", "abuse@river.example")) "}]}",
	  READING_ANSWER, "abuse:abuse@river.example/network", "192.0.2.0/24", "", "" },
	{ "resource and organisation at arin, roles mixed", "https://rdap.arin.net",
	  "{" NETWORK
	  ",\"entities\":[{\"handle\":\"ORG-1\",\"roles\":[\"registrant\"],\"entities\":[" ENTITY(
		  "ABUSE2-ARIN", "[\"Abuse\",\"noc\",\"technical\"]",
		  MAIL("{}",
		       "org@river.example")) "," ENTITY("TECH-ARIN", "[\"technical\"]",
							MAIL("{}",
							     "t@river.example")) "]}"
										 "," ENTITY(
											 "ABUSE1-ARIN",
											 "[\"abuse\"]",
											 MAIL("{}",
											      "abuse@river.example")) "]}",
	  READING_ANSWER,
	  "abuse:org@river.example/organisation abuse:abuse@river.example/network",
	  "192.0.2.0/24", "", "" },
	{ "an unvalidated contact is doubted", "https://rdap.arin.net",
	  "{" NETWORK
	  ",\"entities\":[{\"handle\":\"A-ARIN\",\"roles\":[\"abuse\"],\"remarks\":[{"
	  "\"title\":\"Unvalidated POC\"}]," CARD(
		  MAIL("{}", "abuse@river.example")) "}]}",
	  READING_ANSWER, "abuse:abuse@river.example/network?", "192.0.2.0/24", "",
	  "" },
	{ "validation failed in the network's remarks", "https://rdap.db.ripe.net",
	  "{" NETWORK
	  ",\"remarks\":[{\"description\":[\"Abuse-mailbox validation failed.\"]}],"
	  "\"entities\":[" ENTITY("A", "[\"abuse\"]",
				  MAIL("{}", "abuse@river.example")) "]}",
	  READING_ANSWER, "abuse:abuse@river.example/network?", "192.0.2.0/24", "",
	  "" },
	{ "the wide list", "https://rdap.isp.example",
	  "{" NETWORK ",\"entities\":[" ENTITY(
		  "A", "[\"administrative\"]",
		  MAIL("{}",
		       "a@river.example")) "," ENTITY("T", "[\"technical\"]",
						      MAIL("{}",
							   "t@river.example")) "]}",
	  READING_ANSWER,
	  "administrative:a@river.example/network technical:t@river.example/network",
	  "192.0.2.0/24", "", "" },
	{ "abuse without mail: its handle is to be asked", "https://rdap.lacnic.net",
	  "{" NETWORK ",\"entities\":[{\"handle\":\"ABU1\",\"roles\":[\"abuse\"]}]}",
	  READING_ANSWER, "", "192.0.2.0/24", "", "ABU1" },
	{ "leading zeros are decimal, addresses have lengths", "https://rdap.arin.net",
	  "{\"startAddress\":\"192.000.002.000/32\",\"endAddress\":\"192.000.002.127\"}",
	  READING_ANSWER, "", "192.0.2.0/25", "", "" },
	{ "another range than was asked for", "https://rdap.isp.example",
	  "{\"startAddress\":\"198.51.100.0\",\"endAddress\":\"198.51.100.255\","
	  "\"entities\":[" ENTITY("A", "[\"abuse\"]",
				  MAIL("{}", "a@evil.example")) "]}",
	  READING_NOTHING, "", "", "", "" },
	{ "no range at all", "https://rdap.isp.example",
	  "{\"objectClassName\":\"ip network\",\"entities\":[" ENTITY(
		  "A", "[\"abuse\"]", MAIL("{}", "a@evil.example")) "]}",
	  READING_NOTHING, "", "", "", "" },
	{ "a registry's placeholder", "https://rdap.db.ripe.net",
	  "{\"startAddress\":\"192.0.0.0\",\"endAddress\":\"192.255.255.255\",\"name\":"
	  "\"NON-RIPE-NCC-MANAGED-ADDRESS-BLOCK\",\"entities\":[{\"handle\":"
	  "\"RIPE-NCC-HM-MNT\",\"roles\":[\"registrant\"]}," ENTITY(
		  "A", "[\"abuse\"]", MAIL("{}", "abuse@ripe.net")) "]}",
	  READING_ELSEWHERE, "", "192.0.0.0/8", "", "" },
	{ "a customer of that name", "https://rdap.db.ripe.net",
	  "{\"startAddress\":\"192.0.2.0\",\"endAddress\":\"192.0.2.255\",\"name\":"
	  "\"IANA-BLK\",\"entities\":[" ENTITY("A", "[\"abuse\"]",
					       MAIL("{}", "a@river.example")) "]}",
	  READING_ANSWER, "abuse:a@river.example/network", "192.0.2.0/24", "", "" },
	{ "arin: registered to another registry", "https://rdap.arin.net/registry",
	  "{" NETWORK ",\"entities\":[" ENTITY("RIPE", "[\"registrant\"]",
					       MAIL("{}", "h@ripe.net")) "]}",
	  READING_ELSEWHERE, "", "192.0.2.0/24", "ripe", "" },
	{ "everything", "https://rdap.isp.example",
	  "{\"startAddress\":\"0.0.0.0\",\"endAddress\":\"255.255.255.255\",\"entities\":[" ENTITY(
		  "A", "[\"abuse\"]", MAIL("{}", "a@evil.example")) "]}",
	  READING_ELSEWHERE, "", "0.0.0.0/0", "", "" },
	{ "not found", "https://rdap.isp.example",
	  "{\"errorCode\":404,\"title\":\"Not Found\"}", READING_NOTHING, "", "", "",
	  "" },
	{ "too many", "https://rdap.isp.example", "{\"errorCode\":429}",
	  READING_REFUSED, "", "", "", "" },
	{ "lacnic: over its limit, with status 200", "https://rdap.lacnic.net/rdap",
	  "{\"rdapConformance\":[\"rdap_level_0\"],\"notices\":[7,{\"title\":\"Terms\"},"
	  "{\"title\":\"Rate Limit Notice\",\"description\":[\"wait\"]}]}",
	  READING_REFUSED, "", "", "", "" },
	{ "a notice about limits beside an answer", "https://rdap.lacnic.net/rdap",
	  "{" NETWORK
	  ",\"notices\":[{\"title\":\"Rate Limit Notice\"}],\"entities\":[" ENTITY(
		  "A", "[\"abuse\"]", MAIL("{}", "a@river.example")) "]}",
	  READING_ANSWER, "abuse:a@river.example/network", "192.0.2.0/24", "", "" },
	{ "wrong types everywhere", "https://rdap.isp.example",
	  "{" NETWORK ",\"remarks\":7,\"country\":{},\"entities\":[7,null,{\"roles\":"
	  "\"abuse\",\"vcardArray\":7},{\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\",[7,"
	  "[\"email\"],[\"email\",7,7,7],[\"email\",[],\"text\",{\"a\":1}],[\"EMAIL\",{},"
	  "\"text\",\"abuse@river.example\",\"two@river.example\"]]]}]}",
	  READING_ANSWER,
	  "abuse:abuse@river.example/network abuse:two@river.example/network",
	  "192.0.2.0/24", "", "" },
};

static void reads_networks(void)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct address about = { 0 };
		struct reading reading = { 0 };
		struct error err = { 0 };

		CHECK_INT(address_parse(S("192.0.2.77"), &about), 0);
		if (!CHECK_INT(read(arena, rows[i].server, slice_of(rows[i].json),
				    &about, &reading, &err),
			       0) ||
		    !CHECK_INT(reading.state, rows[i].state) ||
		    !CHECK_SLICE(mails_of(arena, &reading), slice_of(rows[i].mails)) ||
		    !CHECK_TEXT(reading.has_network
					? range_format(&reading.network.range).text
					: "",
				rows[i].range) ||
		    !CHECK_SLICE(reading.registry_hint, slice_of(rows[i].hint)) ||
		    !CHECK_SLICE(reading.handle_query, slice_of(rows[i].handle)))
			CHECK_TEXT(rows[i].name, err.text);
		arena_free(arena);
	}
}

static void names_the_network(void)
{
	struct arena *arena = arena_new();
	struct address about = { 0 };
	struct reading reading = { 0 };
	struct error err = { 0 };

	CHECK_INT(address_parse(S("192.0.2.77"), &about), 0);
	CHECK_INT(read(arena, "https://rdap.db.ripe.net/ip/192.0.2.77",
		       S("{" NETWORK
			 ",\"country\":\"NL\",\"arin_originas0_originautnums\":[64496],"
			 "\"entities\":[{\"roles\":[\"registrant\"],\"vcardArray\":"
			 "[\"vcard\",[[\"fn\",{},\"text\",\"R\\u00edver B.V.\"]]]}]}"),
		       &about, &reading, &err),
		  0);
	CHECK_SLICE(reading.network.organisation, S("R\xc3\xadver B.V."));
	CHECK_SLICE(reading.network.name, S("RIVER"));
	CHECK_SLICE(reading.network.handle, S("NET-1"));
	CHECK_SLICE(reading.network.country, S("NL"));
	CHECK_SLICE(reading.network.registry, S("ripe"));
	CHECK_SLICE(reading.network.found_in,
		    S("https://rdap.db.ripe.net/ip/192.0.2.77"));
	CHECK_INT(reading.network.looked_up_at, 5);
	CHECK_INT(reading.origin.at[0], 64496);
	arena_free(arena);
}

static void reads_domains_numbers_and_entities(void)
{
	static const struct {
		const char *json, *mails;
	} objects[] = {
		{ "{\"objectClassName\":\"domain\",\"ldhName\":\"river.example\","
		  "\"entities\":[{\"roles\":[\"registrar\"],\"entities\":[" ENTITY(
			  "1", "[\"abuse\"]",
			  MAIL("{}",
			       "abuse@registrar.example")) "]}," ENTITY("2",
									"[\"technical\"]",
									MAIL("{}",
									     "t@river."
									     "example")) "]"
											 "}",
		  "abuse:abuse@registrar.example/domain technical:t@river.example/domain" },
		{ "{\"objectClassName\":\"autnum\",\"startAutnum\":64496,\"entities\":[" ENTITY(
			  "1", "[\"abuse\"]", MAIL("{}", "abuse@river.example")) "]}",
		  "abuse:abuse@river.example/network" },
		{ "{\"objectClassName\":\"entity\",\"handle\":\"A-ARIN\"," CARD(
			  MAIL("{}", "abuse@river.example")) "}",
		  "abuse:abuse@river.example/organisation" },
		{ "{\"rdapConformance\":[\"rdap_level_0\"]}", "" },
	};

	for (size_t i = 0; i < COUNT_OF(objects); i++) {
		struct arena *arena = arena_new();
		struct address nothing = { 0 };
		struct reading reading = { 0 };
		struct error err = { 0 };

		CHECK_INT(read(arena, "rdap.isp.example", slice_of(objects[i].json),
			       &nothing, &reading, &err),
			  0);
		CHECK_SLICE(mails_of(arena, &reading), slice_of(objects[i].mails));
		arena_free(arena);
	}
}

static void refuses_what_is_not_rdap(void)
{
	static const char *const texts[] = {
		"<html>429</html>", "", "[]", "7", "{}", "{\"a\":1}", "{" NETWORK,
		"{" NETWORK "}x"
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct arena *arena = arena_new();
		struct address about = { 0 };
		struct reading reading = { .note = S("untouched") };
		struct error err = { 0 };

		CHECK_INT(address_parse(S("192.0.2.77"), &about), 0);
		CHECK_INT(read(arena, "rdap.isp.example", slice_of(texts[i]), &about,
			       &reading, &err),
			  -1);
		CHECK_INT(err.kind, ERROR_SYNTAX);
		CHECK_SLICE(reading.note, S("untouched"));
		arena_free(arena);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(reads_networks), TEST(names_the_network),
			 TEST(reads_domains_numbers_and_entities),
			 TEST(refuses_what_is_not_rdap));
}
