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

struct row {
	const char *name, *server, *text;
	enum reading_state state;
	const char *range; /* "" for no network */
	const char *organisation, *mails, *hint, *handle;
};

/* The address asked for is 192.0.2.77 throughout. */
static void check_row(const struct row *row, struct slice text)
{
	struct arena *arena = arena_new();
	struct address about = { 0 };
	struct reading reading;

	CHECK_INT(address_parse(S("192.0.2.77"), &about), 0);
	whois_read(arena, slice_of(row->server), text, &about, 5, &reading);
	if (!CHECK_INT(reading.state, row->state) ||
	    !CHECK_TEXT(reading.has_network ? range_format(&reading.network.range).text
					    : "",
			row->range) ||
	    !CHECK_SLICE(reading.network.organisation, slice_of(row->organisation)) ||
	    !CHECK_SLICE(mails_of(arena, &reading), slice_of(row->mails)) ||
	    !CHECK_SLICE(reading.registry_hint, slice_of(row->hint)) ||
	    !CHECK_SLICE(reading.handle_query, slice_of(row->handle)))
		CHECK_TEXT(row->name, "right");
	arena_free(arena);
}

/* Cut off at every byte an answer gives less or the same, and nothing breaks. */
static void check_cuts(const struct row *row)
{
	struct slice text = slice_of(row->text);
	struct address about = { 0 };

	CHECK_INT(address_parse(S("192.0.2.77"), &about), 0);
	for (size_t len = 0; len < text.len; len += 3) {
		struct arena *arena = arena_new();
		struct reading reading;

		whois_read(arena, slice_of(row->server), slice_cut(text, 0, len),
			   &about, 5, &reading);
		CHECK(reading.contacts.count <= 8);
		arena_free(arena);
	}
}

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		check_row(&rows[i], slice_of(rows[i].text));
		check_cuts(&rows[i]);
	}
}

#define RIVER                                       \
	"inetnum:        192.0.2.0 - 192.0.2.255\n" \
	"netname:        RIVER-NET\n"               \
	"descr:          River\n"                   \
	"country:        NL\n"                      \
	"admin-c:        RD1-RIPE\n"                \
	"mnt-by:         RIVER-MNT\n"               \
	"source:         RIPE # Filtered\n"

