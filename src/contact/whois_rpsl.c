/* RIPE, APNIC, AFRINIC (contacts.md 2.1, 2.2, 2.5). RIPE's own abuse contact stands in a
 * comment of the answer, computed by the server; elsewhere it is looked for in the irt,
 * in roles and in remarks, surest first.                                               */
#include "contact/whois_readers.h"
#include "registry/rpsl.h"

/* How sure a candidate is, by where it stood. */
static const double sure_comment = 0.95, sure_abuse_c = 0.9, sure_irt = 0.85,
		    sure_organisation = 0.8, sure_irt_mail = 0.6, sure_remark = 0.6,
		    sure_role = 0.5, sure_person = 0.3, wider = 0.1;

struct answer {
	struct offering *offering;
	const struct registry *registry;
	const struct address *about;
	struct rpsl_objects objects;
	struct slices comments;
	bool spoken; /* a comment gave a contact for the address   */
	struct slice invalid; /* the comment that a validation failed       */
};

/* One object that holds the address. */
struct block {
	const struct rpsl_object *object;
	struct range range;
};
enum { BLOCKS_MAX = 16, PERSONS_MAX = 32 };
struct blocks {
	struct block at[BLOCKS_MAX];
	size_t count;
};

static bool is_about(const struct address *about, const struct range *range)
{
	return about->family == FAMILY_NONE || range_contains(range, about);
}

/* Narrower blocks first; the later of two equal ones first, since servers print the
 * mirrored national object behind the registry's own.                                */
static void insert_block(struct blocks *blocks, struct block block)
{
	size_t at = 0;

	if (blocks->count == BLOCKS_MAX)
		return;
	while (at < blocks->count && !range_covers(&blocks->at[at].range, &block.range))
		at++;
	for (size_t i = blocks->count++; i > at; i--)
		blocks->at[i] = blocks->at[i - 1];
	blocks->at[at] = block;
}

static void find_blocks(const struct answer *answer, struct blocks *out)
{
	out->count = 0;
	for (size_t i = 0; i < answer->objects.count; i++) {
		const struct rpsl_object *object = &answer->objects.at[i];
		struct block block = { .object = object };

		if (!rpsl_is(object, "inetnum") && !rpsl_is(object, "inet6num"))
			continue;
		if (range_parse(rpsl_key(object), &block.range) == 0 &&
		    is_about(answer->about, &block.range))
			insert_block(out, block);
	}
}

static const struct rpsl_object *find_handle(const struct answer *answer,
					     struct slice handle)
{
	static const char *const keyed[] = { "irt", "organisation", "mntner" };

	for (size_t i = 0; i < answer->objects.count && handle.len; i++) {
		const struct rpsl_object *object = &answer->objects.at[i];

		if (slice_equal_nocase(rpsl_plain(rpsl_get(object, "nic-hdl")), handle))
			return object;
		for (size_t j = 0; j < COUNT_OF(keyed); j++)
			if (rpsl_is(object, keyed[j]) &&
			    slice_equal_nocase(rpsl_key(object), handle))
				return object;
	}
	return NULL;
}

/* ---- comments ---------------------------------------------------------------------- */

/* "% Abuse contact for 'KEY' is 'MAIL'"; false for any other comment. */
static bool parse_abuse_comment(struct slice line, struct slice *key,
				struct slice *mail)
{
	struct slice prefix = S("% Abuse contact for '");
	struct slice middle = S("' is '");
	ptrdiff_t at;

	if (!slice_starts(line, prefix))
		return false;
	line = slice_from(line, prefix.len);
	at = slice_find(line, middle);
	if (at < 0 || !slice_ends(line, S("'")) ||
	    line.len < (size_t)at + middle.len + 1)
		return false;
	*key = slice_cut(line, 0, (size_t)at);
	*mail = slice_cut(line, (size_t)at + middle.len, line.len - 1);
	return true;
}

/* The key of a comment speaks for the address, or for the handle or AS asked. */
static bool comment_counts(const struct answer *answer, struct slice key,
			   struct range *range)
{
	*range = (struct range){ { 0 }, { 0 } };
	if (range_parse(key, range) == 0)
		return is_about(answer->about, range);
	return answer->about->family == FAMILY_NONE;
}

