/* Domain whois and RWhois. */
#include "check.h"
#include "contact/reading.h"

static struct slice mails_of(struct arena *arena, const struct reading *reading)
{
	struct slice text = S("");

	for (size_t i = 0; i < reading->contacts.count; i++) {
		const struct contact *contact = &reading->contacts.at[i];

		text = arena_printf(arena, SLICE_FMT "%s%s:" SLICE_FMT, SLICE_ARG(text),
				    i ? " " : "", contact_role_name(contact->role),
				    SLICE_ARG(contact->address));
	}
	return text;
}

static void reads_domains(void)
{
	static const struct {
		const char *text;
		enum reading_state state;
		const char *mails, *referral;
	} rows[] = {
		/* Of today. */
		{ "Domain Name: RIVER.EXAMPLE\r\n"
		  "Registrar WHOIS Server: whois.registrar.example\r\n"
		  "Registrar Abuse Contact Email: abuse@registrar.example\r\n"
		  "Registrant Name: Admin Email: evil@evil.example\r\n"
		  "Registrant Email: kim@river.example\r\n"
		  "Admin Email: admin@river.example\r\n"
		  "Tech Email: REDACTED FOR PRIVACY\r\n"
		  "Billing Email: bill@river.example\r\n"
		  ">>> Last update of WHOIS database: 2026-11-20T00:00:00Z <<<\r\n"
		  "Admin Email: terms@registry.example\r\n",
		  READING_ANSWER,
		  "abuse:abuse@registrar.example registrant:kim@river.example "
		  "administrative:admin@river.example billing:bill@river.example",
		  "whois.registrar.example" },
		/* Of the year 2000. */
		{ "Registrant:\n"
		  "River Provider (RIVER-DOM)\n"
		  "   1 Quay\n\n"
		  "   Domain Name: RIVER.EXAMPLE\n\n"
		  "   Administrative Contact, Billing Contact:\n"
		  "      Doe, Kim  (KD1)  kim@RIVER.EXAMPLE\n"
		  "      River Provider\n"
		  "      +31 20 555 0100 (FAX) +31 20 555 0101\n"
		  "   Technical Contact, Zone Contact:\n"
		  "      Operations (NO1)\n"
		  "      noc@river.example\n\n"
		  "   Record last updated on 08-Nov-2000.\n"
		  "   Domain servers: mail someone@elsewhere.example\n",
		  READING_ANSWER,
		  "administrative:kim@river.example billing:kim@river.example "
		  "technical:noc@river.example",
		  "" },
		/* A thin registry lists its neighbours. */
		{ "   Domain Name: RIVER.EXAMPLE.EVIL.EXAMPLE\n"
		  "   Registrar WHOIS Server: whois.evil.example\n"
		  "   Registrar Abuse Contact Email: abuse@evil.example\n\n"
		  "   Domain Name: RIVER.EXAMPLE\n"
		  "   Registrar WHOIS Server: whois.registrar.example\n",
		  READING_ANSWER, "", "whois.registrar.example" },
		{ "Domain Name: RIVER.EXAMPLE\nRegistrar WHOIS Server: 127.0.0.1\n",
		  READING_ANSWER, "", "" },
		{ "No match for \"RIVER.EXAMPLE\".\n>>> Last update <<<\n",
		  READING_NOTHING, "", "" },
		{ "WHOIS LIMIT EXCEEDED - SEE WWW.REGISTRY.EXAMPLE\n", READING_REFUSED,
		  "", "" },
		{ "", READING_NOTHING, "", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct reading reading;

		whois_domain_read(arena, S("whois.registry.example"),
				  slice_of(rows[i].text), S("river.example"), 5,
				  &reading);
		CHECK_INT(reading.state, rows[i].state);
		CHECK_SLICE(mails_of(arena, &reading), slice_of(rows[i].mails));
		CHECK_SLICE(reading.referral.host, slice_of(rows[i].referral));
		for (size_t j = 0; j < reading.contacts.count; j++)
			CHECK_INT(reading.contacts.at[j].scope, SCOPE_DOMAIN);
		arena_free(arena);
	}
}

static void reads_rwhois(void)
{
	static const struct {
		const char *text;
		enum reading_state state;
		const char *mails, *range, *organisation, *handle;
	} rows[] = {
		{ "%rwhois V-1.5:003fff:00 rwhois.isp.example\n"
		  "network:Class-Name:network\n"
		  "network:Abuse-Contact;I:abuse@isp.example\n"
		  "network:IP-Network:192.0.2.64/27\n"
		  "network:Org-Name;I:A customer\n"
		  "network:Tech-Contact;I:tech@isp.example\n"
		  "network:Updated-By:person@isp.example\n"
		  "%referral rwhois://root.rwhois.net:4321/auth-area=.\n"
		  "%ok\n",
		  READING_ANSWER, "abuse:abuse@isp.example technical:tech@isp.example",
		  "192.0.2.64/27", "A customer", "" },
		{ "network:IP-Network-Block:192.0.2.64 - 192.0.2.95\n"
		  "network:Abuse-Contact;I:ABUSE2492-ARIN\n",
		  READING_ANSWER, "", "192.0.2.64/27", "", "ABUSE2492-ARIN" },
		{ "network:IP-Network:192.0.2.64/27\n\n"
		  "contact:Abuse-Email:abuse@isp.example\n",
		  READING_ANSWER, "abuse:abuse@isp.example", "192.0.2.64/27", "", "" },
		{ "network:IP-Network:198.51.100.0/24\n"
		  "network:Abuse-Contact:a@evil.example\n\n"
		  "network:IP-Network:192.0.2.0/24\n"
		  "network:Abuse-Contact:abuse@isp.example\n",
		  READING_ANSWER, "abuse:abuse@isp.example", "192.0.2.0/24", "", "" },
		{ "%rwhois V-1.5\n", READING_NOTHING, "", "", "", "" },
		{ "%error 230 No objects found\n", READING_NOTHING, "", "", "", "" },
		{ "%error 350 Invalid\n", READING_REFUSED, "", "", "", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct address about = { 0 };
		struct reading reading;

		CHECK_INT(address_parse(S("192.0.2.77"), &about), 0);
		rwhois_read(arena, S("rwhois.isp.example"), slice_of(rows[i].text),
			    &about, 5, &reading);
		CHECK_INT(reading.state, rows[i].state);
		CHECK_SLICE(mails_of(arena, &reading), slice_of(rows[i].mails));
		CHECK_TEXT(reading.has_network
				   ? range_format(&reading.network.range).text
				   : "",
			   rows[i].range);
		CHECK_SLICE(reading.network.organisation,
			    slice_of(rows[i].organisation));
		CHECK_SLICE(reading.handle_query, slice_of(rows[i].handle));
		arena_free(arena);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(reads_domains), TEST(reads_rwhois));
}
