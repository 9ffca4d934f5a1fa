/* ARIN (contacts.md 2.3): blocks of "Key: value" from the widest to the narrowest, each
 * begun by NetRange and followed by its organisation and points of contact.            */
#include "base/cursor.h"
#include "contact/whois_readers.h"
#include "registry/charset.h"
#include "registry/rpsl.h"

static const double sure_resource = 0.9, sure_organisation = 0.85, sure_wide = 0.3,
		    sure_form = 0.6, sure_comment = 0.5, wider = 0.15;

/* Which key says what. */
static const struct {
	const char *key;
	enum contact_role role;
	enum contact_scope scope;
} mails[] = {
	{ "RAbuseEmail", ROLE_ABUSE, SCOPE_NETWORK },
	{ "OrgAbuseEmail", ROLE_ABUSE, SCOPE_ORGANISATION },
	{ "RTechEmail", ROLE_TECHNICAL, SCOPE_NETWORK },
	{ "RNOCEmail", ROLE_TECHNICAL, SCOPE_NETWORK },
	{ "OrgTechEmail", ROLE_TECHNICAL, SCOPE_ORGANISATION },
	{ "OrgNOCEmail", ROLE_TECHNICAL, SCOPE_ORGANISATION },
	{ "OrgAdminEmail", ROLE_ADMINISTRATIVE, SCOPE_ORGANISATION },
};

/* A NetRange (or the AS asked for) with everything behind it up to the next. */
struct block {
	struct rpsl_object keys;
	struct range range;
	bool begun; /* its NetRange was seen          */
	bool holds; /* contains the address asked for */
};
enum { BLOCKS_MAX = 64 };
struct blocks {
	struct block *at;
	size_t count, room;
};

static bool begins_block(struct slice name)
{
	return slice_equal_nocase(name, S("NetRange")) ||
	       slice_equal_nocase(name, S("ASNumber"));
}

static struct block *block_for(struct arena *arena, struct blocks *blocks, bool begins)
{
	struct block *last = blocks->count ? &blocks->at[blocks->count - 1] : NULL;

	if (!last || (begins && last->begun)) {
		*LIST_ADD(arena, blocks) = (struct block){ .holds = false };
		last = &blocks->at[blocks->count - 1];
	}
	last->begun |= begins;
	return last;
}

/* All attributes of the answer in order, cut into blocks. What precedes the first
 * NetRange belongs to it: the order of keys has changed over the years.               */
static void split(struct arena *arena, struct slice text, const struct address *about,
		  struct blocks *out)
{
	struct cursor cursor = cursor_of(text);
	struct rpsl_object object;

	while (rpsl_next(arena, &cursor, NULL, &object)) {
		bool begins = false;
		struct block *block;

		for (size_t i = 0; i < object.count; i++)
			begins |= begins_block(object.at[i].name);
		if (begins && out->count == BLOCKS_MAX)
			return;
		block = block_for(arena, out, begins);
		for (size_t i = 0; i < object.count; i++)
			if (block->keys.count < RPSL_ATTRIBUTES_MAX)
				*LIST_ADD(arena, &block->keys) = object.at[i];
		if (begins &&
		    range_parse(rpsl_get(&object, "NetRange"), &block->range) == 0)
			block->holds = range_contains(&block->range, about);
		block->holds |= about->family == FAMILY_NONE;
	}
}

/* "OrgAbuseHandle" beside "OrgAbuseEmail". */
static struct slice poc_handle(const struct rpsl_object *keys, struct slice email_key)
{
	size_t stem = email_key.len - S("Email").len;

	for (size_t i = 0; i < keys->count; i++)
		if (slice_starts_nocase(keys->at[i].name,
					slice_cut(email_key, 0, stem)) &&
		    slice_equal_nocase(slice_from(keys->at[i].name, stem), S("Handle")))
			return keys->at[i].value;
	return slice_of(NULL);
}

