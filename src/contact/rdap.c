/* RDAP (RFC 9083) as the registries really answer: members missing, roles mixed,
 * addresses with leading zeros or a prefix length (contacts.md 2.8).                   */
#include "contact/jcard.h"
#include "contact/offer.h"
#include "registry/registries.h"

#include <string.h>

enum { NESTING_MAX = 4, ENTITIES_MAX = 100 };

static const double sure_network = 0.9, sure_nested = 0.85, sure_wide = 0.3,
		    sure_registrar = 0.8;

struct answer {
	struct offering *offering;
	const struct registry *registry;
	struct range range; /* family 0: autnum, entity or domain */
	bool domain;
	bool doubtful; /* the network's remarks say that validation failed */
	bool maintained; /* a registry's own maintainer is among the entities */
};

static const struct {
	const char *role;
	enum contact_role means;
} roles[] = {
	{ "abuse", ROLE_ABUSE },         { "administrative", ROLE_ADMINISTRATIVE },
	{ "technical", ROLE_TECHNICAL }, { "noc", ROLE_TECHNICAL },
	{ "billing", ROLE_BILLING },     { "registrant", ROLE_REGISTRANT },
};

static struct slice text_of(const struct answer *answer,
			    const struct json_value *object, const char *key)
{
	return arena_copy(answer->offering->arena,
			  slice_trim(json_text(json_get(object, key))));
}

static bool has_role(const struct json_value *entity, const char *role)
{
	const struct json_value *list = json_get(entity, "roles");

	if (slice_equal_nocase(json_text(list), slice_of(role)))
		return true;
	for (size_t i = 0; i < json_count(list) && i < ENTITIES_MAX; i++)
		if (slice_equal_nocase(json_text(json_at(list, i)), slice_of(role)))
			return true;
	return false;
}

/* Titles and descriptions of remarks and notices. */
static bool remarks_say(const struct json_value *object, const char *words)
{
	const struct json_value *remarks = json_get(object, "remarks");
	struct slice needle = slice_of(words);

	for (size_t i = 0; i < json_count(remarks) && i < ENTITIES_MAX; i++) {
		const struct json_value *remark = json_at(remarks, i);
		const struct json_value *lines = json_get(remark, "description");

		if (slice_find_nocase(json_text(json_get(remark, "title")), needle) >=
		    0)
			return true;
		for (size_t j = 0; j < json_count(lines) && j < ENTITIES_MAX; j++)
			if (slice_find_nocase(json_text(json_at(lines, j)), needle) >=
			    0)
				return true;
	}
	return false;
}

/* ---- entities ---------------------------------------------------------------------- */

static void offer_role(struct answer *answer, const struct json_value *entity,
		       enum contact_role role, size_t depth, bool by_registrar)
{
	struct offer offer = {
		.role = role,
		.scope = answer->domain ? SCOPE_DOMAIN
			 : depth == 0   ? SCOPE_NETWORK
					: SCOPE_ORGANISATION,
		.object = text_of(answer, entity, "handle"),
		.range = answer->range,
		.confidence = role != ROLE_ABUSE ? sure_wide
			      : by_registrar     ? sure_registrar
			      : depth == 0       ? sure_network
						 : sure_nested,
		.suspect = remarks_say(entity, "Unvalidated POC") ||
			   remarks_say(entity, "is invalid") ||
			   (role == ROLE_ABUSE && answer->doubtful),
	};
	struct slices mails = { 0 };

	if (offer.suspect)
		offer.confidence /= 2;
	jcard_mails(answer->offering->arena, json_get(entity, "vcardArray"),
		    role == ROLE_ABUSE, &mails);
	for (size_t i = 0; i < mails.count; i++)
		offer_mail(answer->offering, mails.at[i], &offer);
	if (role == ROLE_ABUSE && mails.count == 0 && offer.object.len &&
	    answer->offering->out->handle_query.len == 0)
		answer->offering->out->handle_query = offer.object;
}

/* The first of its roles in the order of the table: one entity, one place in the list. */
static void offer_entity(struct answer *answer, const struct json_value *entity,
			 size_t depth, bool by_registrar)
{
	bool irt = json_get(entity, "roles") == NULL &&
		   slice_starts(json_text(json_get(entity, "handle")), S("IRT-"));

	if (irt) {
		offer_role(answer, entity, ROLE_ABUSE, depth, by_registrar);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(roles); i++)
		if (has_role(entity, roles[i].role)) {
			offer_role(answer, entity, roles[i].means, depth, by_registrar);
			return;
		}
}

static void walk_entities(struct answer *answer, const struct json_value *object,
			  size_t depth, bool by_registrar)
{
	const struct json_value *entities = json_get(object, "entities");

	if (depth == NESTING_MAX)
		return;
	for (size_t i = 0; i < json_count(entities) && i < ENTITIES_MAX; i++) {
		const struct json_value *entity = json_at(entities, i);
		bool registrar = by_registrar || has_role(entity, "registrar");

		answer->maintained |=
			is_registry_maintainer(json_text(json_get(entity, "handle")));
		/* Persons behind an abuse role are its staff, not contacts. */
		if (depth == 0 || has_role(entity, "abuse"))
			offer_entity(answer, entity, depth, registrar);
		walk_entities(answer, entity, depth + 1, registrar);
	}
}

