#include "report/letter.h"

#include "report/sum.h"
#include "report/templates.h"
#include "report/text.h"
#include "report/words.h"

#include <string.h>

enum { WORD_MAX = 200, LETTER_MAX_BYTES = 256 * 1024 };

/* What is not configured stays visible: "[your name]". */
static struct slice given_or(struct arena *arena, struct slice given,
			     const char *placeholder)
{
	struct slice text = text_clean(arena, given, WORD_MAX);

	return text.len ? text : slice_of(placeholder);
}

/* A role that many have: "a customer of Example ISP". */
static bool is_one_of_many(struct slice role)
{
	static const char *const roles[] = { "customer", "employee", "member",
					     "student",  "user",     "volunteer" };

	for (size_t i = 0; i < COUNT_OF(roles); i++)
		if (slice_equal_nocase(role, slice_of(roles[i])))
			return true;
	return false;
}

/* "the system administrator": the article is ours unless the user wrote one. */
static struct slice role_words(struct arena *arena, struct slice role)
{
	static const char *const own[] = { "a ",      "an ",       "the ",
					   "one of ", "in charge", "responsible" };

	for (size_t i = 0; i < COUNT_OF(own); i++)
		if (slice_starts_nocase(role, slice_of(own[i])))
			return role;
	if (is_one_of_many(role))
		return arena_printf(arena, "%s " SLICE_FMT,
				    slice_starts_nocase(role, S("e")) ? "an" : "a",
				    SLICE_ARG(role));
	return arena_printf(arena, "the " SLICE_FMT, SLICE_ARG(role));
}

/* "I am the system administrator of Harbour Books, a small bookshop". Somebody without
 * an organisation is "a customer of" their provider, as in the article.               */
struct slice letter_position(struct arena *arena, const struct settings *settings)
{
	struct slice organisation =
		given_or(arena, settings->organisation,
			 settings->name.len ? "" : "[your organisation, if any]");
	struct slice role =
		role_words(arena, given_or(arena, settings->role, "[your role]"));
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
struct slice letter_relation(struct arena *arena, const struct facts *lead)
{
	bool many = machines(lead) > 1;
	struct slice given =
		given_or(arena, lead->settings->relation,
			 "[your relation to it: our machine, our customer's machine]");
	struct slice words = relation_words(given, many);

	if (!many)
		return FILL(arena, "; {machine} is {words}",
			    { "machine", facts_machine(arena, lead) },
			    { "words", words });
	return FILL(arena,
		    slice_equal(words, given) ? "; each of the machines hit is {words}"
					      : "; the machines hit are {words}",
		    { "words", words });
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
	return FILL(arena, "port {number}", { "number", text_clean(arena, number, 8) });
}

/* "SSH service, port 22/tcp", "port 22/tcp", "services". */
static struct slice where_words(struct arena *arena, const struct facts *lead)
{
	struct slice ports = facts_ports(arena, lead);
	bool one = lead->lists[LIST_PORTS].count == 1;

