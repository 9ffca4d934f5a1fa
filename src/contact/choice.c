#include "contact/choice.h"

#include "mail/address.h"

/* Registries' own boxes (reviewed 2026-11-22, each seen as the "contact" of somebody
 * else's range in recorded answers, or named so in the registries' documentation). They
 * and everything at their domains answer for the registry's own machines alone.        */
static const struct {
	const char *domain;
	const char *own[2]; /* ranges for which the registry is the right contact */
} registry_domains[] = {
	{ "ripe.net", { "193.0.0.0/21", "2001:67c:2e8::/48" } },
	{ "apnic.net", { NULL } },
	{ "arin.net", { NULL } },
	{ "lacnic.net", { NULL } },
	{ "afrinic.net", { NULL } },
	{ "iana.org", { NULL } },
	{ "icann.org", { NULL } },
	{ "nic.ad.jp", { NULL } },
	{ "nic.or.kr", { NULL } },
	{ "nida.or.kr", { NULL } },
	{ "krnic.net", { NULL } },
	{ "vnnic.vn", { NULL } },
	{ "vnnic.net.vn", { NULL } },
	{ "cnnic.cn", { NULL } },
	{ "cnnic.net.cn", { NULL } },
	{ "twnic.tw", { NULL } },
	{ "twnic.net.tw", { NULL } },
	{ "twnic.net", { NULL } },
	{ "idnic.id", { NULL } },
	{ "idnic.net", { NULL } },
	{ "irinn.in", { NULL } },
	{ "registro.br", { NULL } },
};

/* Mailbox names that say themselves that nobody reads them. A star ends a prefix. */
static const char *const dead_mailboxes[] = {
	"null",      "nobody",      "none",          "noreply*", "no-reply*",
	"no_reply*", "donotreply*", "do-not-reply*", "unread",   "bitbucket",
	"devnull",   "dev-null",    "redacted*",     "removed",  "invalid",
	"notvalid",  "xxx*",        "***",
};

static bool is_own_range(const char *const own[2], const struct network *network)
{
	for (size_t i = 0; i < 2 && own[i] && network; i++) {
		struct range range;

		if (range_parse(slice_of(own[i]), &range) == 0 &&
		    range_covers(&range, &network->range))
			return true;
	}
	return false;
}

static bool is_dead_mailbox(struct slice local)
{
	for (size_t i = 0; i < COUNT_OF(dead_mailboxes); i++) {
		struct slice name = slice_of(dead_mailboxes[i]);

		if (slice_equal_nocase(local, name))
			return true;
		if (slice_ends(name, S("*")) &&
		    slice_starts_nocase(local, slice_cut(name, 0, name.len - 1)))
			return true;
	}
	return slice_find(local, S("**")) >= 0;
}

const char *contact_rejection(struct slice address, const struct network *network,
			      bool documentation_public)
{
	static const char *const examples[] = { "example", "example.com", "example.net",
						"example.org" };
	ptrdiff_t at = slice_find_last_byte(address, '@');

	if (at < 0)
		return "not a mail address";
	for (size_t i = 0; i < COUNT_OF(examples) && !documentation_public; i++)
		if (mail_address_in(address, slice_of(examples[i])))
			return "a placeholder: example domains have no mail";
	if (is_dead_mailbox(slice_cut(address, 0, (size_t)at)))
		return "a placeholder: nobody reads this mailbox";
	for (size_t i = 0; i < COUNT_OF(registry_domains); i++)
		if (mail_address_in(address, slice_of(registry_domains[i].domain)) &&
		    !is_own_range(registry_domains[i].own, network))
			return "a registry's own box: it answers for the registry alone";
	return NULL;
}

/* How many addresses less one, saturated, so that a narrower range sorts first. */
static int range_rank(const struct range *range)
{
	int prefix;

	if (range->first.family == FAMILY_NONE)
		return 200;
	prefix = range_prefix(range);
	for (unsigned bits = address_bits(&range->first); prefix < 0 && bits-- > 0;) {
		struct range wider = range_of_prefix(&range->first, bits);

		if (range_covers(&wider, range))
			prefix = (int)bits;
	}
	return 128 - prefix;
}

/* Where one object lists several mailboxes, the desk goes before the person. */
static int desk_rank(const struct contact *contact)
{
	static const char *const desks[] = { "abuse", "security", "cert", "csirt",
					     "soc@",  "noc@",     "spam" };

	for (size_t i = 0; i < COUNT_OF(desks); i++)
		if (slice_find(contact->address, slice_of(desks[i])) >= 0)
			return i == 0 ? 0 : 1;
	return 2;
}

static bool comes_before(const struct contact *a, const struct contact *b)
{
	const int keys[][2] = {
		{ a->found_by != FOUND_USER, b->found_by != FOUND_USER },
		{ a->role, b->role },
		{ a->found_by == FOUND_SECOND, b->found_by == FOUND_SECOND },
		{ a->suspect, b->suspect },
		{ a->scope, b->scope },
		{ a->kind, b->kind },
		{ range_rank(&a->range), range_rank(&b->range) },
		{ (int)(b->confidence * 1000), (int)(a->confidence * 1000) },
		{ desk_rank(a), desk_rank(b) },
		{ a->found_by, b->found_by },
	};

	for (size_t i = 0; i < COUNT_OF(keys); i++)
		if (keys[i][0] != keys[i][1])
			return keys[i][0] < keys[i][1];
	return false;
}

