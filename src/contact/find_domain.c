/* The domain side of a confirmed name: who the domain's registration names, and the role
 * mailboxes that RFC 2142 promises. The wider list, for people who want to send to it. */
#include "contact/look_up.h"

#include "mail/address.h"

enum { CHAIN_MAX = 3 }; /* IANA, registry, registrar */
enum { REFERS_MAX = 4096 };
#define REFER_FRESH_US (7 * DAY_US)

/* What some registries want to hear before the name. */
static const struct {
	const char *host, *prefix;
} PREFIXES[] = {
	{ "whois.verisign-grs.com", "domain " },
	{ "whois.denic.de", "-T dn " },
};

static struct hop hop_for(struct look_up *look_up, struct slice host,
			  struct slice domain)
{
	const char *prefix = "";

	for (size_t i = 0; i < COUNT_OF(PREFIXES); i++)
		if (slice_equal_nocase(host, slice_of(PREFIXES[i].host)))
			prefix = PREFIXES[i].prefix;
	return (struct hop){ .host = host,
			     .port = WHOIS_PORT,
			     .query = arena_printf(look_up->arena, "%s" SLICE_FMT,
						   prefix, SLICE_ARG(domain)) };
}

/* IANA is told the top-level domain alone: it needs no more. */
static struct hop hop_iana(struct slice domain)
{
	ptrdiff_t dot = slice_find_last_byte(domain, '.');

	return (struct hop){ .host = S("whois.iana.org"),
			     .port = WHOIS_PORT,
			     .query = slice_from(domain, (size_t)(dot + 1)) };
}

static struct refer *refer_of(struct finder *finder, struct slice top_level)
{
	for (size_t i = 0; i < finder->refers.count; i++)
		if (slice_equal_nocase(finder->refers.at[i].top_level, top_level))
			return &finder->refers.at[i];
	return NULL;
}

/* IANA is asked once a week where a registry is, however many of its domains are asked
 * for. Where the server fails it is asked again.                                        */
static bool hop_refer(struct look_up *look_up, struct slice domain, struct hop *hop)
{
	struct finder *finder = look_up->finder;
	const struct refer *refer = refer_of(finder, hop->query);
	int64_t age = refer ? clock_now(finder->clock) - refer->asked_at : 0;

	if (!refer || age < 0 || age >= REFER_FRESH_US)
		return false;
	*hop = hop_for(look_up, refer->host, domain);
	return true;
}

static void refer_keep(struct look_up *look_up, struct slice top_level,
		       const struct reading *reading)
{
	struct finder *finder = look_up->finder;
	struct refer *refer = refer_of(finder, top_level);

	if (!reading->has_referral || reading->referral.rwhois ||
	    reading->referral.port != WHOIS_PORT ||
	    (!refer && finder->refers.count == REFERS_MAX))
		return;
	if (!refer) {
		refer = LIST_ADD(finder->arena, &finder->refers);
		*refer = (struct refer){ .top_level =
						 arena_copy(finder->arena, top_level) };
	}
	if (!slice_equal(refer->host, reading->referral.host))
		refer->host = arena_copy(finder->arena, reading->referral.host);
	refer->asked_at = clock_now(finder->clock);
}

static struct reading *read_domain(struct look_up *look_up, const struct hop *hop,
				   struct slice domain, const struct reply *reply)
{
	struct heard *heard = look_up_heard(look_up, reply);

	if (!heard->reading) {
		heard->reading = ARENA_NEW(look_up->arena, struct reading);
		whois_domain_read(look_up->arena, hop->host, reply->text, domain,
				  reply->asked_at, heard->reading);
		look_up_judge(look_up, hop, heard->reading);
	}
	return heard->reading;
}

static void take(struct look_up *look_up, const struct reading *reading,
		 struct finding *out)
{
	for (size_t i = 0; i < reading->contacts.count; i++)
		*LIST_ADD(look_up->arena, &out->contacts) = reading->contacts.at[i];
	for (size_t i = 0; i < reading->rejected.count; i++)
		*LIST_ADD(look_up->arena, &out->rejected) = reading->rejected.at[i];
}

static bool next_hop(struct look_up *look_up, const struct reading *reading,
		     struct slice domain, struct hop *hop)
{
	const struct referral *referral = &reading->referral;

	if (!reading->has_referral || referral->rwhois ||
	    referral->port != WHOIS_PORT ||
	    slice_equal_nocase(referral->host, hop->host))
		return false;
	*hop = hop_for(look_up, referral->host, domain);
	return true;
}

bool domain_chain(struct look_up *look_up, struct slice domain, struct finding *out,
		  bool *whole)
{
	struct hop iana =
		hop_iana(look_up->top_level.len ? look_up->top_level : domain);
	struct hop hop = iana;
	bool kept = hop_refer(look_up, domain, &hop);

	*whole = true;
	for (int count = kept; count < CHAIN_MAX; count++) {
		const struct reply *reply = look_up_ask_hop(look_up, &hop);
		const struct reading *reading;

		if (reply->outcome == ASK_PENDING)
			return false;
		if (reply->outcome == ASK_FAILED && kept && count == 1) {
			kept = false;
			hop = iana;
			count = -1;
			continue;
		}
		if (reply->outcome != ASK_ANSWERED) {
			look_up_failed(look_up, reply);
			*whole = false;
			return true;
		}
		reading = read_domain(look_up, &hop, count ? domain : hop.query, reply);
		if (count == 0)
			refer_keep(look_up, hop.query, reading);
		if (reading->state == READING_REFUSED) {
			look_up_note(look_up,
				     SLICE_FMT " refused to answer: " SLICE_FMT,
				     SLICE_ARG(hop.host), SLICE_ARG(reading->note));
			*whole = false;
			return true;
		}
		if (count > 0) /* IANA's contacts are the top-level domain's */
			take(look_up, reading, out);
		if (!next_hop(look_up, reading, domain, &hop))
			return true;
	}
	return true;
}