	if (lead->service.len && one)
		return FILL(arena, "{service} service, port {port}",
			    { "service", lead->service }, { "port", ports });
	if (lead->service.len)
		return FILL(arena, "{service} service", { "service", lead->service });
	return one ? FILL(arena, "port {port}", { "port", ports }) : S("services");
}

/* Whether the sources are of more than one network. */
static bool has_ranges(const struct report_request *request)
{
	return request->count > 1 && request->sum->networks.count > 1;
}

/* "a host in your network", "300 hosts in your networks". */
static struct slice hosts_words(struct arena *arena,
				const struct report_request *request)
{
	if (request->count == 1)
		return S("a host in your network");
	return arena_printf(arena, "%zu hosts in your %s", request->count,
			    has_ranges(request) ? "networks" : "network");
}

/* What the category's words may name, and one of their parts switched on. */
enum { WORDS_NAMES = 8 };
static void words_values(struct arena *arena, const struct report_request *request,
			 const struct facts *lead, struct template_value *out)
{
	struct slice host = hosts_words(arena, request);
	const struct template_value values[WORDS_NAMES] = {
		{ .name = "host", .text = host },
		{ .name = "it", .text = machines(lead) > 1 ? S("them") : S("it") },
		{ .name = "its", .text = machines(lead) > 1 ? S("their") : S("its") },
		{ .name = "owner",
		  .text = request->count > 1 ? S("their owners") : S("its owner") },
		{ .name = "several", .truth = request->count > 1 },
		{ .name = "where", .text = where_words(arena, lead) },
		{ .name = "port", .text = advice_port(arena, lead) },
		{ .name = "received", .truth = incident_is_mail(lead->lead) },
	};

	memcpy(out, values, sizeof values);
}

/* Sources of one kind are spoken of as one; a sum of several kinds names none. */
static struct slice words_name(const struct facts *lead)
{
	if (lead->is_sum && lead->acts.count > 1)
		return S("mixed");
	return slice_of(category_name(lead->lead->category));
}

void letter_words(struct arena *arena, const struct report_request *request,
		  const struct facts *lead, struct letter_words *out)
{
	const struct template *template =
		templates_find(request->templates, words_name(lead), request->contact);
	struct template_value values[WORDS_NAMES + 1];
	struct template_scope scope = { values, COUNT_OF(values), NULL };
	const struct {
		const char *name;
		struct slice *value;
	} rows[] = {
		{ "did", &out->did },
		{ "why", &out->why },
		{ "ask", &out->ask },
		{ "advice", &out->advice },
	};
	struct buffer buffer;

	words_values(arena, request, lead, values);
	buffer_init(&buffer, LETTER_MAX_BYTES);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		values[WORDS_NAMES] =
			(struct template_value){ .name = rows[i].name, .truth = true };
		buffer_reset(&buffer);
		template_render(template, &scope, &buffer);
		*rows[i].value = text_joined(arena, buffer_slice(&buffer));
	}
	buffer_clear(&buffer);
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
	struct slice object = text_clean(arena, contact->object, 80);
	struct slice server = text_clean(arena, server_name(contact->server), WORD_MAX);

	if (contact->range.first.family)
		object = slice_of(range.text);
	if (object.len)
		object = FILL(arena, " of {object}", { "object", object });
	if (contact->found_by == FOUND_INDEX)
		return FILL(arena, "registry record{object}, public data of {date}",
			    { "object", object }, { "date", slice_of(date.text) });
	if (server.len)
		server = FILL(arena, " at {server}", { "server", server });
	return FILL(arena, "{kind} record{object}{server}, looked up {date}",
		    { "kind",
		      contact->found_by == FOUND_DNS ? S("DNS") : S("registry") },
		    { "object", object }, { "server", server },
		    { "date", slice_of(date.text) });
}

/* What the contact answers for, of one range or source and of several. */
static struct slice scope_words(const struct report_request *request)
{
	static const struct {
		const char *one, *many;
	} scopes[] = {
		[SCOPE_NETWORK] = { "of this range", "of these ranges" },
		[SCOPE_ORGANISATION] = { "of the organisation that holds this range",
					 "of the organisation that holds these ranges" },
		[SCOPE_PARENT] = { "of the range above this one",
				   "of the range above these" },
		[SCOPE_DOMAIN] = { "of the domain of its name",
				   "of the domain of their names" },
		[SCOPE_CSIRT] = { "for incidents in this country",
				  "for incidents in this country" },
		[SCOPE_UPSTREAM] = { "of the network above this one",
				     "of the network above these" },
	};
	enum contact_scope scope = request->contact->scope;
	bool many = scope == SCOPE_DOMAIN ? request->count > 1 : has_ranges(request);

	return slice_of(many ? scopes[scope].many : scopes[scope].one);
}

