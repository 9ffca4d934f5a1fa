#include "net/mail_server.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { HOST_MAX = 253, FOLDER_MAX = 200 };

static bool is_host(struct slice host)
{
	for (size_t i = 0; i < host.len; i++)
		if (!ascii_is_alnum(host.at[i]) &&
		    slice_find_byte(S("-.[]:"), host.at[i]) < 0)
			return false;
	return host.len && host.len <= HOST_MAX;
}

static bool is_folder(struct slice folder)
{
	for (size_t i = 0; i < folder.len; i++)
		if (!ascii_is_print(folder.at[i]))
			return false;
	return folder.len <= FOLDER_MAX;
}

/* Behind "SCHEME://"; false where it is another one. */
static bool scheme_take(const struct mail_scheme *scheme, struct slice *url, bool *tls)
{
	ptrdiff_t end = slice_find(*url, S("://"));
	struct slice name = slice_cut(*url, 0, end < 0 ? 0 : (size_t)end);

	*tls = slice_equal_nocase(name, slice_of(scheme->tls));
	if (!*tls && !slice_equal_nocase(name, slice_of(scheme->plain)))
		return false;
	*url = slice_from(*url, (size_t)end + 3);
	return true;
}

static bool place_read(struct slice rest, struct mail_server *out)
{
	ptrdiff_t slash = slice_find_byte(rest, '/'), colon;
	uint64_t port = out->tls ? out->scheme->tls_port : out->scheme->port;

	if (slash >= 0)
		out->folder = slice_from(rest, (size_t)slash + 1);
	rest = slice_cut(rest, 0, slash < 0 ? rest.len : (size_t)slash);
	colon = slice_find_last_byte(rest, ':');
	if (slice_starts(rest, S("[")) && slice_ends(rest, S("]")))
		colon = -1;
	out->host = slice_cut(rest, 0, colon < 0 ? rest.len : (size_t)colon);
	if (colon >= 0 &&
	    slice_to_u64(slice_from(rest, (size_t)colon + 1), UINT16_MAX, &port) != 0)
		return false;
	out->port = (uint16_t)port;
	return port && is_host(out->host) && is_folder(out->folder) &&
	       (out->scheme->has_folder || !out->folder.len);
}

int mail_server_parse(const struct mail_scheme *scheme, struct slice url,
		      struct mail_server *out, struct error *err)
{
	struct mail_server server = { .scheme = scheme };
	struct slice rest = url;

	if (!scheme_take(scheme, &rest, &server.tls) || !place_read(rest, &server))
		return error_set(err, ERROR_CONFIG, "'" SLICE_FMT "' %s",
				 SLICE_ARG(url), scheme->otherwise);
	*out = server;
	return 0;
}

static bool is_loopback(const struct address *address)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (address->family == FAMILY_IPV4)
		return address->bytes[0] == 127;
	return address->family == FAMILY_IPV6 && memcmp(address->bytes, one, 16) == 0;
}

static bool names_loopback(struct slice host)
{
	struct address address;

	if (slice_equal_nocase(host, S("localhost")))
		return true;
	if (host.len > 2 && host.at[0] == '[')
		host = slice_cut(host, 1, host.len - 1);
	return address_parse(host, &address) == 0 && is_loopback(&address);
}

void mail_server_text(CURL *easy, CURLoption option, struct slice text)
{
	char room[2048];

	assert(text.len < sizeof room);
	snprintf(room, sizeof room, SLICE_FMT, SLICE_ARG(text));
	curl_easy_setopt(easy, option, room);
}

struct curl_slist *mail_server_set(CURL *easy, const struct mail_server *server,
				   const struct routes *routes, struct slice ca_file)
{
	const struct route_row *row = routes_match(routes, server->host, server->port);
	bool near = row ? is_loopback(&row->to.address) : names_loopback(server->host);
	struct curl_slist *connect_to = NULL;
	char protocols[32];

	snprintf(protocols, sizeof protocols, "%s,%s", server->scheme->plain,
		 server->scheme->tls);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_USE_SSL,
			 near ? (long)CURLUSESSL_TRY : (long)CURLUSESSL_ALL);
	if (row) {
		bool ipv6 = row->to.address.family == FAMILY_IPV6;
		char to[ADDRESS_TEXT_MAX + 16];

		snprintf(to, sizeof to, "::%s%s%s:%u", ipv6 ? "[" : "",
			 address_format(&row->to.address).text, ipv6 ? "]" : "",
			 row->to.port);
		connect_to = curl_slist_append(NULL, to);
		curl_easy_setopt(easy, CURLOPT_CONNECT_TO, connect_to);
	}
	if (ca_file.len)
		mail_server_text(easy, CURLOPT_CAINFO, ca_file);
	return connect_to;
}

bool mail_server_is_ours(CURLcode code)
{
	return code == CURLE_USE_SSL_FAILED || code == CURLE_PEER_FAILED_VERIFICATION ||
	       code == CURLE_SSL_CACERT_BADFILE || code == CURLE_LOGIN_DENIED;
}
