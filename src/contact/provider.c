#include "contact/provider.h"

#include "base/clock.h"
#include "conf/schema.h"
#include "contact/choice.h"
#include "mail/address.h"

static const char *const ways[] = {
	[WAY_MAIL] = "mail",
	[WAY_FORM] = "form",
	[WAY_FORM_ONLY] = "form-only",
	[WAY_API] = "api",
};

struct slice table_field(struct slice *row)
{
	struct slice field = { "", 0 };

	if (!slice_next(row, '|', &field))
		return (struct slice){ "", 0 };
	return slice_trim(field);
}

bool table_row(struct slice *text, struct slice *row)
{
	while (slice_next(text, '\n', row)) {
		*row = slice_trim(*row);
		if (row->len && row->at[0] != '#')
			return true;
	}
	return false;
}

static int way_parse(struct slice text, enum provider_way *out)
{
	for (size_t i = 0; i < COUNT_OF(ways); i++)
		if (slice_equal(text, slice_of(ways[i]))) {
			*out = (enum provider_way)i;
			return 0;
		}
	return -1;
}

static bool is_format(struct slice name)
{
	struct slice names = slice_of(schema_report_formats), one;

	while (slice_next(&names, '|', &one))
		if (slice_equal(one, name))
			return true;
	return false;
}

/* "format = plain" or "terms = section 8.1 of your terms", behind the source. */
static int more_read(struct arena *arena, struct slice field, struct provider *out)
{
	ptrdiff_t equals = slice_find_byte(field, '=');
	struct slice key =
		slice_trim(slice_cut(field, 0, equals < 0 ? 0 : (size_t)equals));
	struct slice value = slice_trim(slice_from(field, (size_t)(equals + 1)));

	if (slice_equal(key, S("format")) && is_format(value))
		out->format = arena_copy(arena, value);
	else if (slice_equal(key, S("terms")) && value.len &&
		 value.len <= TERMS_MAX_BYTES)
		out->terms = arena_copy(arena, value);
	else
		return -1;
	return 0;
}

static int row_read(struct arena *arena, struct slice row, struct providers *out,
		    struct error *err)
{
	struct slice whole = row, domains = table_field(&row), domain;
	struct provider provider = { .way = WAY_MAIL };

	if (way_parse(table_field(&row), &provider.way) != 0)
		return error_set(err, ERROR_CONFIG,
				 "the row '" SLICE_FMT "' of providers: the second "
				 "field is mail, form, form-only or api",
				 SLICE_ARG(slice_cut(whole, 0, 80)));
	provider.url = arena_copy(arena, table_field(&row));
	provider.wants = arena_copy(arena, table_field(&row));
	provider.source = arena_copy(arena, table_field(&row));
	if (slice_equal(provider.url, S("-")))
		provider.url = (struct slice){ "", 0 };
	if (slice_equal(provider.wants, S("-")))
		provider.wants = (struct slice){ "", 0 };
	if ((provider.url.len || provider.way == WAY_FORM ||
	     provider.way == WAY_FORM_ONLY) &&
	    !contact_url_valid(provider.url))
		return error_set(err, ERROR_CONFIG,
				 "the row '" SLICE_FMT "' of providers: the third "
				 "field is the https URL of a form",
				 SLICE_ARG(slice_cut(whole, 0, 80)));
	while (row.len)
		if (more_read(arena, table_field(&row), &provider) != 0)
			return error_set(
				err, ERROR_CONFIG,
				"the row '" SLICE_FMT "' of providers: behind "
				"the source stand 'format = ' with one of %s, or "
				"'terms = ' with at most %d letters",
				SLICE_ARG(slice_cut(whole, 0, 80)),
				schema_report_formats, TERMS_MAX_BYTES);
	while (slice_next(&domains, ',', &domain)) {
		provider.domain = arena_copy(arena, slice_trim(domain));
		if (provider.domain.len && out->count < TABLE_ROWS_MAX)
			*LIST_ADD(arena, out) = provider;
	}
	return 0;
}

