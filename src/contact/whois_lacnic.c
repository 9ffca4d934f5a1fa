/* LACNIC and registro.br (contacts.md 2.4): one inetnum with handles, then the blocks of
 * these handles. Ranges may be short ("177.224/13").                                   */
#include "contact/whois_readers.h"
#include "registry/rpsl.h"

static const double sure_abuse = 0.9, sure_wide = 0.3, sure_csirt = 0.6;

static const struct {
	const char *attribute;
	enum contact_role role;
} handles[] = {
	{ "abuse-c", ROLE_ABUSE },
	{ "owner-c", ROLE_ADMINISTRATIVE },
	{ "tech-c", ROLE_TECHNICAL },
	{ "routing-c", ROLE_TECHNICAL },
};

static const struct rpsl_object *find_person(const struct rpsl_objects *objects,
					     struct slice handle)
{
	for (size_t i = 0; i < objects->count; i++)
		if (slice_equal_nocase(rpsl_get(&objects->at[i], "nic-hdl"), handle) ||
		    slice_equal_nocase(rpsl_get(&objects->at[i], "nic-hdl-br"), handle))
			return &objects->at[i];
	return NULL;
}

static void offer_handles(struct offering *offering, const struct rpsl_objects *objects,
			  const struct rpsl_object *block, const struct range *range)
{
	for (size_t i = 0; i < COUNT_OF(handles); i++) {
		struct slice handle = rpsl_get(block, handles[i].attribute);
		const struct rpsl_object *person =
			handle.len ? find_person(objects, handle) : NULL;
		struct offer offer = { .role = handles[i].role,
				       .scope = SCOPE_NETWORK,
				       .object = handle,
				       .range = *range };

		offer.confidence = offer.role == ROLE_ABUSE ? sure_abuse : sure_wide;
		if (person)
			offer_mail(offering, rpsl_get(person, "e-mail"), &offer);
		/* Mail is masked for guests: the handle can be asked by RDAP. */
		if (handles[i].role == ROLE_ABUSE && handle.len &&
		    (!person || rpsl_get(person, "e-mail").len == 0))
			offering->out->handle_query = handle;
	}
}

static void read_network(struct offering *offering, const struct rpsl_object *block,
			 const struct range *range, bool brazil)
{
	struct slice number = rpsl_get(block, "aut-num");
	uint64_t origin = 0;

	if (slice_starts_nocase(number, S("AS")))
		number = slice_from(number, 2);
	if (slice_to_u64(number, UINT32_MAX, &origin) == 0 && origin)
		*LIST_ADD(offering->arena, &offering->out->origin) = (uint32_t)origin;
	offering->out->has_network = range->first.family != FAMILY_NONE;
	offering->out->network = (struct network){
		.range = *range,
		.handle = rpsl_key(block),
		.name = rpsl_get(block, "ownerid"),
		.organisation = rpsl_get(block, "owner"),
		.country = rpsl_get(block, "country"),
		.registry = brazil ? S("nicbr") : S("lacnic"),
		.looked_up_at = offering->asked_at,
		.found_in = offering->server,
	};
}

/* "% Brazilian resource: whois.registro.br" and its like: the server's own comments. */
static bool says(const struct slices *comments, struct slice words)
{
	for (size_t i = 0; i < comments->count; i++)
		if (slice_find_nocase(comments->at[i], words) >= 0)
			return true;
	return false;
}

/* CERT.br asks in every answer to be told; it is for a person to choose. */
static void offer_cert_br(struct offering *offering, const struct range *range)
{
	struct offer offer = { .role = ROLE_ABUSE,
			       .scope = SCOPE_CSIRT,
			       .object = S("footer of the answer"),
			       .range = *range,
			       .confidence = sure_csirt };

	offer_mail(offering, S("cert@cert.br"), &offer);
}

void whois_lacnic_read(struct offering *offering, const struct registry *registry,
		       struct slice text, const struct address *about)
{
	struct cursor cursor = cursor_of(text);
	struct rpsl_objects objects = { 0 };
	struct slices comments = { 0 };
	const struct rpsl_object *block = NULL;
	struct range range = { { 0 }, { 0 } };
	struct rpsl_object object;
	bool brazil;

	while (objects.count < RPSL_OBJECTS_MAX &&
	       rpsl_next(offering->arena, &cursor, &comments, &object))
		*LIST_ADD(offering->arena, &objects) = object;
	brazil = (registry && slice_equal(slice_of(registry->name), S("nicbr"))) ||
		 says(&comments, S("Brazilian resource"));
	for (size_t i = 0; i < objects.count && !block; i++) {
		bool inet = rpsl_is(&objects.at[i], "inetnum") &&
			    range_parse(rpsl_key(&objects.at[i]), &range) == 0;

		if ((inet && about->family && range_contains(&range, about)) ||
		    (!about->family && (inet || rpsl_is(&objects.at[i], "aut-num"))))
			block = &objects.at[i];
	}
	if (brazil && !(registry && registry->whois &&
			slice_equal(slice_of(registry->name), S("nicbr"))))
		offering->out->registry_hint = S("nicbr");
	if (!block && offering->out->state == READING_ANSWER)
		offering->out->state = READING_NOTHING;
	if (!block)
		return;
	read_network(offering, block, &range, brazil);
	offer_handles(offering, &objects, block, &range);
	if (says(&comments, S("cert@cert.br")))
		offer_cert_br(offering, &range);
}