static const struct row ripe_rows[] = {
	{ "the comment is RIPE's own word", "whois.ripe.net",
	  "% Abuse contact for '192.0.2.0 - 192.0.2.255' is 'abuse@river.example'\n\n" RIVER,
	  READING_ANSWER, "192.0.2.0/24", "River", "abuse:abuse@river.example/network",
	  "", "" },
	{ "a comment about another range is none", "whois.ripe.net",
	  "% Abuse contact for '198.51.100.0 - 198.51.100.255' is 'a@evil.example'\n\n" RIVER,
	  READING_ANSWER, "192.0.2.0/24", "River", "", "", "" },
	{ "a comment inside an object is text", "whois.ripe.net",
	  RIVER
	  "remarks:        one\n"
	  "                % Abuse contact for '192.0.2.0/24' is 'a@evil.example'\n"
	  "+% Abuse contact for '192.0.2.0/24' is 'b@evil.example'\n",
	  READING_ANSWER, "192.0.2.0/24", "River",
	  "abuse:a@evil.example/network abuse:b@evil.example/network", "", "" },
	{ "validation failed: doubted, and the organisation is to be asked",
	  "whois.ripe.net",
	  "% Abuse contact for '192.0.2.0 - 192.0.2.255' is 'abuse@river.example'\n"
	  "% Abuse-mailbox validation failed. Please refer to ORG-RI1-RIPE for further "
	  "information.\n\n" RIVER,
	  READING_ANSWER, "192.0.2.0/24", "River", "abuse:abuse@river.example/network?",
	  "", "ORG-RI1-RIPE" },
	{ "the wider range's comment is the parent's", "whois.ripe.net",
	  "% Abuse contact for '192.0.0.0 - 192.0.255.255' is 'abuse@river.example'\n\n" RIVER,
	  READING_ANSWER, "192.0.2.0/24", "River", "abuse:abuse@river.example/parent",
	  "", "" },
	{ "abuse-c, the organisation's, a role's; an irt does not count at RIPE",
	  "whois.ripe.net",
	  "inetnum:        192.0.2.0 - 192.0.2.255\n"
	  "netname:        RIVER-NET\n"
	  "org:            ORG-RI1-RIPE\n"
	  "admin-c:        RD1-RIPE\n"
	  "mnt-irt:        IRT-RIVER\n"
	  "source:         RIPE\n"
	  "\n"
	  "organisation:   ORG-RI1-RIPE\n"
	  "org-name:       River Provider\n"
	  "abuse-c:        AR1-RIPE\n"
	  "\n"
	  "role:           Abuse desk\n"
	  "abuse-mailbox:  Abuse@River.example\n"
	  "nic-hdl:        AR1-RIPE\n"
	  "\n"
	  "person:         Kim Doe\n"
	  "e-mail:         kim@river.example\n"
	  "nic-hdl:        RD1-RIPE\n"
	  "\n"
	  "irt:            IRT-RIVER\n"
	  "abuse-mailbox:  irt@river.example\n",
	  READING_ANSWER, "192.0.2.0/24", "River Provider",
	  "abuse:abuse@river.example/organisation administrative:kim@river.example/network",
	  "", "" },
	{ "a placeholder of the registry is elsewhere", "whois.ripe.net",
	  "% Abuse contact for '192.0.0.0 - 192.255.255.255' is 'abuse@ripe.net'\n\n"
	  "inetnum:        192.0.0.0 - 192.255.255.255\n"
	  "netname:        NON-RIPE-NCC-MANAGED-ADDRESS-BLOCK\n"
	  "descr:          IPv4 address block not managed by the RIPE NCC\n"
	  "status:         ALLOCATED UNSPECIFIED\n"
	  "mnt-by:         RIPE-NCC-HM-MNT\n"
	  "source:         RIPE\n",
	  READING_ELSEWHERE, "192.0.0.0/8",
	  "IPv4 address block not managed by the RIPE NCC", "", "", "" },
	{ "a customer who only calls himself so is reported", "whois.ripe.net",
	  "% Abuse contact for '192.0.2.0 - 192.0.2.255' is 'abuse@river.example'\n\n"
	  "inetnum:        192.0.2.0 - 192.0.2.255\n"
	  "netname:        IANA-BLK\n"
	  "mnt-by:         RIVER-MNT\n"
	  "source:         RIPE\n",
	  READING_ANSWER, "192.0.2.0/24", "", "abuse:abuse@river.example/network", "",
	  "" },
	{ "everything is no network", "whois.ripe.net",
	  "inetnum:        0.0.0.0 - 255.255.255.255\n"
	  "netname:        WORLD\n"
	  "remarks:        abuse to a@evil.example\n",
	  READING_ELSEWHERE, "0.0.0.0/0", "", "", "", "" },
	{ "another range than was asked", "whois.ripe.net",
	  "inetnum:        198.51.100.0 - 198.51.100.255\n"
	  "netname:        EVIL\n"
	  "remarks:        abuse to a@evil.example\n",
	  READING_NOTHING, "", "", "", "", "" },
	{ "denied", "whois.ripe.net",
	  "%ERROR:201: access denied for 192.0.2.200\n%\n% Sorry.\n", READING_REFUSED,
	  "", "", "", "", "" },
	{ "not found", "whois.ripe.net", "%ERROR:101: no entries found\n",
	  READING_NOTHING, "", "", "", "", "" },
	{ "words of a refusal in an object are text", "whois.ripe.net",
	  RIVER "remarks:        query rate limit exceeded\n", READING_ANSWER,
	  "192.0.2.0/24", "River", "", "", "" },
	{ "nothing at all", "whois.ripe.net", "", READING_NOTHING, "", "", "", "", "" },
};

static void reads_ripe(void)
{
	check_rows(ripe_rows, COUNT_OF(ripe_rows));
}

