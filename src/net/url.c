#include "net/url.h"

#include "net/address.h"
#include "net/hosts.h"

static bool bytes_allowed(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (!ascii_is_print(c) || c == ' ' || c == '"' || c == '<' ||
		    c == '>' || c == '\\' || c == '^' || c == '`' || c == '{' ||
		    c == '|' || c == '}' || c == '#')
			return false;
	}
	return true;
}

/* "host", "host:port", "[address]:port" */
static int authority_parse(struct slice text, struct url *url)
{
	struct slice port = { NULL, 0 };
	struct address address;
	uint64_t number;
	ptrdiff_t at;

	if (slice_starts(text, S("["))) {
		at = slice_find_byte(text, ']');
		if (at < 0)
			return -1;
		url->host = slice_cut(text, 1, (size_t)at);
		port = slice_from(text, (size_t)at + 1);
		if (address_parse(url->host, &address) != 0 ||
		    slice_find_byte(url->host, ':') < 0)
			return -1;
	} else {
		at = slice_find_byte(text, ':');
		url->host = at < 0 ? text : slice_cut(text, 0, (size_t)at);
		port = at < 0 ? port : slice_from(text, (size_t)at);
		if (!host_name_valid(url->host) &&
		    address_parse(url->host, &address) != 0)
			return -1;
	}
	if (port.len == 0)
		return 0;
	if (port.at[0] != ':' ||
	    slice_to_u64(slice_from(port, 1), UINT16_MAX, &number) != 0 || number == 0)
		return -1;
	url->port = (uint16_t)number;
	return 0;
}

int url_parse(struct slice text, struct url *out, struct error *err)
{
	struct url url = { .https = slice_starts_nocase(text, S("https://")) };
	struct slice rest;
	size_t len = 0;

	if (text.len > URL_MAX || !bytes_allowed(text))
		return error_set(err, ERROR_SYNTAX, "this is no URL (RFC 3986)");
	if (!url.https && !slice_starts_nocase(text, S("http://")))
		return error_set(err, ERROR_REFUSED,
				 "only https and http are followed");
	url.port = url.https ? 443 : 80;
	rest = slice_from(text, url.https ? 8 : 7);
	while (len < rest.len && rest.at[len] != '/' && rest.at[len] != '?')
		len++;
	if (authority_parse(slice_cut(rest, 0, len), &url) != 0)
		return error_set(err, ERROR_SYNTAX,
				 "the URL's host is wrong (RFC 3986 section 3.2)");
	url.path = slice_from(rest, len);
	if (url.path.len == 0)
		url.path = S("/");
	*out = url;
	return 0;
}

/* "https://host:port" of an absolute URL. */
static struct slice origin_of(struct slice text)
{
	ptrdiff_t start = slice_find(text, S("://"));
	size_t len = start < 0 ? 0 : (size_t)start + 3;

	while (len < text.len && text.at[len] != '/' && text.at[len] != '?')
		len++;
	return slice_cut(text, 0, len);
}

/* Up to and with the last slash of the path. */
static struct slice folder_of(struct slice text)
{
	struct slice origin = origin_of(text), path = slice_from(text, origin.len);
	ptrdiff_t query = slice_find_byte(path, '?'), slash;

	if (query >= 0)
		path = slice_cut(path, 0, (size_t)query);
	slash = slice_find_last_byte(path, '/');
	return slice_cut(text, 0, origin.len + (slash < 0 ? 0 : (size_t)slash + 1));
}

int url_resolve(struct arena *arena, struct slice base, struct slice reference,
		struct slice *out, struct error *err)
{
	struct slice from = { NULL, 0 }, text;
	ptrdiff_t colon = slice_find_byte(reference, ':');
	ptrdiff_t slash = slice_find_byte(reference, '/');
	struct url url;

	if (slice_starts(reference, S("//")))
		from = slice_starts_nocase(base, S("https:")) ? S("https:")
							      : S("http:");
	else if (slice_starts(reference, S("/")))
		from = origin_of(base);
	else if (colon < 0 || (slash >= 0 && slash < colon))
		from = folder_of(base);
	/* a base without a path has the path "/" (RFC 3986 section 5.2.3) */
	text = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT, SLICE_ARG(from),
			    from.len == origin_of(base).len &&
					    !slice_starts(reference, S("/"))
				    ? "/"
				    : "",
			    SLICE_ARG(reference));
	if (url_parse(text, &url, err) != 0)
		return -1;
	*out = text;
	return 0;
}