/* ---- the network ------------------------------------------------------------------- */

/* "074.125.000.000" is decimal here, "2001:db8::/128" an address with its own length. */
static int lenient_address(struct arena *arena, struct slice text, struct address *out)
{
	ptrdiff_t slash = slice_find_byte(text, '/');
	struct slice rest, part;
	struct slice plain = slice_of("");

	if (slash >= 0)
		text = slice_cut(text, 0, (size_t)slash);
	if (text.len > 64)
		return -1;
	if (slice_find_byte(text, ':') >= 0 || address_parse(text, out) == 0)
		return address_parse(text, out);
	for (rest = text; slice_next(&rest, '.', &part);) {
		while (part.len > 1 && part.at[0] == '0')
			part = slice_from(part, 1);
		plain = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT, SLICE_ARG(plain),
				     plain.len ? "." : "", SLICE_ARG(part));
	}
	return address_parse(plain, out);
}

static int read_range(const struct answer *answer, const struct json_value *root,
		      struct range *out)
{
	struct arena *arena = answer->offering->arena;
	struct range range;

	if (lenient_address(arena, json_text(json_get(root, "startAddress")),
			    &range.first) < 0 ||
	    lenient_address(arena, json_text(json_get(root, "endAddress")),
			    &range.last) < 0 ||
	    range.first.family != range.last.family ||
	    address_compare(&range.first, &range.last) > 0)
		return range_parse(json_text(json_get(root, "handle")), out);
	*out = range;
	return 0;
}

/* Registrant's name, else the first line of the first remark. */
static struct slice organisation_of(const struct answer *answer,
				    const struct json_value *root)
{
	const struct json_value *entities = json_get(root, "entities");
	const struct json_value *remark = json_at(json_get(root, "remarks"), 0);

	for (size_t i = 0; i < json_count(entities) && i < ENTITIES_MAX; i++) {
		const struct json_value *entity = json_at(entities, i);
		struct slice name = jcard_name(json_get(entity, "vcardArray"));

		if (has_role(entity, "registrant") && name.len &&
		    !slice_ends(name, S("-MNT")))
			return arena_copy(answer->offering->arena, name);
	}
	return arena_copy(answer->offering->arena,
			  json_text(json_at(json_get(remark, "description"), 0)));
}

static const struct registry *registry_of(const struct json_value *root,
					  struct slice server)
{
	const struct registry *registry = registry_of_host(server);

	return registry ? registry
			: registry_of_host(json_text(json_get(root, "port43")));
}

static void read_network(const struct answer *answer, const struct json_value *root)
{
	struct reading *out = answer->offering->out;

	out->has_network = true;
	out->network = (struct network){
		.range = answer->range,
		.handle = text_of(answer, root, "handle"),
		.name = text_of(answer, root, "name"),
		.organisation = organisation_of(answer, root),
		.country = text_of(answer, root, "country"),
		.registry = slice_of(answer->registry ? answer->registry->name : NULL),
		.looked_up_at = answer->offering->asked_at,
		.found_in = answer->offering->server,
	};
}

static void read_origins(const struct answer *answer, const struct json_value *root)
{
	const struct json_value *list = json_get(root, "arin_originas0_originautnums");
	int64_t number = json_integer(json_get(root, "startAutnum"), 0);
	struct reading *out = answer->offering->out;

	if (number > 0 && number <= UINT32_MAX)
		*LIST_ADD(answer->offering->arena, &out->origin) = (uint32_t)number;
	for (size_t i = 0; i < json_count(list) && i < ENTITIES_MAX; i++) {
		number = json_integer(json_at(list, i), 0);
		if (number > 0 && number <= UINT32_MAX)
			*LIST_ADD(answer->offering->arena, &out->origin) =
				(uint32_t)number;
	}
}

/* ARIN's blocks that went to another registry are registered to that registry. */
static const struct registry *other_registry(const struct answer *answer,
					     const struct json_value *root)
{
	const struct json_value *entities = json_get(root, "entities");
	struct slice type = json_text(json_get(root, "type"));

	if (!answer->registry || answer->registry->family != WHOIS_ARIN)
		return NULL;
	if (slice_find_nocase(type, S("Transferred to")) >= 0)
		return registry_in_words(type);
	for (size_t i = 0; i < json_count(entities) && i < ENTITIES_MAX; i++) {
		const struct json_value *entity = json_at(entities, i);
		const struct registry *registry =
			registry_named(json_text(json_get(entity, "handle")));

		if (registry && has_role(entity, "registrant"))
			return registry == answer->registry ? NULL : registry;
	}
	return NULL;
}

/* A customer may name his network as he likes: a placeholder's name is believed where
 * the registry's own maintainer holds it or it names no abuse mailbox anyway.          */