/* Where WHOIS names nobody: some registries answer by RDAP alone. */
static bool domain_rdap(struct look_up *look_up, struct slice domain,
			struct finding *out)
{
	struct slice base = bootstrap_for_domain(&look_up->finder->bootstrap, domain);
	const struct reply *reply;
	struct heard *heard;

	if (base.len == 0)
		return true;
	reply = look_up_ask(
		look_up,
		(struct question){ .kind = ASK_RDAP,
				   .server = arena_printf(look_up->arena,
							  SLICE_FMT "domain/" SLICE_FMT,
							  SLICE_ARG(base),
							  SLICE_ARG(domain)) });
	if (reply->outcome == ASK_PENDING)
		return false;
	if (reply->outcome != ASK_ANSWERED) {
		if (reply->outcome != ASK_ABSENT)
			look_up_failed(look_up, reply);
		return true;
	}
	heard = look_up_heard(look_up, reply);
	if (!heard->reading && look_up_read_rdap(look_up, reply, heard) != 0)
		return true;
	take(look_up, heard->reading, out);
	return true;
}

static void add_mailbox(struct look_up *look_up, const char *mailbox,
			struct slice domain)
{
	bool public = look_up->finder->settings->documentation_public;
	struct slice raw = arena_printf(look_up->arena, "%s@" SLICE_FMT, mailbox,
					SLICE_ARG(domain));
	struct contact contact = {
		.kind = CONTACT_EMAIL,
		.scope = SCOPE_DOMAIN,
		.role = ROLE_MAILBOX,
		.found_by = FOUND_CONVENTION,
		.server = S("RFC 2142"),
		.object = domain,
		.confidence = 0.2,
		.checked_at = clock_now(look_up->finder->clock),
	};
	struct error ignored;

	if (mail_address_clean(look_up->arena, raw, public, &contact.address,
			       &ignored) == 0)
		*LIST_ADD(look_up->arena, &look_up->answer->contacts) = contact;
}

static void adopt(struct look_up *look_up, const struct finding *finding)
{
	struct contact_answer *answer = look_up->answer;

	for (size_t i = 0; i < finding->contacts.count; i++)
		*LIST_ADD(look_up->arena, &answer->contacts) = finding->contacts.at[i];
	for (size_t i = 0; i < finding->rejected.count; i++)
		*LIST_ADD(look_up->arena, &answer->rejected) = finding->rejected.at[i];
}

static bool take_known(struct look_up *look_up, struct slice domain)
{
	struct finder *finder = look_up->finder;
	struct finding kept;
	struct error err;
	int found;

	for (size_t i = 0; i < finder->domains.count; i++)
		if (slice_equal(finder->domains.at[i]->domain, domain)) {
			adopt(look_up, finder->domains.at[i]);
			return true;
		}
	if (!finder->db)
		return false;
	found = finding_of_domain(finder->db, look_up->arena, domain, &kept, &err);
	if (found < 0)
		look_up_note(look_up, "kept answers could not be read: %s", err.text);
	if (found != 1 || !finding_is_fresh(&kept, clock_now(finder->clock)))
		return false;
	adopt(look_up, &kept);
	look_up_note_server(look_up, S("kept answer"));
	return true;
}

static bool ask_domain(struct look_up *look_up, struct slice domain)
{
	struct finder *finder = look_up->finder;
	struct finding *finding = ARENA_NEW(look_up->arena, struct finding);
	bool whole;

	finding->domain = domain;
	finding->asked_at = clock_now(finder->clock);
	if (!domain_chain(look_up, domain, finding, &whole))
		return false;
	if (finding->contacts.count == 0 && !domain_rdap(look_up, domain, finding))
		return false;
	*LIST_ADD(look_up->arena, &finder->domains) = finding;
	if (whole)
		*LIST_ADD(look_up->arena, &finder->fresh) = finding;
	adopt(look_up, finding);
	return true;
}

/* Registered domains of confirmed names, and the query itself where it is one: then it
 * is the user's own word.                                                              */
static void collect_domains(struct look_up *look_up)
{
	const struct source_names *names = &look_up->answer->names;

	for (size_t i = 0; i < names->count; i++) {
		struct slice name = names->at[i].name;
		struct slice domain = registered_domain(look_up->arena, name);
		bool known = false;

		for (size_t k = 0; k < look_up->domains.count; k++)
			known |= slice_equal(look_up->domains.at[k], domain);
		if (domain.len && !known && look_up->domains.count < DOMAINS_MAX &&
		    (names->at[i].confirmed ||
		     (slice_equal(name, look_up->name) && slice_equal(name, domain))))
			*LIST_ADD(look_up->arena, &look_up->domains) = domain;
	}
}

bool domains_step(struct look_up *look_up)
{
	if (look_up->domains_done)
		return true;
	if (!look_up->names_done)
		return false;
	if (look_up->domains_next == 0)
		collect_domains(look_up);
	while (look_up->domains_next < look_up->domains.count) {
		struct slice domain = look_up->domains.at[look_up->domains_next];

		if (!take_known(look_up, domain) && look_up->finder->allow_registries &&
		    !ask_domain(look_up, domain))
			return false;
		add_mailbox(look_up, "abuse", domain);
		add_mailbox(look_up, "security", domain);
		look_up->domains_next++;
	}
	look_up->domains_done = true;
	return true;
}
