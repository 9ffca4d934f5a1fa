#include "contact/suppression.h"

static bool is_host_byte(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_';
}

int suppression_scope(struct arena *arena, struct slice key, struct suppression *out,
		      struct error *err)
{
	struct range range;
	bool dotted = slice_find_byte(key, '.') > 0;

	if ((slice_find_byte(key, '@') > 0 && slice_find_byte(key, ' ') < 0) ||
	    contact_url_valid(key)) {
		*out = (struct suppression){ .scope = S("address"),
					     .key = arena_lower(arena, key) };
		return 0;
	}
	if (range_parse(key, &range) == 0) {
		struct range_text text = range_format(&range);

		*out = (struct suppression){ .scope = S("network"),
					     .key = arena_copy(arena,
							       slice_of(text.text)) };
		return 0;
	}
	for (size_t i = 0; i < key.len; i++)
		dotted &= is_host_byte(key.at[i]);
	if (!dotted)
		return error_set(err, ERROR_SYNTAX,
				 "'" SLICE_FMT
				 "' is no mail address, no domain and no network; "
				 "write such as abuse@isp.example, isp.example or "
				 "203.0.113.0/24",
				 SLICE_ARG(key));
	*out = (struct suppression){ .scope = S("domain"),
				     .key = arena_lower(arena, key) };
	return 0;
}

/* Of a mail address what stands behind the '@', of a URL its host. */
static struct slice host_of(struct slice address)
{
	ptrdiff_t at = slice_find(address, S("://"));
	size_t len = 0;

	if (!contact_is_url(address))
		return slice_from(address,
				  (size_t)(slice_find_last_byte(address, '@') + 1));
	address = slice_from(address, (size_t)at + 3);
	while (len < address.len && is_host_byte(address.at[len]))
		len++;
	return slice_cut(address, 0, len);
}

static bool domain_matches(struct slice domain, struct slice address)
{
	struct slice host = host_of(address);

	if (slice_equal_nocase(host, domain))
		return true;
	return host.len > domain.len && host.at[host.len - domain.len - 1] == '.' &&
	       slice_equal_nocase(slice_from(host, host.len - domain.len), domain);
}

const struct suppression *suppression_match(const struct suppressions *rows,
					    struct slice address,
					    const struct range *range)
{
	for (size_t i = 0; i < rows->count; i++) {
		const struct suppression *row = &rows->at[i];
		struct range stopped;

		if (slice_equal(row->scope, S("address")) &&
		    slice_equal_nocase(row->key, address))
			return row;
		if (slice_equal(row->scope, S("domain")) &&
		    domain_matches(row->key, address))
			return row;
		if (slice_equal(row->scope, S("network")) &&
		    range->first.family != FAMILY_NONE &&
		    range_parse(row->key, &stopped) == 0 &&
		    range_covers(&stopped, range))
			return row;
	}
	return NULL;
}