static void read_comments(struct answer *answer, const struct blocks *blocks)
{
	struct offering *offering = answer->offering;

	for (size_t i = 0; i < answer->comments.count; i++) {
		struct slice line = answer->comments.at[i];
		struct slice key, mail;
		struct offer offer = { .role = ROLE_ABUSE, .confidence = sure_comment };

		if (slice_starts_nocase(line, S("% Abuse-mailbox validation failed")))
			answer->invalid = line;
		if (!parse_abuse_comment(line, &key, &mail) ||
		    !comment_counts(answer, key, &offer.range))
			continue;
		offer.object = key;
		offer.scope = blocks->count && offer.range.first.family &&
					      !range_covers(&blocks->at[0].range,
							    &offer.range)
				      ? SCOPE_PARENT
				      : SCOPE_NETWORK;
		answer->spoken = true;
		offer_mail(offering, mail, &offer);
	}
}

/* "... Please refer to ORG-X1-RIPE for further information." */
static struct slice organisation_in(struct slice text)
{
	ptrdiff_t at = slice_find(text, S("ORG-"));
	size_t end = at < 0 ? 0 : (size_t)at;

	while (end < text.len && (ascii_is_alnum(text.at[end]) || text.at[end] == '-'))
		end++;
	return at < 0 ? slice_of(NULL) : slice_cut(text, (size_t)at, end);
}

/* The server's doubt holds for what its comments gave; the organisation it names is to
 * be asked as well.                                                                    */
static void spread_invalid(const struct answer *answer)
{
	struct contacts *contacts = &answer->offering->out->contacts;

	if (answer->invalid.len == 0)
		return;
	answer->offering->out->note = answer->invalid;
	answer->offering->out->handle_query = organisation_in(answer->invalid);
	for (size_t i = 0; i < contacts->count; i++)
		if (contacts->at[i].confidence >= sure_comment) {
			contacts->at[i].suspect = true;
			contacts->at[i].confidence /= 2;
		}
}

/* ---- objects ----------------------------------------------------------------------- */

/* "remarks: x@y is invalid" on the roles that APNIC generates (prop-125). */
static bool says_invalid(const struct rpsl_object *object)
{
	for (size_t i = 0; i < object->count; i++)
		if (slice_equal_nocase(object->at[i].name, S("remarks")) &&
		    slice_find_nocase(object->at[i].value, S("invalid")) >= 0 &&
		    slice_find_byte(object->at[i].value, '@') >= 0)
			return true;
	return false;
}

static void offer_all(const struct answer *answer, const struct rpsl_object *object,
		      const char *name, struct offer offer)
{
	offer.object = rpsl_get(object, "nic-hdl");
	if (offer.object.len == 0)
		offer.object = rpsl_key(object);
	for (size_t i = 0; i < object->count; i++)
		if (slice_equal_nocase(object->at[i].name, slice_of(name)))
			offer_mail(answer->offering, rpsl_plain(object->at[i].value),
				   &offer);
}

/* Lines of free text that speak of abuse or spam and hold an address. */
static void offer_remarks(const struct answer *answer, const struct rpsl_object *object,
			  struct offer offer)
{
	offer.object = rpsl_key(object);
	offer.confidence += sure_remark;
	for (size_t i = 0; i < object->count; i++) {
		struct slice name = object->at[i].name;
		struct slice rest = object->at[i].value;
		struct slice line;

		if (!slice_equal_nocase(name, S("remarks")) &&
		    !slice_equal_nocase(name, S("descr")))
			continue;
		while (slice_next(&rest, '\n', &line))
			if (slice_find_nocase(line, S("abuse")) >= 0 ||
			    slice_find_nocase(line, S("spam")) >= 0)
				offer_mails_in(answer->offering, line, &offer);
	}
}

static void offer_abuse_c(const struct answer *answer, const struct rpsl_object *holder,
			  struct offer offer, double sure)
{
	const struct rpsl_object *role =
		find_handle(answer, rpsl_plain(rpsl_get(holder, "abuse-c")));

