/* What is asked beside the registries, each only where the user said so: second sources
 * (Abusix, abuse.net, RIPEstat), the origin AS, security.txt, and whether the mail domains
 * of the contacts take mail at all.                                                     */
#include "contact/look_up.h"

#include "contact/choice.h"
#include "mail/address.h"
#include "contact/more.h"

enum { MAIL_DOMAINS_MAX = 8 };

static const double sure_second = 0.4, sure_security_txt = 0.5;

static bool wants(const struct look_up *look_up, const char *source)
{
	const struct slices *list = &look_up->finder->settings->second_sources;

	for (size_t i = 0; i < list->count; i++)
		if (slice_equal_nocase(list->at[i], slice_of(source)))
			return true;
	return false;
}

static bool is_public(const struct look_up *look_up)
{
	return look_up->about.family != FAMILY_NONE &&
	       look_up->answer->special.len == 0;
}

/* "7.113.0.203" of the reverse name, without what stands behind. */
static struct slice reverse_digits(struct look_up *look_up)
{
	struct slice name = slice_of(address_reverse(&look_up->about).text);
	ptrdiff_t end = slice_find(name, look_up->about.family == FAMILY_IPV4
						 ? S(".in-addr.arpa")
						 : S(".ip6.arpa"));

	return arena_copy(look_up->arena,
			  slice_cut(name, 0, end < 0 ? name.len : (size_t)end));
}

static const struct reply *texts_of(struct look_up *look_up, struct slice name)
{
	return look_up_ask(look_up,
			   (struct question){ .kind = ASK_TEXTS, .text = name });
}

static struct contact second(struct look_up *look_up, const char *server)
{
	return (struct contact){
		.kind = CONTACT_EMAIL,
		.role = ROLE_ABUSE,
		.found_by = FOUND_SECOND,
		.server = slice_of(server),
		.confidence = sure_second,
		.checked_at = clock_now(look_up->finder->clock),
	};
}

static void add_mail(struct look_up *look_up, struct slice raw, struct contact contact)
{
	bool public = look_up->finder->settings->documentation_public;
	struct error err;

	raw = slice_trim(raw);
	if (raw.len == 0)
		return;
	if (mail_address_clean(look_up->arena, raw, public, &contact.address, &err) ==
	    0)
		*LIST_ADD(look_up->arena, &look_up->answer->contacts) = contact;
	else
		*LIST_ADD(look_up->arena, &look_up->answer->rejected) =
			(struct contact_rejected){
				arena_copy(look_up->arena, slice_cut(raw, 0, 254)),
				arena_copy(look_up->arena, slice_of(err.text)),
			};
}

static void add_mails(struct look_up *look_up, const struct slices *texts,
		      struct contact contact)
{
	for (size_t i = 0; i < texts->count; i++) {
		struct slice rest = texts->at[i], mail;

		while (slice_next(&rest, ',', &mail))
			add_mail(look_up, mail, contact);
	}
}

/* ---- second sources ----------------------------------------------------------------- */

static bool abusix(struct look_up *look_up)
{
	static const char zone[] = "abuse-contacts.abusix.zone";
	const struct reply *reply;
	struct contact contact = second(look_up, zone);

	if (!wants(look_up, "abusix") || !is_public(look_up))
		return true;
	reply = texts_of(look_up,
			 arena_printf(look_up->arena, SLICE_FMT ".%s",
				      SLICE_ARG(reverse_digits(look_up)), zone));
	if (reply->outcome == ASK_PENDING)
		return false;
	contact.scope = SCOPE_NETWORK;
	add_mails(look_up, &reply->texts, contact);
	return true;
}

static bool ripestat(struct look_up *look_up)
{
	const struct reply *reply;
	struct contact contact = second(look_up, "stat.ripe.net");
	struct slices found = { 0 };

	if (!wants(look_up, "ripestat") || !is_public(look_up))
		return true;
	reply = look_up_ask(
		look_up,
		(struct question){
			.kind = ASK_WEB,
			.server = arena_printf(
				look_up->arena,
				"https://stat.ripe.net/data/abuse-contact-finder/"
				"data.json?resource=%s",
				address_format(&look_up->about).text) });
	if (reply->outcome == ASK_PENDING)
		return false;
	contact.scope = SCOPE_NETWORK;
	if (reply->outcome == ASK_ANSWERED)
		ripestat_read(look_up->arena, reply->text, &found);
	else if (reply->outcome != ASK_ABSENT)
		look_up_failed(look_up, reply);
	add_mails(look_up, &found, contact);
	return true;
}

static bool abuse_net(struct look_up *look_up)
{
	struct contact contact = second(look_up, "contacts.abuse.net");
	bool all = true;

	if (!wants(look_up, "abuse.net"))
		return true;
	for (int pass = 0; pass < 2 && all; pass++)
		for (size_t i = 0; i < look_up->domains.count; i++) {
			struct slice domain = look_up->domains.at[i];
			const struct reply *reply = texts_of(
				look_up, arena_printf(look_up->arena,
						      SLICE_FMT ".contacts.abuse.net",
						      SLICE_ARG(domain)));

			all &= reply->outcome != ASK_PENDING;
			contact.scope = SCOPE_DOMAIN;
			contact.object = domain;
			if (pass)
				add_mails(look_up, &reply->texts, contact);
		}
	return all;
}

/* ---- origin ------------------------------------------------------------------------- */

static void add_origin(struct look_up *look_up, uint32_t number)
{
	struct origins *origin = &look_up->answer->origin;

	for (size_t i = 0; i < origin->count; i++)
		if (origin->at[i] == number)
			return;
	*LIST_ADD(look_up->arena, origin) = number;
}

