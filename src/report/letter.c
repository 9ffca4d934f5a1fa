#include "report/letter.h"

#include "report/text.h"
#include "report/words.h"

enum { WORD_MAX = 200 };

struct slice letter_or(struct arena *arena, struct slice given, const char *placeholder)
{
	struct slice text = text_clean(arena, given, WORD_MAX);

	return text.len ? text : slice_of(placeholder);
}

/* "the system administrator": the article is ours unless the user wrote one. */
static struct slice role_words(struct arena *arena, struct slice role)
{
	static const char *const own[] = { "a ",      "an ",       "the ",
					   "one of ", "in charge", "responsible" };

	for (size_t i = 0; i < COUNT_OF(own); i++)
		if (slice_starts_nocase(role, slice_of(own[i])))
			return role;
	return arena_printf(arena, "the " SLICE_FMT, SLICE_ARG(role));
}

/* "I am the system administrator of Harbour Books, a small bookshop". Somebody without
 * an organisation is "a customer of" their provider, as in the article.               */
static struct slice position(struct arena *arena, const struct settings *settings)
{
	struct slice organisation =
		letter_or(arena, settings->organisation,
			  settings->name.len ? "" : "[your organisation, if any]");
	struct slice role =
		role_words(arena, letter_or(arena, settings->role, "[your role]"));
	struct slice provider = text_clean(arena, settings->provider, WORD_MAX);
	struct slice about = text_clean(arena, settings->about, WORD_MAX);

	if (!organisation.len && !settings->role.len && provider.len)
		return arena_printf(arena, "a customer of " SLICE_FMT,
				    SLICE_ARG(provider));
	if (!organisation.len)
		return provider.len
			       ? arena_printf(arena,
					      SLICE_FMT ", a customer of " SLICE_FMT,
					      SLICE_ARG(role), SLICE_ARG(provider))
			       : role;
	return arena_printf(arena, SLICE_FMT " of " SLICE_FMT "%s" SLICE_FMT,
			    SLICE_ARG(role), SLICE_ARG(organisation),
			    about.len ? ", " : "", SLICE_ARG(about));
}

static size_t machines(const struct facts *facts)
{
	return facts->settings->sensor ? 1 : facts->targets.count;
}

/* "; web1 is our machine" */
static struct slice relation(struct arena *arena, const struct facts *lead)
{
	bool many = machines(lead) > 1;
	struct slice given =
		letter_or(arena, lead->settings->relation,
			  "[your relation to it: our machine, our customer's machine]");
	struct slice words = relation_words(given, many);

	if (!many)
		return arena_printf(arena, "; " SLICE_FMT " is " SLICE_FMT,
				    SLICE_ARG(facts_machine(arena, lead)),
				    SLICE_ARG(words));
	if (slice_equal(words, given))
		return arena_printf(arena, "; each of the machines hit is " SLICE_FMT,
				    SLICE_ARG(words));
	return arena_printf(arena, "; the machines hit are " SLICE_FMT,
			    SLICE_ARG(words));
}

/* "port 22": the port most hit, for the advice. */
static struct slice advice_port(struct arena *arena, const struct facts *lead)
{
	const struct tally_item *top = facts_top(&lead->lists[LIST_PORTS]);
	struct slice number, rest;

	if (!top)
		return S("the same port");
	rest = number = top->text;
	slice_next(&rest, '/', &number);
	return arena_printf(arena, "port " SLICE_FMT,
			    SLICE_ARG(text_clean(arena, number, 8)));
}

static struct slice fill(struct arena *arena, const struct report_request *request,
			 const struct facts *lead, const char *template)
{
	struct slice host = request->count == 1
				    ? S("a host in your network")
				    : arena_printf(arena, "%zu hosts in your network",
						   request->count);
	const struct text_value values[] = {
		{ "host", host },
		{ "it", machines(lead) > 1 ? S("them") : S("it") },
		{ "port", advice_port(arena, lead) },
	};

	return text_fill(arena, template, values, COUNT_OF(values));
}