	if (!role)
		return;
	offer.suspect = says_invalid(role);
	offer.confidence += offer.suspect ? sure / 2 : sure;
	offer_all(answer, role, "abuse-mailbox", offer);
	if (rpsl_get(role, "abuse-mailbox").len == 0)
		offer_all(answer, role, "e-mail", offer);
}

static void offer_organisation(const struct answer *answer,
			       const struct rpsl_object *block, struct offer offer)
{
	const struct rpsl_object *organisation =
		find_handle(answer, rpsl_plain(rpsl_get(block, "org")));

	if (!organisation)
		return;
	if (offer.scope == SCOPE_NETWORK)
		offer.scope = SCOPE_ORGANISATION;
	offer_abuse_c(answer, organisation, offer, sure_organisation);
	offer.confidence += sure_organisation;
	offer_all(answer, organisation, "abuse-mailbox", offer);
}

static bool is_ripe(const struct answer *answer)
{
	return answer->registry &&
	       slice_equal(slice_of(answer->registry->name), S("ripe"));
}

/* Not at RIPE: there an irt counts for nothing (contacts.md 2.1). */
static void offer_irt(const struct answer *answer, const struct rpsl_object *block,
		      struct offer offer)
{
	const struct rpsl_object *irt =
		find_handle(answer, rpsl_plain(rpsl_get(block, "mnt-irt")));
	double before = offer.confidence;

	if (!irt || is_ripe(answer))
		return;
	offer.suspect = says_invalid(irt);
	offer.confidence = before + sure_irt;
	offer_all(answer, irt, "abuse-mailbox", offer);
	offer.confidence = before + sure_irt_mail;
	if (rpsl_get(irt, "abuse-mailbox").len == 0)
		offer_all(answer, irt, "e-mail", offer);
}

/* AFRINIC alone: some of its members have nothing but their maintainer's mailbox. */
static void offer_maintainers(const struct answer *answer,
			      const struct rpsl_object *block, struct offer offer)
{
	if (!answer->registry ||
	    !slice_equal(slice_of(answer->registry->name), S("afrinic")))
		return;
	offer.confidence += sure_role;
	for (size_t i = 0; i < block->count; i++) {
		const struct rpsl_object *maintainer;

		if (!slice_equal_nocase(block->at[i].name, S("mnt-by")) ||
		    is_registry_maintainer(rpsl_plain(block->at[i].value)))
			continue;
		maintainer = find_handle(answer, rpsl_plain(block->at[i].value));
		if (maintainer)
			offer_all(answer, maintainer, "abuse-mailbox", offer);
	}
}

static void offer_abuse_of(const struct answer *answer,
			   const struct rpsl_object *person, struct offer offer)
{
	double before = offer.confidence;

	offer.role = ROLE_ABUSE;
	offer.confidence = before + sure_role;
	offer_all(answer, person, "abuse-mailbox", offer);
	offer.confidence = before - wider;
	offer_remarks(answer, person, offer);
}

/* Contacts named on a block: their abuse boxes, then their remarks, then their plain
 * mail, which is for the wide list; that alone where `abuse` is false.               */
static void offer_persons(const struct answer *answer, const struct rpsl_object *block,
			  struct offer offer, bool abuse)
{
	static const struct {
		const char *attribute;
		enum contact_role role;
	} rows[] = {
		{ "admin-c", ROLE_ADMINISTRATIVE },
		{ "tech-c", ROLE_TECHNICAL },
		{ "zone-c", ROLE_TECHNICAL },
	};
	double before = offer.confidence;
	size_t left = PERSONS_MAX;

	for (size_t i = 0; i < block->count && left; i++)
		for (size_t j = 0; j < COUNT_OF(rows); j++) {
			const struct rpsl_object *person;

			if (!slice_equal_nocase(block->at[i].name,
						slice_of(rows[j].attribute)))
				continue;
			person = find_handle(answer, rpsl_plain(block->at[i].value));
			if (!person || left-- == 0)
				break;
			if (abuse)
				offer_abuse_of(answer, person, offer);
			offer.role = rows[j].role;
			offer.confidence = before + sure_person;
			offer_all(answer, person, "e-mail", offer);
		}
}

