#include "contact/offer.h"

#include "mail/address.h"
#include "registry/charset.h"

static void reject(struct offering *offering, struct slice raw, struct slice reason)
{
	struct contacts_rejected *list = &offering->out->rejected;

	for (size_t i = 0; i < list->count; i++)
		if (slice_equal(list->at[i].address, raw))
			return;
	if (list->count < OFFERS_MAX)
		*LIST_ADD(offering->arena, list) =
			(struct contact_rejected){ raw, reason };
}

static void add(struct offering *offering, struct slice address, enum contact_kind kind,
		const struct offer *offer)
{
	if (offering->out->contacts.count == OFFERS_MAX)
		return;
	*LIST_ADD(offering->arena, &offering->out->contacts) = (struct contact){
		.address = address,
		.kind = kind,
		.scope = offer->scope,
		.role = offer->role,
		.found_by = offering->found_by,
		.server = offering->server,
		.object = offer->object,
		.range = offer->range,
		.confidence = offer->confidence,
		.checked_at = offering->asked_at,
		.suspect = offer->suspect,
	};
}

void offer_mail(struct offering *offering, struct slice raw, const struct offer *offer)
{
	struct slice clean;
	struct error err;

	raw = slice_trim(raw);
	if (raw.len == 0 || (offering->out->contacts.count == OFFERS_MAX &&
			     offering->out->rejected.count == OFFERS_MAX))
		return;
	if (mail_address_clean(offering->arena, raw, true, &clean, &err) == 0)
		add(offering, clean, CONTACT_EMAIL, offer);
	else
		reject(offering,
		       charset_to_utf8(offering->arena, slice_cut(raw, 0, 254)),
		       arena_copy(offering->arena, slice_of(err.text)));
}

static bool is_address_char(char c)
{
	return ascii_is_alnum(c) || slice_find_byte(S("#$&'*+-/=?^_`{}~.@"), c) >= 0;
}

void offer_mails_in(struct offering *offering, struct slice text,
		    const struct offer *offer)
{
	size_t at = 0;

	while (at < text.len) {
		size_t end = at;
		struct slice word;

		while (end < text.len && is_address_char(text.at[end]))
			end++;
		word = slice_cut(text, at, end);
		while (word.len && slice_find_byte(S("'./-*=?"), word.at[0]) >= 0)
			word = slice_from(word, 1);
		while (word.len &&
		       slice_find_byte(S("'./-*=?"), word.at[word.len - 1]) >= 0)
			word.len--;
		if (slice_find_byte(word, '@') > 0)
			offer_mail(offering, word, offer);
		at = end == at ? at + 1 : end;
	}
}

/* RFC 3986 characters only, nothing that leaves a line or a cell. */
static bool is_url(struct slice url)
{
	if (url.len > 500 || (!slice_starts_nocase(url, S("https://")) &&
			      !slice_starts_nocase(url, S("http://"))))
		return false;
	for (size_t i = 0; i < url.len; i++)
		if (!ascii_is_alnum(url.at[i]) &&
		    slice_find_byte(S("-._~:/?#@!$&()*+,;=%"), url.at[i]) < 0)
			return false;
	return true;
}

void offer_form(struct offering *offering, struct slice url, const struct offer *offer)
{
	url = slice_trim(url);
	while (url.len && slice_find_byte(S(".,;)"), url.at[url.len - 1]) >= 0)
		url.len--;
	if (is_url(url))
		add(offering, url, CONTACT_FORM, offer);
}

void offers_withdraw(struct offering *offering, const char *reason)
{
	struct contacts *contacts = &offering->out->contacts;

	for (size_t i = 0; i < contacts->count; i++)
		reject(offering, contacts->at[i].address, slice_of(reason));
	contacts->count = 0;
}