/* Where it stands; of several networks each has a record of its own. */
static struct slice listed_words(struct arena *arena,
				 const struct report_request *request)
{
	struct slice record = record_words(arena, request->contact);

	return has_ranges(request) ? FILL(arena, "for example in the {record}",
					  { "record", record })
				   : record;
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
	const struct contact *contact = request->contact;

	if (!contact)
		return FILL(arena, "I have found no contact of {ranges} so far.",
			    { "ranges", has_ranges(request) ? S("these ranges")
							    : S("this range") });
	if (contact->found_by == FOUND_CONVENTION || contact->role == ROLE_MAILBOX)
		return S("I found no contact in the registries, so I am writing to the "
			 "mailbox that is usual for this (RFC 2142).");
	if (contact->found_by == FOUND_TABLE || contact->found_by == FOUND_USER)
		return FILL(arena, "You are known to me as {role} {scope}.",
			    { "role", slice_of(roles[contact->role]) },
			    { "scope", scope_words(request) });
	return FILL(arena, "You are listed as {role} {scope} ({record}).",
		    { "role", request->wide_count ? S("a responsible party")
						  : slice_of(roles[contact->role]) },
		    { "scope", scope_words(request) },
		    { "record", listed_words(arena, request) });
}

struct slice letter_name(struct arena *arena, const struct settings *settings)
{
	return given_or(arena, settings->name, "[your name]");
}

/* Only where it is not said by the position already. */
struct slice letter_provider(struct arena *arena, const struct settings *settings)
{
	struct slice provider = text_clean(arena, settings->provider, WORD_MAX);

	if (!settings->organisation.len ||
	    slice_equal(provider, text_clean(arena, settings->organisation, WORD_MAX)))
		return S("");
	return provider;
}

struct slice letter_certainty(struct arena *arena, const struct facts *facts)
{
	struct time_text at = time_format(facts->lead->resolved_at, TIME_MEMO);

	if (facts->is_logged_name && facts->lead->resolved_at)
		return FILL(arena,
			    "Our log holds a name, not an address. It was looked up at "
			    "{at}, and names can be steered or change, so the address "
			    "may be wrong",
			    { "at", slice_of(at.text) });
	if (facts->is_logged_name)
		return S("Our log holds a name, not an address, and names can be "
			 "steered, so it may be the wrong one");
	if (facts->certainty == CERTAINTY_CONNECTION)
		return facts->count == 1
			       ? S("This was a completed connection, so the address is "
				   "probably genuine")
			       : S("These were completed connections, so the address is "
				   "probably genuine");
	if (facts->certainty == CERTAINTY_DATAGRAM)
		return facts->count == 1
			       ? S("This was a single packet without a completed "
				   "connection, so the address may well be forged")
			       : S("These were single packets without a completed "
				   "connection, so the address may well be forged");
	return S("Our log does not show how sure the address is");
}

struct slice letter_forged(struct arena *arena, const struct facts *facts)
{
	struct slice certainty = letter_certainty(arena, facts);
	bool sure = !facts->is_logged_name && facts->certainty == CERTAINTY_CONNECTION;
	bool forged = !facts->is_logged_name && facts->certainty == CERTAINTY_DATAGRAM;

	return FILL(arena, "{certainty}{tail}", { "certainty", certainty },
		    { "tail",
		      sure ? S(", but addresses can be forged and the host's owner may "
			       "well be a victim.")
		      : forged ? S("; if it is, please excuse the trouble. If not, the "
				   "host's owner may still be a victim.")
			       : S(". Addresses can be forged as well, and the host's "
				   "owner may be a victim.") });
}

struct slice letter_hint(struct arena *arena, const struct facts *facts)
{
	const struct contact_answer *about = facts->given->about;
	const char *hint = facts->name.len ? line_hint(facts->name) : NULL;

	if (hint)
		return FILL(arena, "Its name, {name}, {hint}.", { "name", facts->name },
			    { "hint", slice_of(hint) });
	hint = about && about->has_network ? line_hint(about->network.name) : NULL;
	if (hint)
		return FILL(arena, "The name of its network, {name}, {hint}.",
			    { "name", text_clean(arena, about->network.name, 80) },
			    { "hint", slice_of(hint) });
	return slice_of(line_unknown());
}

struct slice letter_private(const struct settings *settings)
{
	return settings->phone.len ? S("telephone number") : S("mail address");
}