static bool is_placeholder(const struct answer *answer, const struct json_value *root)
{
	const struct contacts *contacts = &answer->offering->out->contacts;
	bool abuse = false;

	for (size_t i = 0; i < contacts->count; i++)
		abuse |= contacts->at[i].role == ROLE_ABUSE;
	return range_is_everything(&answer->range) ||
	       (is_placeholder_name(json_text(json_get(root, "name"))) &&
		(answer->maintained || !abuse));
}

static void read_elsewhere(const struct answer *answer, const struct json_value *root)
{
	const struct registry *other = other_registry(answer, root);
	struct reading *out = answer->offering->out;

	if (!other && !is_placeholder(answer, root))
		return;
	out->state = READING_ELSEWHERE;
	if (other)
		out->registry_hint = slice_of(other->name);
	offers_withdraw(answer->offering,
			"stands on a placeholder: the block is not this registry's");
}

/* ---- kinds of objects -------------------------------------------------------------- */

/* LACNIC says so with status 200 (contacts.md 2.4): such an answer has nobody in it. */
static bool read_rate_limit(struct answer *answer, const struct json_value *root)
{
	const struct json_value *notices = json_get(root, "notices");
	struct reading *out = answer->offering->out;

	if (json_count(json_get(root, "entities")))
		return false;
	for (size_t i = 0; i < json_count(notices) && i < ENTITIES_MAX; i++) {
		struct slice title = json_text(json_get(json_at(notices, i), "title"));

		if (!slice_equal_nocase(slice_trim(title), S("Rate Limit Notice")))
			continue;
		out->state = READING_REFUSED;
		out->note = arena_copy(answer->offering->arena, title);
		return true;
	}
	return false;
}

/* RFC 9083 section 6. */
static bool read_error(struct answer *answer, const struct json_value *root)
{
	int64_t code = json_integer(json_get(root, "errorCode"), 0);
	struct reading *out = answer->offering->out;

	if (code == 0)
		return false;
	out->state = code == 404 || code == 400 || code == 501 ? READING_NOTHING
							       : READING_REFUSED;
	out->note = arena_printf(answer->offering->arena, "%lld " SLICE_FMT,
				 (long long)code,
				 SLICE_ARG(json_text(json_get(root, "title"))));
	return true;
}

static void read_ip(struct answer *answer, const struct json_value *root,
		    const struct address *about)
{
	if (read_range(answer, root, &answer->range) < 0 ||
	    (about->family && !range_contains(&answer->range, about))) {
		answer->offering->out->state = READING_NOTHING;
		answer->offering->out->note =
			S("the answer is about another range than was asked for");
		return;
	}
	read_network(answer, root);
	read_origins(answer, root);
	answer->doubtful = remarks_say(root, "validation failed");
	walk_entities(answer, root, 0, false);
	read_elsewhere(answer, root);
}

/* An entity that was asked for by its handle is taken at its word. */
static void read_entity(struct answer *answer, const struct json_value *root)
{
	if (json_count(json_get(root, "roles")) == 0)
		offer_role(answer, root, ROLE_ABUSE, 1, false);
	else
		offer_entity(answer, root, 1, false);
	walk_entities(answer, root, 0, false);
}

static bool is_kind(const struct json_value *root, const char *class, const char *key)
{
	const struct json_value *name = json_get(root, "objectClassName");

	if (name)
		return slice_equal_nocase(json_text(name), slice_of(class));
	return json_get(root, key) != NULL;
}

static int read_object(struct answer *answer, const struct json_value *root,
		       const struct address *about, struct error *err)
{
	if (is_kind(root, "ip network", "startAddress")) {
		read_ip(answer, root, about);
	} else if (is_kind(root, "autnum", "startAutnum")) {
		read_origins(answer, root);
		walk_entities(answer, root, 0, false);
	} else if (is_kind(root, "domain", "ldhName")) {
		answer->domain = true;
		walk_entities(answer, root, 0, false);
	} else if (is_kind(root, "entity", "vcardArray")) {
		read_entity(answer, root);
	} else if (!json_get(root, "rdapConformance")) {
		return error_set(err, ERROR_SYNTAX,
				 "the answer is JSON but not RDAP (RFC 9083)");
	} else {
		answer->offering->out->state = READING_NOTHING;
	}
	return 0;
}

int rdap_read(struct arena *arena, struct slice json,
	      const struct rdap_question *question, struct reading *out,
	      struct error *err)
{
	struct reading reading = { .state = READING_ANSWER };
	struct offering offering = { .arena = arena,
				     .out = &reading,
				     .server = arena_copy(arena, question->server),
				     .found_by = FOUND_RDAP,
				     .asked_at = question->asked_at };
	struct answer answer = { .offering = &offering };
	struct json *document = json_read(json, READING_MAX_BYTES, err);
	const struct json_value *root = json_root(document);
	int result = 0;

	if (!document)
		return -1;
	answer.registry = registry_of(root, question->server);
	if (!json_is_object(root))
		result = error_set(err, ERROR_SYNTAX,
				   "the answer is JSON but not RDAP (RFC 9083)");
	else if (!read_error(&answer, root) && !read_rate_limit(&answer, root))
		result = read_object(&answer, root, question->about, err);
	json_free(document);
	if (result == 0)
		*out = reading;
	return result;
}