struct slice letter_who(struct arena *arena, const struct report_request *request,
			const struct facts *lead)
{
	const struct settings *settings = request->settings;
	const struct category_words *words = category_words(lead->lead->category);
	struct slice provider = text_clean(arena, settings->provider, WORD_MAX);
	struct slice did = fill(arena, request, lead, words->did);
	struct slice text = arena_printf(
		arena, "My name is " SLICE_FMT " and I am " SLICE_FMT SLICE_FMT ".",
		SLICE_ARG(letter_or(arena, settings->name, "[your name]")),
		SLICE_ARG(position(arena, settings)), SLICE_ARG(relation(arena, lead)));

	if (settings->organisation.len && provider.len)
		text = arena_printf(arena, SLICE_FMT " Our provider is " SLICE_FMT ".",
				    SLICE_ARG(text), SLICE_ARG(provider));
	return arena_printf(arena,
			    SLICE_FMT " I am writing because " SLICE_FMT ". " SLICE_FMT,
			    SLICE_ARG(text), SLICE_ARG(did),
			    SLICE_ARG(letter_listed(arena, request)));
}

/* Host part of "https://rdap.example/ip/...": where a person would look it up. */
static struct slice server_name(struct slice server)
{
	ptrdiff_t scheme = slice_find(server, S("://"));
	struct slice host;

	if (scheme < 0)
		return server;
	server = slice_from(server, (size_t)scheme + 3);
	return slice_next(&server, '/', &host) ? host : server;
}

static struct slice record_words(struct arena *arena, const struct contact *contact)
{
	struct time_text date = time_format(contact->checked_at, TIME_DATE);
	struct range_text range = range_format(&contact->range);
	struct slice of =
		contact->range.first.family ? arena_printf(arena, " of %s", range.text)
		: contact->object.len
			? arena_printf(
				  arena, " of " SLICE_FMT,
				  SLICE_ARG(text_clean(arena, contact->object, 80)))
			: S("");
	struct slice server = text_clean(arena, server_name(contact->server), WORD_MAX);

	if (contact->found_by == FOUND_INDEX)
		return arena_printf(arena,
				    "registry record" SLICE_FMT ", public data of %s",
				    SLICE_ARG(of), date.text);
	return arena_printf(arena,
			    "registry record" SLICE_FMT "%s" SLICE_FMT ", looked up %s",
			    SLICE_ARG(of), server.len ? " at " : "", SLICE_ARG(server),
			    date.text);
}

struct slice letter_listed(struct arena *arena, const struct report_request *request)
{
	static const char *const roles[] = {
		[ROLE_ABUSE] = "the abuse contact",
		[ROLE_ADMINISTRATIVE] = "the administrative contact",
		[ROLE_TECHNICAL] = "the technical contact",
		[ROLE_BILLING] = "the billing contact",
		[ROLE_REGISTRANT] = "the registrant",
		[ROLE_MAILBOX] = "a contact",
	};
	static const char *const scopes[] = {
		[SCOPE_NETWORK] = "of this range",
		[SCOPE_ORGANISATION] = "of the organisation that holds this range",
		[SCOPE_PARENT] = "of the range above this one",
		[SCOPE_DOMAIN] = "of the domain of its name",
		[SCOPE_CSIRT] = "for incidents in this country",
		[SCOPE_UPSTREAM] = "of the network above this one",
	};
	const struct contact *contact = request->contact;

	if (!contact)
		return S("I have found no contact of this range so far.");
	if (contact->found_by == FOUND_CONVENTION || contact->role == ROLE_MAILBOX)
		return S("I found no contact in the registries, so I am writing to the "
			 "mailbox that is usual for this (RFC 2142).");
	if (contact->found_by == FOUND_TABLE)
		return arena_printf(arena, "You are known to me as %s %s.",
				    roles[contact->role], scopes[contact->scope]);
	return arena_printf(arena, "You are listed as %s %s (" SLICE_FMT ").",
			    roles[contact->role], scopes[contact->scope],
			    SLICE_ARG(record_words(arena, contact)));
}

struct slice letter_certainty(struct arena *arena, const struct facts *facts)
{
	struct time_text at = time_format(facts->lead->resolved_at, TIME_MEMO);

	if (facts->is_logged_name && facts->lead->resolved_at)
		return arena_printf(
			arena,
			"Our log holds a name, not an address: it was looked up at %s, "
			"and names can be steered or change, so the address may be "
			"wrong.",
			at.text);
	if (facts->is_logged_name)
		return S(
			"Our log holds a name, not an address; names can be steered, so "
			"it may be the wrong one.");
	if (facts->certainty == CERTAINTY_CONNECTION)
		return facts->count == 1
			       ? S("This was a completed connection, so the address is "
				   "probably genuine.")
			       : S("These were completed connections, so the address is "
				   "probably genuine.");
	if (facts->certainty == CERTAINTY_DATAGRAM)
		return S("These were single packets without a completed connection, so "
			 "the address may well be forged; if it is, please excuse the "
			 "trouble.");
	return S("Our log does not show how sure the address is.");
}