/* A telephone number that no reader takes for a zone: "+4930-5987" holds two. */
static struct slice phone_words(struct arena *arena, struct slice phone)
{
	struct slice text = text_clean(arena, phone, 60);
	char *copy = arena_cstr(arena, text);
	size_t digits = 1;

	for (size_t i = 0; i < text.len; i++)
		if (copy[i] == '-')
			copy[i] = ' ';
	text.at = copy;
	while (copy[0] == '+' && digits < text.len && ascii_is_digit(copy[digits]))
		digits++;
	if (digits < 5)
		return text;
	return FILL(arena, "{country} {rest}", { "country", slice_cut(text, 0, 3) },
		    { "rest", slice_from(text, 3) });
}

/* "1A2B 3C4D 5E6F 7081 92A3  B4C5 ...", as gpg prints it. */
static struct slice fingerprint_words(struct arena *arena, struct slice key)
{
	struct slices groups = { 0 };
	struct slice out = { "", 0 };

	key = text_clean(arena, key, 80);
	if (slice_starts_nocase(key, S("0x")))
		key = slice_from(key, 2);
	if (key.len != 40)
		return FILL(arena, "PGP key id: {key}", { "key", key });
	for (size_t i = 0; i < key.len; i += 4)
		*LIST_ADD(arena, &groups) = slice_cut(key, i, i + 4);
	for (size_t i = 0; i < groups.count; i++)
		out = FILL(arena, "{out}{gap}{group}", { "out", out },
			   { "gap", i == 0   ? S("")
				    : i == 5 ? S("  ")
					     : S(" ") },
			   { "group", groups.at[i] });
	return FILL(arena, "Fingerprint: {key}", { "key", out });
}

enum { WKD_CHARS = 32 };

/* draft-koch-openpgp-webkey-service section 3.1: 160 bits of the lower-cased local part's
 * SHA-1 in z-base-32.                                                                    */
static struct slice wkd_words(struct arena *arena, const struct settings *settings)
{
	static const char letters[] = "ybndrfg8ejkmcpqxot1uwisza345h769";
	ptrdiff_t at = slice_find_last_byte(settings->mail, '@');
	struct slice local = slice_cut(settings->mail, 0, (size_t)(at < 0 ? 0 : at));
	struct slice domain = slice_from(settings->mail, local.len + 1);
	char name[WKD_CHARS + 1] = "";
	struct sha1 digest;

	if (!settings->wkd || !settings->key.len || at < 1)
		return S("");
	digest = sha1_of(arena_lower(arena, local));
	for (size_t i = 0; i < WKD_CHARS; i++) {
		size_t bit = 5 * i;
		unsigned word = (unsigned)digest.bytes[bit / 8] << 8;

		if (bit / 8 + 1 < sizeof digest.bytes)
			word |= digest.bytes[bit / 8 + 1];
		name[i] = letters[word >> (11 - bit % 8) & 31];
	}
	return arena_printf(arena,
			    "https://" SLICE_FMT
			    "/.well-known/openpgpkey/hu/%s?l=" SLICE_FMT,
			    SLICE_ARG(domain), name, SLICE_ARG(local));
}

struct slice letter_signature(struct arena *arena, const struct report_request *request)
{
	const struct settings *settings = request->settings;
	struct slice organisation = text_clean(arena, settings->organisation, WORD_MAX);
	struct slice phone = phone_words(arena, settings->phone);
	struct slice text =
		FILL(arena, "{name}{comma}{organisation}{comma too}{phone}\n",
		     { "name", given_or(arena, settings->name, "[your name]") },
		     { "comma", organisation.len ? S(", ") : S("") },
		     { "organisation", organisation },
		     { "comma too", phone.len ? S(", ") : S("") }, { "phone", phone });
	const struct {
		const char *key;
		struct slice value;
	} rows[] = {
		{ "", given_or(arena, settings->mail, "[your mail address]") },
		{ "", text_clean(arena, settings->web, WORD_MAX) },
		{ "PGP key: ", text_clean(arena, settings->key_url, WORD_MAX) },
		{ "PGP key (WKD): ", wkd_words(arena, settings) },
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
