/* proxy/query.h - what a client of the proxy asks: one untrusted line (RFC 3912).
 *
 *   help | version | stats        about the proxy itself
 *   [FLAG...] QUERY               address, range, AS number, domain or handle
 *   [FLAG...] -h SERVER TEXT      TEXT as it is, to a server that may be asked
 *   [FLAG...] TEXT@SERVER         the same
 *
 * Flags are those of RIPE's software that change an answer (contacts.md section 5); -V and
 * -k are taken and forgotten: the client's name is nobody's business, and a connection is
 * for one question here. Everything else is refused, because it would ask for bulk.
 *
 * `key` says what was asked: equal keys are equal questions, whatever the case, the
 * spelling of an address, the order of flags or a final dot. It cannot be confused,
 * because its parts hold no NUL, which stands between them.                             */
#ifndef PROXY_QUERY_H
#define PROXY_QUERY_H

#include "contact/whois.h"

enum { PROXY_LINE_MAX = WHOIS_LINE_MAX };

enum proxy_verb { PROXY_ASK, PROXY_HELP, PROXY_VERSION, PROXY_STATS };

struct proxy_query {
	enum proxy_verb verb;
	struct whois_query query;
	struct slice key;
};
struct proxy_rules {
	bool documentation_public;
	/* "host" or "host:port" that may be named beside the registries */
	const struct slices *servers;
};

/* ERROR_SYNTAX, or ERROR_REFUSED where a server may not be asked; slices live in `arena`
 * or borrow from `line`.                                                                */
MUST_CHECK int proxy_query_parse(struct arena *arena, struct slice line,
				 const struct proxy_rules *rules,
				 struct proxy_query *out, struct error *err);

#endif