int providers_read(struct arena *arena, struct slice text, struct providers *out,
		   struct error *err)
{
	struct slice row;

	while (table_row(&text, &row))
		if (row_read(arena, row, out, err) != 0)
			return -1;
	return 0;
}

const struct provider *provider_of(const struct providers *providers,
				   struct slice address)
{
	for (size_t i = 0; i < providers->count; i++)
		if (mail_address_in(address, providers->at[i].domain))
			return &providers->at[i];
	return NULL;
}

static struct contact *address_find(const struct contacts *contacts,
				    struct slice address)
{
	for (size_t i = 0; i < contacts->count; i++)
		if (slice_equal(contacts->at[i].address, address))
			return &contacts->at[i];
	return NULL;
}

/* An API that nobody here speaks leads to the form and to mail, and says so. */
static struct slice wants_of(struct arena *arena, const struct provider *provider)
{
	if (provider->way != WAY_API)
		return provider->wants;
	return arena_printf(arena,
			    SLICE_FMT "%sit takes reports by an API too, which tipoff "
				      "does not speak: so %s",
			    SLICE_ARG(provider->wants), provider->wants.len ? "; " : "",
			    provider->url.len ? "by mail or its form" : "by mail");
}

/* The form of the desk whose mailbox `contact` is, beside it. */
static void add_form(struct arena *arena, const struct provider *provider,
		     const struct contact *contact, struct contact_answer *answer)
{
	struct contact *known = address_find(&answer->contacts, provider->url);
	struct contact form = *contact;

	if (known)
		known->only |= provider->way == WAY_FORM_ONLY;
	if (known && !known->mailbox.len)
		known->mailbox = contact->address;
	if (known || provider->url.len == 0)
		return;
	form.address = provider->url;
	form.kind = CONTACT_FORM;
	form.found_by = FOUND_TABLE;
	form.server = S("table of providers");
	form.object = provider->domain;
	form.suspect = false;
	form.mailbox = contact->address;
	form.only = provider->way == WAY_FORM_ONLY;
	*LIST_ADD(arena, &answer->contacts) = form;
}

/* The desk's mailbox itself may stand there again in another role (RFC 2142). */
static bool is_unread(const struct contact_answer *answer, size_t rejected_before,
		      const struct contact *contact)
{
	for (size_t i = rejected_before; i < answer->rejected.count; i++)
		if (slice_equal(answer->rejected.at[i].address, contact->address))
			return true;
	return false;
}

static void unread_drop(struct contact_answer *answer, size_t rejected_before)
{
	size_t kept = 0;

	for (size_t i = 0; i < answer->contacts.count; i++)
		if (!is_unread(answer, rejected_before, &answer->contacts.at[i]))
			answer->contacts.at[kept++] = answer->contacts.at[i];
	answer->contacts.count = kept;
}

void providers_apply(struct arena *arena, const struct providers *providers,
		     struct contact_answer *answer)
{
	size_t count = answer->contacts.count, before = answer->rejected.count;

	for (size_t i = 0; i < count; i++) {
		struct contact contact = answer->contacts.at[i];
		const struct provider *provider =
			contact.kind == CONTACT_EMAIL && contact.role == ROLE_ABUSE
				? provider_of(providers, contact.address)
				: NULL;

		if (!provider)
			continue;
		contact.wants = wants_of(arena, provider);
		contact.format = provider->format;
		contact.terms = provider->terms;
		answer->contacts.at[i] = contact;
		add_form(arena, provider, &contact, answer);
		if (provider->way == WAY_FORM_ONLY)
			*LIST_ADD(arena, &answer->rejected) = (struct contact_rejected){
				contact.address,
				S("mail is not read there: its desk takes its form "
				  "alone"),
			};
	}
	unread_drop(answer, before);
}