static bool has_abuse_contact(const struct reading *reading)
{
	for (size_t i = 0; i < reading->contacts.count; i++)
		if (reading->contacts.at[i].role == ROLE_ABUSE)
			return true;
	return false;
}

/* At RIPE the abuse contact is what the rule gives: remarks and the mailboxes of other
 * contacts count only where it gave nothing (contacts.md 2.1).                          */
static void offer_block(const struct answer *answer, const struct block *block,
			enum contact_scope scope)
{
	struct offer offer = {
		.role = ROLE_ABUSE,
		.scope = scope,
		.range = block->range,
		.confidence = scope == SCOPE_PARENT ? -wider : 0,
	};

	offer_abuse_c(answer, block->object, offer, sure_abuse_c);
	offer_irt(answer, block->object, offer);
	offer_organisation(answer, block->object, offer);
	if (is_ripe(answer) && has_abuse_contact(answer->offering->out)) {
		offer_persons(answer, block->object, offer, false);
		return;
	}
	offer_maintainers(answer, block->object, offer);
	offer_remarks(answer, block->object, offer);
	offer_persons(answer, block->object, offer, true);
}

/* ---- the network ------------------------------------------------------------------- */

static struct slice first_line(struct slice value)
{
	ptrdiff_t end = slice_find_byte(value, '\n');

	return end < 0 ? value : slice_cut(value, 0, (size_t)end);
}

static void read_network(const struct answer *answer, const struct block *block)
{
	const struct rpsl_object *organisation =
		find_handle(answer, rpsl_plain(rpsl_get(block->object, "org")));
	struct reading *out = answer->offering->out;
	struct slice name = organisation ? rpsl_get(organisation, "org-name")
					 : rpsl_get(block->object, "descr");

	out->has_network = true;
	out->network = (struct network){
		.range = block->range,
		.handle = rpsl_key(block->object),
		.name = first_line(rpsl_get(block->object, "netname")),
		.organisation = first_line(name),
		.country = rpsl_plain(first_line(rpsl_get(block->object, "country"))),
		.registry = slice_of(answer->registry ? answer->registry->name : NULL),
		.looked_up_at = answer->offering->asked_at,
		.found_in = answer->offering->server,
	};
}

static void hint(struct reading *out, const struct registry *registry)
{
	if (registry && out->registry_hint.len == 0)
		out->registry_hint = slice_of(registry->name);
}

/* National registries' space in APNIC's answer: who holds the details. */
static void hint_national(struct reading *out, const struct rpsl_object *object)
{
	static const char *const names[] = { "source", "mnt-by", "mnt-lower",
					     "mnt-irt" };

	for (size_t i = 0; i < object->count; i++)
		for (size_t j = 0; j < COUNT_OF(names); j++)
			if (slice_equal_nocase(object->at[i].name, slice_of(names[j])))
				hint(out, registry_national(
						  rpsl_plain(object->at[i].value)));
}

/* "Transferred to the RIPE region on ...": believed on APNIC's own stubs only. */
static void hint_transferred(struct reading *out, const struct rpsl_object *object)
{
	if (!rpsl_has(object, "mnt-by", S("APNIC-STUB")))
		return;
	for (size_t i = 0; i < object->count; i++)
		if (slice_equal_nocase(object->at[i].name, S("descr")) &&
		    slice_starts_nocase(object->at[i].value, S("Transferred to")))
			hint(out, registry_in_words(object->at[i].value));
}

/* Believed on objects of the registry's own only: a customer who calls his network
 * IANA-BLK must not get away unreported.                                             */
static bool is_elsewhere(const struct block *block)
{
	bool own = false;

	for (size_t i = 0; i < block->object->count; i++)
		own |= slice_equal_nocase(block->object->at[i].name, S("mnt-by")) &&
		       is_registry_maintainer(rpsl_plain(block->object->at[i].value));
	if (range_is_everything(&block->range))
		return true;
	return own && (is_placeholder_name(rpsl_get(block->object, "netname")) ||
		       rpsl_has(block->object, "mnt-by", S("APNIC-STUB")) ||
		       rpsl_has(block->object, "status", S("ALLOCATED UNSPECIFIED")));
}