static const struct row apnic_rows[] = {
	{ "irt, then a doubted generated role, then technicians", "whois.apnic.net",
	  "inetnum:        192.0.2.0 - 192.0.2.127\n"
	  "netname:        HARBOUR\n"
	  "mnt-irt:        IRT-HARBOUR-TH\n"
	  "abuse-c:        AH1-AP\n"
	  "tech-c:         HT1-AP\n"
	  "mnt-by:         APNIC-HM\n"
	  "source:         APNIC\n\n"
	  "irt:            IRT-HARBOUR-TH\n"
	  "e-mail:         noc@harbour.example\n"
	  "abuse-mailbox:  abuse@harbour.example\n\n"
	  "role:           ABUSE HARBOURTH\n"
	  "abuse-mailbox:  desk@harbour.example\n"
	  "remarks:        desk@harbour.example is invalid\n"
	  "nic-hdl:        AH1-AP\n\n"
	  "role:           Technicians\n"
	  "e-mail:         tech@harbour.example\n"
	  "remarks:        spam reports to spam@harbour.example, please.\n"
	  "nic-hdl:        HT1-AP\n",
	  READING_ANSWER, "192.0.2.0/25", "",
	  "abuse:desk@harbour.example/network? abuse:abuse@harbour.example/network "
	  "abuse:spam@harbour.example/network technical:tech@harbour.example/network",
	  "", "" },
	{ "an irt without an abuse mailbox", "whois.apnic.net",
	  "inetnum:        192.0.2.0 - 192.0.2.127\nnetname: H\nmnt-irt: IRT-H\n\n"
	  "irt: IRT-H\ne-mail: noc@harbour.example\n",
	  READING_ANSWER, "192.0.2.0/25", "", "abuse:noc@harbour.example/network", "",
	  "" },
	{ "a stub names the registry that has it now", "whois.apnic.net",
	  "inetnum:        192.0.2.0 - 192.0.2.255\n"
	  "netname:        STUB-192-0-2-SLASH24\n"
	  "descr:          Transferred to the RIPE region on 2020-02-03\n"
	  "mnt-by:         APNIC-STUB\n"
	  "source:         APNIC\n",
	  READING_ELSEWHERE, "192.0.2.0/24",
	  "Transferred to the RIPE region on 2020-02-03", "", "ripe", "" },
	{ "a customer's own words transfer nothing", "whois.apnic.net",
	  "inetnum:        192.0.2.0 - 192.0.2.255\n"
	  "netname:        STUB-ME\n"
	  "descr:          Transferred to the ARIN region\n"
	  "mnt-by:         MAINT-EVIL\n",
	  READING_ANSWER, "192.0.2.0/24", "Transferred to the ARIN region", "", "",
	  "" },
	{ "early registrations are elsewhere", "whois.apnic.net",
	  "inetnum:        192.0.0.0 - 192.255.255.255\n"
	  "netname:        ERX-NETBLOCK\n"
	  "mnt-by:         APNIC-HM\n",
	  READING_ELSEWHERE, "192.0.0.0/8", "", "", "", "" },
	{ "national space: the mirrored object's remark and who to ask",
	  "whois.apnic.net",
	  "inetnum:        192.0.0.0 - 192.0.255.255\n"
	  "netname:        JPNIC-NET-JP\n"
	  "mnt-lower:      MAINT-JPNIC\n"
	  "source:         APNIC\n\n"
	  "inetnum:        192.0.2.0 - 192.0.2.255\n"
	  "netname:        LANTERN\n"
	  "descr:          Lantern Inc.\n"
	  "remarks:        Email address for spam or abuse complaints : "
	  "abuse@lantern.example\n"
	  "source:         JPNIC\n",
	  READING_ANSWER, "192.0.2.0/24", "Lantern Inc.",
	  "abuse:abuse@lantern.example/network", "jpnic", "" },
	{ "remarks alone prove no national registry", "whois.apnic.net",
	  "inetnum:        192.0.2.0 - 192.0.2.255\n"
	  "netname:        EVIL\n"
	  "remarks:        source: JPNIC, see whois.nic.ad.jp\n",
	  READING_ANSWER, "192.0.2.0/24", "", "", "", "" },
	{ "afrinic: no abuse contact registered, but a remark", "whois.afrinic.net",
	  "% No abuse contact registered for 192.0.2.0 - 192.0.2.255\n\n"
	  "inetnum:        192.0.2.0 - 192.0.2.255\n"
	  "netname:        BAOBAB\n"
	  "descr:          Baobab Schools\n"
	  "remarks:        please send abuse reports to abuse@baobab.example\n"
	  "notify:         ***@baobab.example\n",
	  READING_ANSWER, "192.0.2.0/24", "Baobab Schools",
	  "abuse:abuse@baobab.example/network", "", "" },
	{ "afrinic: the maintainer's mailbox, not the registry's", "whois.afrinic.net",
	  "inetnum:        192.0.2.0 - 192.0.2.255\n"
	  "netname:        BAOBAB\n"
	  "mnt-by:         AFRINIC-HM-MNT\n"
	  "mnt-by:         BAOBAB-MNT\n\n"
	  "mntner:         AFRINIC-HM-MNT\n"
	  "abuse-mailbox:  hm@baobab.example\n\n"
	  "mntner:         BAOBAB-MNT\n"
	  "abuse-mailbox:  abuse@baobab.example\n",
	  READING_ANSWER, "192.0.2.0/24", "", "abuse:abuse@baobab.example/network", "",
	  "" },
	{ "ripe: a maintainer's mailbox counts for nothing", "whois.ripe.net",
	  "inetnum:        192.0.2.0 - 192.0.2.255\n"
	  "netname:        BAOBAB\n"
	  "mnt-by:         BAOBAB-MNT\n\n"
	  "mntner:         BAOBAB-MNT\n"
	  "abuse-mailbox:  abuse@baobab.example\n",
	  READING_ANSWER, "192.0.2.0/24", "", "", "", "" },
	{ "afrinic cannot ask another registry", "whois.afrinic.net",
	  "% The WHOIS is temporary unable to query ARIN for the requested resource.\n",
	  READING_REFUSED, "", "", "", "", "" },
	{ "latin-1 becomes UTF-8", "whois.ripe.net",
	  "inetnum: 192.0.2.0/24\nnetname: F\ndescr: Caf\xe9\r\n", READING_ANSWER,
	  "192.0.2.0/24", "Caf\xc3\xa9", "", "", "" },
	{ "a mark of byte order and CR CR LF", "whois.ripe.net",
	  "\xef\xbb\xbfinetnum: 192.0.2.0/24\r\r\nnetname: F\r\r\ndescr: x\r\r\n",
	  READING_ANSWER, "192.0.2.0/24", "x", "", "", "" },
};

