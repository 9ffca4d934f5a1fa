#include "contact/own_contacts.h"

#include "contact/choice.h"
#include "mail/address.h"
#include "net/dns.h"

static int key_parse(struct arena *arena, struct slice key, struct own_contact *out)
{
	uint64_t number;

	if (range_parse(key, &out->range) == 0)
		return 0;
	out->range = (struct range){ { 0 }, { 0 } };
	if (slice_starts_nocase(key, S("AS")) &&
	    slice_to_u64(slice_from(key, 2), UINT32_MAX, &number) == 0 && number) {
		out->number = (uint32_t)number;
		return 0;
	}
	if (!host_name_valid(key) || slice_find_byte(key, '.') < 0)
		return -1;
	out->domain = host_name_canonical(arena, key);
	return 0;
}

/* A mailbox, or a form. */
static int address_parse_own(struct arena *arena, struct slice text, struct slice *out)
{
	struct error ignored;

	if (!contact_is_url(text))
		return mail_address_clean(arena, text, true, out, &ignored);
	if (!contact_url_valid(text))
		return -1;
	*out = arena_copy(arena, text);
	return 0;
}

int own_contacts_read(struct arena *arena, const struct slices *rows,
		      struct own_contacts *out, struct error *err)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct slice row = slice_trim(rows->at[i]);
		ptrdiff_t blank = slice_find_byte(row, ' ');
		struct own_contact own = { .number = 0 };
		own.key = arena_copy(arena,
				     slice_cut(row, 0, blank < 0 ? 0 : (size_t)blank));
		if (blank < 0 || key_parse(arena, own.key, &own) != 0 ||
		    address_parse_own(arena, slice_trim(slice_from(row, (size_t)blank)),
				      &own.address) != 0)
			return error_set(
				err, ERROR_CONFIG,
				"contacts = '" SLICE_FMT
				"' is no row 'RANGE|AS|DOMAIN ADDRESS' (or the https "
				"URL of a form)",
				SLICE_ARG(slice_cut(row, 0, 80)));
		*LIST_ADD(arena, out) = own;
	}
	return 0;
}

static bool is_about(const struct own_contact *own, const struct address *about,
		     uint32_t number, const struct contact_answer *answer)
{
	if (own->range.first.family != FAMILY_NONE)
		return about->family != FAMILY_NONE &&
		       range_contains(&own->range, about);
	for (size_t i = 0; own->number && i < answer->origin.count; i++)
		if (answer->origin.at[i] == own->number)
			return true;
	if (own->number)
		return own->number == number;
	for (size_t i = 0; i < answer->names.count; i++) {
		struct slice at = answer->names.at[i].name;

		while (answer->names.at[i].confirmed && at.len) {
			ptrdiff_t dot = slice_find_byte(at, '.');

			if (slice_equal_nocase(at, own->domain))
				return true;
			at = slice_from(at, dot < 0 ? at.len : (size_t)dot + 1);
		}
	}
	return false;
}

void own_contacts_apply(struct arena *arena, const struct own_contacts *own,
			const struct address *about, uint32_t number, int64_t now,
			struct contact_answer *answer)
{
	for (size_t i = 0; i < own->count; i++)
		if (is_about(&own->at[i], about, number, answer))
			*LIST_ADD(arena, &answer->contacts) = (struct contact){
				.address = own->at[i].address,
				.kind = contact_is_url(own->at[i].address)
						? CONTACT_FORM
						: CONTACT_EMAIL,
				.scope = SCOPE_NETWORK,
				.role = ROLE_ABUSE,
				.found_by = FOUND_USER,
				.server = S("your configuration"),
				.object = own->at[i].key,
				.range = own->at[i].range,
				.confidence = 1,
				.checked_at = now,
			};
}