static uint32_t as_number(struct slice text)
{
	uint64_t number = 0;

	if (slice_starts_nocase(text, S("AS")))
		text = slice_from(text, 2);
	return slice_to_u64(text, UINT32_MAX, &number) == 0 ? (uint32_t)number : 0;
}

static void add_origin(struct arena *arena, struct origins *origins, uint32_t number)
{
	for (size_t i = 0; i < origins->count; i++)
		if (origins->at[i] == number)
			return;
	if (number && origins->count < OFFERS_MAX)
		*LIST_ADD(arena, origins) = number;
}

static void read_origins(const struct answer *answer)
{
	struct offering *offering = answer->offering;

	for (size_t i = 0; i < answer->objects.count; i++) {
		const struct rpsl_object *object = &answer->objects.at[i];
		struct range range;

		if (rpsl_is(object, "aut-num"))
			add_origin(offering->arena, &offering->out->origin,
				   as_number(rpsl_key(object)));
		if ((!rpsl_is(object, "route") && !rpsl_is(object, "route6")) ||
		    range_parse(rpsl_key(object), &range) < 0 ||
		    !is_about(answer->about, &range))
			continue;
		add_origin(offering->arena, &offering->out->origin,
			   as_number(rpsl_plain(rpsl_get(object, "origin"))));
	}
}

/* ---- the answer -------------------------------------------------------------------- */

/* An answer to a handle or AS number: the first object speaks. */
static void read_handle(struct answer *answer)
{
	static const char *const mails[] = { "abuse-mailbox", "e-mail" };
	const struct rpsl_object *object = &answer->objects.at[0];
	struct offer offer = { .role = ROLE_ABUSE, .scope = SCOPE_ORGANISATION };

	offer_abuse_c(answer, object, offer, sure_abuse_c);
	offer_organisation(answer, object, offer);
	offer_persons(answer, object, offer, true);
	for (size_t i = 0; i < COUNT_OF(mails); i++) {
		offer.confidence = i == 0 ? sure_abuse_c : sure_person;
		offer.role = i == 0 ? ROLE_ABUSE : ROLE_TECHNICAL;
		offer_all(answer, object, mails[i], offer);
	}
}

static void read_blocks(struct answer *answer, const struct blocks *blocks)
{
	struct reading *out = answer->offering->out;

	read_network(answer, &blocks->at[0]);
	for (size_t i = 0; i < blocks->count; i++) {
		bool same = range_equal(&blocks->at[i].range, &blocks->at[0].range);

		if (i && is_ripe(answer) && rpsl_ripe_stops(blocks->at[i - 1].object))
			break;
		offer_block(answer, &blocks->at[i],
			    same ? SCOPE_NETWORK : SCOPE_PARENT);
		hint_national(out, blocks->at[i].object);
	}
	if (!is_elsewhere(&blocks->at[0]))
		return;
	out->state = READING_ELSEWHERE;
	out->registry_hint = slice_of(NULL);
	hint_transferred(out, blocks->at[0].object);
	offers_withdraw(answer->offering,
			"stands on a placeholder: the block is not this registry's");
}

void whois_rpsl_read(struct offering *offering, const struct registry *registry,
		     struct slice text, const struct address *about)
{
	struct answer answer = { .offering = offering,
				 .registry = registry,
				 .about = about };
	struct cursor cursor = cursor_of(text);
	struct rpsl_object object;
	struct blocks blocks;

	while (answer.objects.count < RPSL_OBJECTS_MAX &&
	       rpsl_next(offering->arena, &cursor, &answer.comments, &object))
		*LIST_ADD(offering->arena, &answer.objects) = object;
	find_blocks(&answer, &blocks);
	read_comments(&answer, &blocks);
	read_origins(&answer);
	if (blocks.count)
		read_blocks(&answer, &blocks);
	else if (about->family == FAMILY_NONE && answer.objects.count)
		read_handle(&answer);
	else if (!answer.spoken && offering->out->state == READING_ANSWER)
		offering->out->state = READING_NOTHING;
	spread_invalid(&answer);
}
