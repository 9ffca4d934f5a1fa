/* net/route.h - where a connection may go: the address connected to is the one checked.
 *
 * A host and port lead to the endpoint of the first of the user's own rows that matches
 * ("host:port:address:port", IPv6 addresses in brackets; an empty host or port matches
 * any). Else the host's addresses are asked of the DNS and only those are kept that are
 * public: none of the special-purpose registries, no IPv4 address of theirs embedded in
 * an IPv6 one. Connections are made to these endpoints and to no name.                  */
#ifndef NET_ROUTE_H
#define NET_ROUTE_H

#include "net/dns.h"

struct endpoint {
	struct address address;
	uint16_t port;
};
struct endpoints {
	struct endpoint *at;
	size_t count, room;
};

struct route_row {
	struct slice host; /* empty: any */
	uint16_t port; /* 0: any     */
	struct endpoint to;
};
struct routes {
	struct route_row *at;
	size_t count, room;
};

/* ERROR_CONFIG names the row. The slices of `rows` are borrowed. */
MUST_CHECK int routes_parse(struct arena *arena, const struct slices *rows,
			    struct routes *out, struct error *err);
/* The user's own row for it, or NULL. */
const struct route_row *routes_match(const struct routes *routes, struct slice host,
				     uint16_t port);
bool route_address_allowed(const struct address *address);

/* `found` is called once, perhaps before the call returns; `endpoints` is borrowed for
 * that call. Without an endpoint `problem` says why.                                    */
typedef void route_found(void *context, const struct endpoints *endpoints,
			 const char *problem);
void route_find(const struct routes *routes, struct dns *dns, struct slice host,
		uint16_t port, route_found *found, void *context);

#endif