static void reads_apnic_and_afrinic(void)
{
	check_rows(apnic_rows, COUNT_OF(apnic_rows));
}

static const struct row arin_rows[] = {
	{ "the last block, resource before organisation, the wider one as fallback",
	  "whois.arin.net",
	  "# start\n\n"
	  "NetRange:       192.0.0.0 - 192.0.255.255\n"
	  "NetName:        WIDE\n"
	  "NetHandle:      NET-192-0-0-0-1\n\n"
	  "OrgName:        Wide Inc.\n"
	  "OrgId:          WIDE\n\n"
	  "OrgAbuseHandle: AW1-ARIN\n"
	  "OrgAbuseEmail:  abuse@wide.example\n\n"
	  "# end\n# start\n\n"
	  "NetRange:       192.0.2.0 - 192.0.2.255\n"
	  "CIDR:           192.0.2.0/24\n"
	  "NetName:        NARROW\n"
	  "OriginAS:       AS64496\n"
	  "Organization:   Narrow LLC (NARROW-2)\n"
	  "Country:        US\n\n"
	  "OrgAbuseEmail:  org@narrow.example\n"
	  "OrgTechEmail:   tech@narrow.example\n"
	  "RAbuseHandle:   AN1-ARIN\n"
	  "RAbuseEmail:    abuse@narrow.example\n\n# end\n",
	  READING_ANSWER, "192.0.2.0/24", "Narrow LLC",
	  "abuse:abuse@wide.example/parent abuse:org@narrow.example/organisation "
	  "technical:tech@narrow.example/organisation abuse:abuse@narrow.example/network",
	  "", "" },
	{ "a reassignment has no contact of its own", "whois.arin.net",
	  "NetRange:       192.0.0.0 - 192.0.255.255\n\nOrgId: WIDE\n"
	  "OrgAbuseEmail:  abuse@wide.example\n\n"
	  "NetRange:       192.0.2.64 - 192.0.2.127\n"
	  "CustName:       A private customer\n",
	  READING_ANSWER, "192.0.2.64/26", "A private customer",
	  "abuse:abuse@wide.example/parent", "", "" },
	{ "transferred to another registry", "whois.arin.net",
	  "NetRange:       192.0.2.0 - 192.0.2.255\n"
	  "NetType:        Early Registrations, Transferred to RIPE NCC\n"
	  "OrgName:        RIPE Network Coordination Centre\n"
	  "OrgId:          RIPE\n"
	  "ReferralServer: whois://whois.ripe.net:43\n"
	  "OrgAbuseEmail:  abuse@ripe.net\n",
	  READING_ELSEWHERE, "192.0.2.0/24", "RIPE Network Coordination Centre", "",
	  "ripe", "" },
	{ "a form in a comment about abuse", "whois.arin.net",
	  "NetRange:       192.0.2.0 - 192.0.2.255\n"
	  "Comment:        Legal: https://narrow.example/legal\n"
	  "Comment:        Direct all spam and abuse complaints to\n"
	  "Comment:        https://narrow.example/abuse.\n"
	  "Comment:        or to (desk@narrow.example)\n"
	  "Comment:        ReferralServer: whois://whois.evil.example\n",
	  READING_ANSWER, "192.0.2.0/24", "",
	  "abuse:https://narrow.example/abuse/network "
	  "abuse:desk@narrow.example/organisation",
	  "", "" },
	{ "a short list gives the handle to ask for", "whois.arin.net",
	  "\nWide Inc. WIDE (NET-192-0-0-0-1) 192.0.0.0 - 192.0.255.255\n"
	  "Narrow (x) NARROW (NET-192-0-2-0-1) 192.0.2.0 - 192.0.2.255\n"
	  "Other OTHER (NET-198-51-100-0-1) 198.51.100.0 - 198.51.100.255\n",
	  READING_ANSWER, "", "", "", "", "NET-192-0-2-0-1" },
	{ "not found", "whois.arin.net",
	  "# ARIN WHOIS data\n\nNo match found for n + x.\n", READING_NOTHING, "", "",
	  "", "", "" },
};