static bool origins(struct look_up *look_up)
{
	struct finder *finder = look_up->finder;
	struct origins found = { 0 };
	const struct reply *reply;

	if (!finder->allow_origin || !is_public(look_up))
		return true;
	reply = texts_of(look_up,
			 arena_printf(look_up->arena, SLICE_FMT ".%s.asn.cymru.com",
				      SLICE_ARG(reverse_digits(look_up)),
				      look_up->about.family == FAMILY_IPV4
					      ? "origin"
					      : "origin6"));
	if (reply->outcome == ASK_PENDING)
		return false;
	if (reply->outcome == ASK_FAILED)
		look_up_note(look_up,
			     "the origin AS could not be asked of the DNS: " SLICE_FMT,
			     SLICE_ARG(reply->problem));
	for (size_t i = 0; i < reply->texts.count; i++)
		origin_text_read(look_up->arena, reply->texts.at[i], &look_up->about,
				 &found);
	for (size_t i = 0; i < found.count; i++)
		add_origin(look_up, found.at[i]);
	return true;
}

/* ---- security.txt ------------------------------------------------------------------- */

static bool security_txt_of(struct look_up *look_up, struct slice domain, bool take)
{
	struct slices found = { 0 };
	const struct reply *reply = look_up_ask(
		look_up,
		(struct question){ .kind = ASK_WEB,
				   .server = arena_printf(look_up->arena,
							  "https://" SLICE_FMT
							  "/.well-known/security.txt",
							  SLICE_ARG(domain)) });
	struct contact contact = {
		.kind = CONTACT_EMAIL,
		.role = ROLE_MAILBOX,
		.scope = SCOPE_DOMAIN,
		.found_by = FOUND_WEB,
		.server = S("security.txt"),
		.object = domain,
		.confidence = sure_security_txt,
		.checked_at = clock_now(look_up->finder->clock),
	};

	if (reply->outcome == ASK_PENDING)
		return false;
	if (take && reply->outcome == ASK_ANSWERED)
		security_txt_read(look_up->arena, reply->text,
				  clock_now(look_up->finder->clock), &found);
	add_mails(look_up, &found, contact);
	return true;
}

static bool security_txt(struct look_up *look_up)
{
	bool all = true;

	if (!look_up->finder->allow_security_txt)
		return true;
	for (size_t i = 0; i < look_up->domains.count; i++)
		all &= security_txt_of(look_up, look_up->domains.at[i], false);
	for (size_t i = 0; i < look_up->domains.count && all; i++)
		(void)security_txt_of(look_up, look_up->domains.at[i], true);
	return all;
}

/* ---- mail --------------------------------------------------------------------------- */

static struct slice mail_domain(struct slice address)
{
	return slice_from(address, (size_t)(slice_find_last_byte(address, '@') + 1));
}

static bool is_checked(const struct contact *contact)
{
	return contact->kind == CONTACT_EMAIL && contact->found_by != FOUND_USER &&
	       (contact->role == ROLE_ABUSE || contact->role == ROLE_MAILBOX);
}

/* Why it takes no mail; NULL: it may, or nobody could say. *pending where not known yet. */
static const char *no_mail_reason(struct look_up *look_up, struct slice domain,
				  bool *pending)
{
	const struct reply *mail = look_up_ask(
		look_up, (struct question){ .kind = ASK_EXCHANGES, .text = domain });
	const struct reply *addresses;

	*pending = mail->outcome == ASK_PENDING;
	if (mail->no_mail)
		return "its domain takes no mail: a null MX (RFC 7505)";
	if (mail->outcome != ASK_ABSENT)
		return NULL;
	addresses = look_up_ask(look_up, (struct question){ .kind = ASK_ADDRESSES,
							    .text = domain });
	*pending = addresses->outcome == ASK_PENDING;
	return addresses->outcome == ASK_ABSENT
		       ? "its domain takes no mail: neither MX nor address"
		       : NULL;
}

static bool mail_domains(struct look_up *look_up)
{
	struct contacts *contacts = &look_up->answer->contacts;
	size_t kept = 0, left = MAIL_DOMAINS_MAX;
	bool all = true, pending;

	if (!look_up->finder->allow_mail_domains)
		return true;
	for (size_t i = 0; i < contacts->count && left; i++)
		if (is_checked(&contacts->at[i])) {
			left--;
			(void)no_mail_reason(look_up,
					     mail_domain(contacts->at[i].address),
					     &pending);
			all &= !pending;
		}
	if (!all)
		return false;
	left = MAIL_DOMAINS_MAX;
	for (size_t i = 0; i < contacts->count; i++) {
		struct contact contact = contacts->at[i];
		const char *reason = NULL;

		if (left && is_checked(&contact)) {
			left--;
			reason = no_mail_reason(look_up, mail_domain(contact.address),
						&pending);
		}
		if (reason)
			*LIST_ADD(look_up->arena, &look_up->answer->rejected) =
				(struct contact_rejected){ contact.address,
							   slice_of(reason) };
		else
			contacts->at[kept++] = contact;
	}
	contacts->count = kept;
	return true;
}

/* Each once, in this order; the mail domains are those of all contacts before. */
bool more_step(struct look_up *look_up)
{
	static bool (*const steps[])(struct look_up *) = {
		abusix, ripestat, abuse_net, security_txt, origins, mail_domains,
	};

	while (look_up->more_next < COUNT_OF(steps)) {
		if (!steps[look_up->more_next](look_up))
			return false;
		look_up->more_next++;
	}
	return true;
}