/* Stable: equals stay in the order in which they were found. The list is short. */
static void sort(struct contacts *contacts)
{
	for (size_t i = 1; i < contacts->count; i++) {
		struct contact contact = contacts->at[i];
		size_t at = i;

		for (; at > 0 && comes_before(&contact, &contacts->at[at - 1]); at--)
			contacts->at[at] = contacts->at[at - 1];
		contacts->at[at] = contact;
	}
}

static void reject(struct arena *arena, struct contact_answer *answer,
		   struct slice address, const char *reason)
{
	for (size_t i = 0; i < answer->rejected.count; i++)
		if (slice_equal(answer->rejected.at[i].address, address))
			return;
	*LIST_ADD(arena, &answer->rejected) =
		(struct contact_rejected){ address, slice_of(reason) };
}

static void drop_rejected(struct arena *arena, struct contact_answer *answer,
			  bool documentation_public)
{
	const struct network *network = answer->has_network ? &answer->network : NULL;
	size_t kept = 0;

	for (size_t i = 0; i < answer->contacts.count; i++) {
		struct contact contact = answer->contacts.at[i];
		const char *reason =
			contact.kind != CONTACT_EMAIL
				? NULL
				: contact_rejection(contact.address, network,
						    documentation_public);

		if (reason)
			reject(arena, answer, contact.address, reason);
		else
			answer->contacts.at[kept++] = contact;
	}
	answer->contacts.count = kept;
}

/* The list is sorted: the first of two equal addresses has the better role and scope.
 * A registry's doubt about a mailbox holds wherever the same mailbox stands.         */
static void drop_doubles(struct contacts *contacts)
{
	size_t kept = 0;

	for (size_t i = 0; i < contacts->count; i++) {
		struct contact contact = contacts->at[i];
		size_t j = 0;

		while (j < kept &&
		       !slice_equal(contacts->at[j].address, contact.address))
			j++;
		if (j == kept) {
			contacts->at[kept++] = contact;
		} else if (contacts->at[j].role == contact.role &&
			   contacts->at[j].confidence < contact.confidence) {
			contacts->at[j].confidence = contact.confidence;
		}
	}
	contacts->count = kept;
}

static void spread_doubt(struct contacts *contacts)
{
	for (size_t i = 0; i < contacts->count; i++)
		for (size_t j = 0; j < contacts->count && contacts->at[i].suspect; j++)
			if (slice_equal(contacts->at[i].address,
					contacts->at[j].address))
				contacts->at[j].suspect = true;
}

/* 0: never by itself; else the lower the better. */
static int choice_class(const struct contact *contact, bool domain_alone)
{
	enum { OWN = 1, SOUND, SUSPECT, FORM, SECOND, REGISTRAR, MAILBOX };
	bool of_network = contact->scope == SCOPE_NETWORK ||
			  contact->scope == SCOPE_ORGANISATION ||
			  contact->scope == SCOPE_PARENT;

	if (contact->found_by == FOUND_USER)
		return OWN;
	if (contact->role == ROLE_ABUSE && of_network &&
	    contact->found_by == FOUND_SECOND)
		return SECOND;
	if (contact->role == ROLE_ABUSE && of_network &&
	    (contact->kind == CONTACT_EMAIL || contact->only))
		return contact->suspect ? SUSPECT : SOUND;
	if (contact->role == ROLE_ABUSE && of_network)
		return FORM;
	if (domain_alone) /* its own mailboxes may be the attacker's */
		return contact->role == ROLE_ABUSE && contact->scope == SCOPE_DOMAIN
			       ? REGISTRAR
			       : 0;
	if (contact->role == ROLE_MAILBOX &&
	    (contact->found_by == FOUND_WEB ||
	     slice_starts(contact->address, S("abuse@"))))
		return MAILBOX;
	return 0;
}

bool contact_may_stand_in(const struct contact *contact, bool domain_alone)
{
	return (contact->kind == CONTACT_EMAIL || contact->role == ROLE_ABUSE) &&
	       (contact->scope == SCOPE_NETWORK ||
		contact->scope == SCOPE_ORGANISATION ||
		contact->scope == SCOPE_PARENT || choice_class(contact, domain_alone));
}

static void choose(struct contacts *contacts, bool domain_alone)
{
	struct contact *best = NULL;
	int best_class = 0;

	for (size_t i = 0; i < contacts->count; i++) {
		int class = choice_class(&contacts->at[i], domain_alone);

		contacts->at[i].chosen = false;
		if (class && (!best || class < best_class)) {
			best = &contacts->at[i];
			best_class = class;
		}
	}
	if (best)
		best->chosen = true;
}

void contacts_rank(struct arena *arena, struct contact_answer *answer,
		   bool documentation_public)
{
	struct contacts *contacts = &answer->contacts;

	drop_rejected(arena, answer, documentation_public);
	spread_doubt(contacts);
	sort(contacts);
	drop_doubles(contacts);
	choose(contacts, answer->address.family == FAMILY_NONE);
}