static void reads_arin(void)
{
	check_rows(arin_rows, COUNT_OF(arin_rows));
}

static const struct row other_rows[] = {
	{ "lacnic: short range, abuse-c", "whois.lacnic.net",
	  "% Joint Whois - whois.lacnic.net\r\n\r\n"
	  "inetnum:     192.0.2/24\r\n"
	  "aut-num:     AS64496\r\n"
	  "owner:       Pampa Red\r\n"
	  "ownerid:     AR-PARE-LACNIC\r\n"
	  "country:     AR\r\n"
	  "owner-c:     OWN1\r\n"
	  "abuse-c:     ABU1\r\n\r\n"
	  "nic-hdl:     OWN1\r\n"
	  "e-mail:      owner@pampa.example\r\n\r\n"
	  "nic-hdl:     ABU1\r\n"
	  "e-mail:      abuse@pampa.example\r\n",
	  READING_ANSWER, "192.0.2.0/24", "Pampa Red",
	  "abuse:abuse@pampa.example/network "
	  "administrative:owner@pampa.example/network",
	  "", "" },
	{ "nic.br: latin-1, masked mail, the CERT", "whois.registro.br",
	  "% Copyright (c) Nic.br\r\r\n"
	  "\r\r\n"
	  "inetnum:     192.0.2.0/24\r\r\n"
	  "owner:       P\xe3o Ltda\r\r\n"
	  "abuse-c:     PAO1\r\r\n"
	  "\r\r\n"
	  "nic-hdl-br:  PAO1\r\r\n"
	  "person:      Somebody\r\r\n"
	  "\r\r\n"
	  "% cert.br, http://www.cert.br/, respectivelly to cert@cert.br\r\r\n",
	  READING_ANSWER, "192.0.2.0/24", "P\xc3\xa3o Ltda", "abuse:cert@cert.br/csirt",
	  "", "PAO1" },
	{ "lacnic: brazilian, denied", "whois.lacnic.net",
	  "% Brazilian resource: whois.registro.br\n% You don't have permission to use this "
	  "service\n",
	  READING_REFUSED, "", "", "", "nicbr", "" },
	{ "nic.br: reduced information is not kept", "whois.registro.br",
	  "% Query rate limit exceeded. Reduced information.\n\ninetnum: 192.0.2.0/24\n"
	  "owner: P\n",
	  READING_REFUSED, "192.0.2.0/24", "P", "", "", "" },
	{ "krnic: the provider's mail, not the customer's", "whois.krnic.net",
	  "query : 192.0.2.77\n\n# ENGLISH\n\n"
	  "[ Network Information ]\n"
	  "IPv4 Address       : 192.0.0.0 - 192.0.255.255 (/16)\n"
	  "Organization Name  : Mountain Telecom\n"
	  "E-Mail             : abuse@mountain.example\n\n"
	  "[ Network Information ]\n"
	  "IPv4 Address       : 192.0.2.64 - 192.0.2.127 (/26)\n"
	  "Organization Name  : Customer\n"
	  "E-Mail             : bbb@aaa.example\n\n"
	  "- KISA/KRNIC WHOIS Service -\n",
	  READING_ANSWER, "192.0.2.64/26", "Customer",
	  "abuse:abuse@mountain.example/network technical:bbb@aaa.example/network", "",
	  "" },
	{ "jpnic: abuse given", "whois.nic.ad.jp",
	  "[ JPNIC database provides information ]\n\nNetwork Information:\n"
	  "a. [Network Number]             192.0.2.0/24\n"
	  "b. [Network Name]               LANTERN\n"
	  "g. [Organization]               Lantern Inc.\n"
	  "m. [Administrative Contact]     KD001JP\n"
	  "n. [Technical Contact]          TL001JP\n"
	  "o. [Abuse]                      abuse@lantern.example\n"
	  "\nLess Specific Info.\n----------\nNo match!!\n",
	  READING_ANSWER, "192.0.2.0/24", "Lantern Inc.",
	  "abuse:abuse@lantern.example/network", "", "" },
	{ "jpnic: no abuse, the technician's handle", "whois.nic.ad.jp",
	  "a. [Network Number]             192.0.2.0/24\n"
	  "m. [Administrative Contact]     KD001JP\n"
	  "n. [Technical Contact]          TL001JP\n"
	  "o. [Abuse]\n",
	  READING_ANSWER, "192.0.2.0/24", "", "", "", "TL001JP" },
	{ "jpnic: the technician's record", "whois.nic.ad.jp",
	  "Contact Information:\n"
	  "a. [JPNIC Handle]               TL001JP\n"
	  "c. [Last, First]                Lantern, Kim\n"
	  "d. [E-Mail]                     kim@lantern.example\n",
	  READING_ANSWER, "", "", "technical:kim@lantern.example/network", "", "" },
	{ "jpnic: a name in ISO-2022-JP", "whois.nic.ad.jp",
	  "a. [Network Number]             192.0.2.0/24\n"
	  "g. [Organization]               \x1b$B3t<02q<R\x1b(B\n"
	  "o. [Abuse]                      abuse@lantern.example\n",
	  READING_ANSWER, "192.0.2.0/24",
	  "\xe6\xa0\xaa\xe5\xbc\x8f\xe4\xbc\x9a\xe7\xa4\xbe",
	  "abuse:abuse@lantern.example/network", "", "" },
	{ "krnic: a name in EUC-KR", "whois.krnic.net",
	  "# ENGLISH\n\n[ Network Information ]\n"
	  "IPv4 Address       : 192.0.2.0 - 192.0.2.255 (/24)\n"
	  "Organization Name  : \xc7\xd1\xb1\xb9\n"
	  "E-Mail             : abuse@mountain.example\n",
	  READING_ANSWER, "192.0.2.0/24", "\xed\x95\x9c\xea\xb5\xad",
	  "abuse:abuse@mountain.example/network", "", "" },
	{ "jpnic: nothing", "whois.nic.ad.jp", "No match!!\n", READING_NOTHING, "", "",
	  "", "", "" },
	{ "twnic", "whois.twnic.net.tw",
	  "Netname: KITE-NET\nNetblock: 192.0.2.0/24\n\nAdministrator contact:\n"
	  "  admin@kite.example\n\nTechnical contact:\n  noc@kite.example\n\n"
	  "Abuse contact:\n  abuse@kite.example\n",
	  READING_ANSWER, "192.0.2.0/24", "",
	  "administrative:admin@kite.example/network technical:noc@kite.example/network "
	  "abuse:abuse@kite.example/network",
	  "", "" },
	{ "an unknown server is read by its look", "whois.isp.example",
	  "NetRange: 192.0.2.0 - 192.0.2.255\nOrgAbuseEmail: abuse@narrow.example\n",
	  READING_ANSWER, "192.0.2.0/24", "", "abuse:abuse@narrow.example/organisation",
	  "", "" },
};