struct slice letter_hint(struct arena *arena, const struct facts *facts)
{
	const struct contact_answer *about = facts->given->about;
	const char *hint = facts->name.len ? line_hint(facts->name) : NULL;

	if (hint)
		return arena_printf(arena, "Its name, " SLICE_FMT ", %s.",
				    SLICE_ARG(facts->name), hint);
	hint = about && about->has_network ? line_hint(about->network.name) : NULL;
	if (hint)
		return arena_printf(
			arena, "The name of its network, " SLICE_FMT ", %s.",
			SLICE_ARG(text_clean(arena, about->network.name, 80)), hint);
	return slice_of(line_unknown());
}

struct slice letter_ask(struct arena *arena, const struct report_request *request,
			const struct facts *lead)
{
	const struct category_words *words = category_words(lead->lead->category);

	return arena_printf(arena,
			    "%s %s Often found on such hosts: " SLICE_FMT
			    ". You may pass this on; please leave out my %s.",
			    words->why, words->ask,
			    SLICE_ARG(fill(arena, request, lead, words->advice)),
			    request->settings->phone.len ? "telephone number"
							 : "mail address");
}

/* A telephone number that no reader takes for a zone: "+4930-5987" holds two. */
static struct slice phone_words(struct arena *arena, struct slice phone)
{
	struct slice text = text_clean(arena, phone, 60);
	char *copy = arena_cstr(arena, text);

	for (size_t i = 0; i < text.len; i++)
		if (copy[i] == '-')
			copy[i] = ' ';
	text.at = copy;
	if (text.len > 4 && copy[0] == '+' && ascii_is_digit(copy[3]))
		return arena_printf(arena, SLICE_FMT " " SLICE_FMT,
				    SLICE_ARG(slice_cut(text, 0, 3)),
				    SLICE_ARG(slice_from(text, 3)));
	return text;
}

/* "1A2B 3C4D 5E6F 7081 92A3  B4C5 ...", as gpg prints it. */
static struct slice fingerprint_words(struct arena *arena, struct slice key)
{
	struct slice out = { "", 0 };

	if (key.len > 2 && key.at[0] == '0' && ascii_lower(key.at[1]) == 'x')
		key = slice_from(key, 2);
	if (key.len != 40)
		return arena_printf(arena, "PGP key id: " SLICE_FMT,
				    SLICE_ARG(text_clean(arena, key, 80)));
	for (size_t i = 0; i < key.len; i += 4)
		out = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT, SLICE_ARG(out),
				   i == 0    ? ""
				   : i == 20 ? "  "
					     : " ",
				   SLICE_ARG(slice_cut(key, i, i + 4)));
	return arena_printf(arena, "Fingerprint: " SLICE_FMT,
			    SLICE_ARG(text_clean(arena, out, 80)));
}

struct slice letter_signature(struct arena *arena, const struct report_request *request)
{
	const struct settings *settings = request->settings;
	struct slice organisation = text_clean(arena, settings->organisation, WORD_MAX);
	struct slice phone = phone_words(arena, settings->phone);
	struct slice text =
		arena_printf(arena, SLICE_FMT "%s" SLICE_FMT "%s" SLICE_FMT "\n",
			     SLICE_ARG(letter_or(arena, settings->name, "[your name]")),
			     organisation.len ? ", " : "", SLICE_ARG(organisation),
			     phone.len ? ", " : "", SLICE_ARG(phone));
	const struct {
		const char *key;
		struct slice value;
	} rows[] = {
		{ "", letter_or(arena, settings->mail, "[your mail address]") },
		{ "", text_clean(arena, settings->web, WORD_MAX) },
		{ "PGP key: ", text_clean(arena, settings->key_url, WORD_MAX) },
		{ "",
		  settings->key.len ? fingerprint_words(arena, settings->key) : S("") },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].value.len)
			text = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT "\n",
					    SLICE_ARG(text), rows[i].key,
					    SLICE_ARG(rows[i].value));
	return text;
}
