/* net/url.h - the URLs we may follow: http and https, strictly parsed (RFC 3986).
 *
 * Refused: other schemes, user names, fragments, hosts that are neither a host name nor
 * an address (bracketed IPv6), port 0, anything outside printable ASCII, blanks, quotes,
 * backslashes, and more than URL_MAX bytes.                                             */
#ifndef NET_URL_H
#define NET_URL_H

#include "base/arena.h"
#include "base/error.h"

enum { URL_MAX = 2000 };

struct url {
	bool https;
	struct slice host; /* as written, without brackets        */
	uint16_t port;
	struct slice path; /* with its query; "/" at least        */
};
/* The parts live in `text`, or are literals. */
MUST_CHECK int url_parse(struct slice text, struct url *out, struct error *err);
/* A Location or Link value (RFC 3986 section 5.2, without dot segments) seen from `base`:
 * absolute, "//host/path", "/path" or "path". The text lives in `arena`.               */
MUST_CHECK int url_resolve(struct arena *arena, struct slice base,
			   struct slice reference, struct slice *out,
			   struct error *err);

#endif