static void reads_the_others(void)
{
	check_rows(other_rows, COUNT_OF(other_rows));
}

static void follows_referrals_of_the_key_only(void)
{
	static const struct {
		const char *line, *host;
		uint16_t port;
		bool rwhois;
	} rows[] = {
		{ "ReferralServer: rwhois://RWhois.isp.example:4321/",
		  "rwhois.isp.example", 4321, true },
		{ "ReferralServer: rwhois://rwhois.isp.example", "rwhois.isp.example",
		  4321, true },
		{ "ReferralServer: rwhois://rwhois.isp.example:43",
		  "rwhois.isp.example", 43, true },
		{ "ReferralServer: whois.isp.example.", "whois.isp.example", 43,
		  false },
		{ "ReferralServer: whois://whois.isp.example:43", "whois.isp.example",
		  43, false },
		{ "ReferralServer: whois://a.isp.example\nReferralServer: b.isp.example",
		  "b.isp.example", 43, false },
		{ "Comment: ReferralServer: whois.evil.example", "", 0, false },
		{ "ReferralServer: whois://whois.isp.example:25", "", 0, false },
		{ "ReferralServer: whois://127.0.0.1", "", 0, false },
		{ "ReferralServer: whois://2130706433", "", 0, false },
		{ "ReferralServer: whois://localhost.", "", 0, false },
		{ "ReferralServer: whois://db.internal", "", 0, false },
		{ "ReferralServer: whois://[::1]", "", 0, false },
		{ "ReferralServer: http://isp.example/", "", 0, false },
		{ "ReferralServer: whois://a b.example", "", 0, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct address about = { 0 };
		struct reading reading;
		struct slice text = arena_printf(
			arena, "NetRange: 192.0.2.0 - 192.0.2.255\n%s\n", rows[i].line);

		CHECK_INT(address_parse(S("192.0.2.77"), &about), 0);
		whois_read(arena, S("whois.arin.net"), text, &about, 0, &reading);
		CHECK_INT(reading.has_referral, rows[i].port != 0);
		if (!CHECK_SLICE(reading.referral.host, slice_of(rows[i].host)))
			CHECK_TEXT(rows[i].line, "");
		CHECK_INT(reading.referral.port, rows[i].port);
		CHECK_INT(reading.referral.rwhois, rows[i].rwhois);
		arena_free(arena);
	}
}

static void keeps_what_it_refused_and_where_it_was(void)
{
	struct arena *arena = arena_new();
	struct address about = { 0 };
	struct reading reading;

	CHECK_INT(address_parse(S("192.0.2.77"), &about), 0);
	whois_read(arena, S("whois.ripe.net"),
		   S("% Abuse contact for '192.0.2.0/24' is 'REDACTED\x1b[2J'\n"
		     "% Abuse contact for '192.0.2.64/26' is 'a@river.example'\n\n"
		     "inetnum: 192.0.2.0/24\n\nroute: 192.0.2.0/24\norigin: AS64496\n\n"
		     "route: 198.51.100.0/24\norigin: AS64511\n"),
		   &about, 5, &reading);
	CHECK_INT(reading.rejected.count, 1);
	CHECK_SLICE(reading.rejected.at[0].reason, S("a control character in it"));
	CHECK_INT(reading.contacts.count, 1);
	CHECK_SLICE(reading.contacts.at[0].object, S("192.0.2.64/26"));
	CHECK_SLICE(reading.contacts.at[0].server, S("whois.ripe.net"));
	CHECK_INT(reading.contacts.at[0].checked_at, 5);
	CHECK_INT(reading.contacts.at[0].found_by, FOUND_WHOIS);
	CHECK_INT(reading.origin.count, 1);
	CHECK_INT(reading.origin.at[0], 64496);
	CHECK_SLICE(reading.network.registry, S("ripe"));
	arena_free(arena);
}

static void answers_for_an_as_number(void)
{
	struct arena *arena = arena_new();
	struct address nothing = { 0 };
	struct reading reading;

	whois_read(arena, S("whois.ripe.net"),
		   S("% Abuse contact for 'AS64496' is 'abuse@river.example'\n\n"
		     "aut-num: AS64496\nas-name: RIVER\n"),
		   &nothing, 5, &reading);
	CHECK_INT(reading.state, READING_ANSWER);
	CHECK_SLICE(mails_of(arena, &reading), S("abuse:abuse@river.example/network"));
	CHECK_INT(reading.origin.at[0], 64496);
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(reads_ripe), TEST(reads_apnic_and_afrinic),
			 TEST(reads_arin), TEST(reads_the_others),
			 TEST(follows_referrals_of_the_key_only),
			 TEST(keeps_what_it_refused_and_where_it_was),
			 TEST(answers_for_an_as_number));
}