static void offer_contacts(struct offering *offering, const struct block *block,
			   bool parent)
{
	const struct rpsl_object *keys = &block->keys;

	for (size_t i = 0; i < keys->count; i++)
		for (size_t j = 0; j < COUNT_OF(mails); j++) {
			struct offer offer = { .role = mails[j].role,
					       .scope = mails[j].scope,
					       .range = block->range };

			if (!slice_equal_nocase(keys->at[i].name,
						slice_of(mails[j].key)))
				continue;
			offer.object = poc_handle(keys, slice_of(mails[j].key));
			offer.confidence = offer.role != ROLE_ABUSE ? sure_wide
					   : offer.scope == SCOPE_NETWORK
						   ? sure_resource
						   : sure_organisation;
			if (parent) {
				offer.scope = SCOPE_PARENT;
				offer.confidence -= wider;
			}
			offer_mail(offering, keys->at[i].value, &offer);
		}
}

/* A comment that speaks of abuse may name the form to use, on its own line or the next
 * ones, or a mailbox.                                                                  */
static void offer_comments(struct offering *offering, const struct block *block,
			   bool parent)
{
	const struct rpsl_object *keys = &block->keys;
	struct offer offer = { .role = ROLE_ABUSE,
			       .scope = parent ? SCOPE_PARENT : SCOPE_NETWORK,
			       .object = rpsl_get(keys, "NetHandle"),
			       .range = block->range };
	size_t lines_left = 0;

	for (size_t i = 0; i < keys->count; i++) {
		struct slice value = keys->at[i].value;
		ptrdiff_t url = slice_find_nocase(value, S("http"));
		size_t end;

		if (!slice_equal_nocase(keys->at[i].name, S("Comment")))
			continue;
		if (slice_find_nocase(value, S("abuse")) >= 0 ||
		    slice_find_nocase(value, S("spam")) >= 0)
			lines_left = 2;
		if (lines_left == 0)
			continue;
		lines_left--;
		offer.scope = parent ? SCOPE_PARENT : SCOPE_ORGANISATION;
		offer.confidence = sure_comment;
		offer_mails_in(offering, value, &offer);
		offer.scope = parent ? SCOPE_PARENT : SCOPE_NETWORK;
		offer.confidence = sure_form;
		for (end = url < 0 ? 0 : (size_t)url; end < value.len; end++)
			if (ascii_is_space(value.at[end]))
				break;
		if (url >= 0)
			offer_form(offering, slice_cut(value, (size_t)url, end),
				   &offer);
	}
}

static void read_origins(struct offering *offering, struct slice text)
{
	struct slice part;

	while (slice_next(&text, ',', &part)) {
		uint64_t number = 0;

		part = slice_trim(part);
		if (slice_starts_nocase(part, S("AS")))
			part = slice_from(part, 2);
		if (slice_to_u64(part, UINT32_MAX, &number) == 0 && number &&
		    offering->out->origin.count < OFFERS_MAX)
			*LIST_ADD(offering->arena, &offering->out->origin) =
				(uint32_t)number;
	}
}

/* "Google LLC (GOOGL-2)" without the handle. */
static struct slice organisation_of(const struct rpsl_object *keys)
{
	static const char *const names[] = { "OrgName", "CustName", "Organization",
					     "Customer" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct slice value = rpsl_get(keys, names[i]);
		ptrdiff_t open = slice_find_last_byte(value, '(');

		if (value.len == 0)
			continue;
		return i >= 2 && open > 0
			       ? slice_trim(slice_cut(value, 0, (size_t)open))
			       : value;
	}
	return slice_of(NULL);
}

static void read_network(struct offering *offering, const struct block *block)
{
	const struct rpsl_object *keys = &block->keys;

	read_origins(offering, rpsl_get(keys, "OriginAS"));
	read_origins(offering, rpsl_get(keys, "ASNumber"));
	offering->out->has_network = block->range.first.family != FAMILY_NONE;
	offering->out->network = (struct network){
		.range = block->range,
		.handle = rpsl_get(keys, "NetHandle"),
		.name = rpsl_get(keys, "NetName"),
		.organisation = organisation_of(keys),
		.country = rpsl_get(keys, "Country"),
		.registry = S("arin"),
		.looked_up_at = offering->asked_at,
		.found_in = offering->server,
	};
}

/* The last one wins. Only the key ReferralServer counts, never a comment's text. */
static void read_referral(struct offering *offering, const struct block *block)
{
	for (size_t i = 0; i < block->keys.count; i++) {
		struct reading *out = offering->out;

		if (!slice_equal_nocase(block->keys.at[i].name, S("ReferralServer")))
			continue;
		if (referral_parse(offering->arena, block->keys.at[i].value,
				   &out->referral) == 0)
			out->has_referral = true;
	}
}

/* Organisations that are registries, and blocks that went to one. */
static const struct registry *other_registry(const struct rpsl_object *keys)
{
	static const char *const ids[] = { "RIPE", "APNIC", "LACNIC", "AFRINIC" };
	struct slice id = rpsl_get(keys, "OrgId");
	struct slice type = rpsl_get(keys, "NetType");

	for (size_t i = 0; i < COUNT_OF(ids); i++)
		if (slice_equal_nocase(id, slice_of(ids[i])))
			return registry_named(slice_of(ids[i]));
	if (slice_find_nocase(type, S("Transferred to")) >= 0 ||
	    slice_starts_nocase(type, S("Allocated to")))
		return registry_in_words(type);
	return NULL;
}

static void read_elsewhere(struct offering *offering, const struct block *block)
{
	const struct registry *other = other_registry(&block->keys);
	struct reading *out = offering->out;

	if (!other && out->has_referral) {
		other = registry_of_host(out->referral.host);
		other = other && other->family != WHOIS_ARIN ? other : NULL;
	}
	if (!other && !slice_equal_nocase(rpsl_get(&block->keys, "OrgId"), S("IANA")))
		return;
	out->state = READING_ELSEWHERE;
	if (other)
		out->registry_hint = slice_of(other->name);
	offers_withdraw(offering,
			"stands on a block that is another registry's, not ARIN's");
}

/* "Example Inc. EXAMPLE-2 (NET-198-51-100-0-1) 198.51.100.0 - 198.51.100.255": a bare
 * query matched several; the narrowest that holds the address must be asked for.      */
static void read_short_list(struct offering *offering, struct slice text,
			    const struct address *about)
{
	struct cursor cursor = cursor_of(text);
	struct range best = { { 0 }, { 0 } };
	struct slice line;

	while (cursor_line(&cursor, &line)) {
		ptrdiff_t open = slice_find(line, S("(NET"));
		ptrdiff_t end = slice_find_last_byte(line, ')');
		struct range range;

		if (open < 0 || end < open ||
		    range_parse(slice_trim(slice_from(line, (size_t)end + 1)), &range) <
			    0 ||
		    !range_contains(&range, about) ||
		    (best.first.family && range_covers(&range, &best)))
			continue;
		best = range;
		offering->out->handle_query =
			charset_to_utf8(offering->arena,
					slice_cut(line, (size_t)open + 1, (size_t)end));
		offering->out->state = READING_ANSWER;
	}
}

/* Narrowest of the blocks that hold the address; the last of equals. */
static const struct block *narrowest(const struct blocks *blocks)
{
	const struct block *best = NULL;

	for (size_t i = 0; i < blocks->count; i++)
		if (blocks->at[i].holds &&
		    (!best || range_covers(&best->range, &blocks->at[i].range)))
			best = &blocks->at[i];
	return best;
}

void whois_arin_read(struct offering *offering, const struct registry *registry,
		     struct slice text, const struct address *about)
{
	struct blocks blocks = { 0 };
	const struct block *best;

	(void)registry;
	split(offering->arena, text, about, &blocks);
	best = narrowest(&blocks);
	if (!best) {
		offering->out->state = offering->out->state == READING_REFUSED
					       ? READING_REFUSED
					       : READING_NOTHING;
		read_short_list(offering, text, about);
		return;
	}
	read_network(offering, best);
	for (size_t i = 0; i < blocks.count; i++) {
		bool parent = &blocks.at[i] != best;

		if (!blocks.at[i].holds ||
		    (parent && other_registry(&blocks.at[i].keys)))
			continue;
		offer_contacts(offering, &blocks.at[i], parent);
		offer_comments(offering, &blocks.at[i], parent);
	}
	read_referral(offering, best);
	read_elsewhere(offering, best);
}
