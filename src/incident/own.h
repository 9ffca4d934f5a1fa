/* incident/own.h - our own side: what is never a source, and which host is which.
 *
 * Compiled from [own], [hosts] and [judge] of the configuration. ERROR_CONFIG names the
 * value that is no address.                                                              */
#ifndef INCIDENT_OWN_H
#define INCIDENT_OWN_H

#include "conf/settings.h"
#include "incident/incident.h"

struct own_side;

MUST_CHECK struct own_side *own_side_new(struct arena *arena,
					 const struct settings *settings,
					 struct error *err);

/* Why an address can never be a source: "private use (RFC 1918)", "one of your own
 * addresses", "on your allow-list"; NULL where it can. Literals and rows only.          */
const char *own_side_refuses(const struct own_side *own, const struct address *source);

/* The same of what was counted already: the configuration may say more than it did then.
 * An IPv6 prefix is refused if any address seen of it is.                                */
const char *own_side_refuses_incident(const struct own_side *own,
				      const struct incident *incident);

/* The public address and name of a logging host, as [hosts] has it; NULL for none. A line
 * that names no host (web server logs) is of the row "*".                            */
struct own_host {
	struct slice host, name;
	struct address address;
};
const struct own_host *own_side_host(const struct own_side *own, struct slice host);
/* The host that has this address; NULL for none. */
const struct own_host *own_side_address(const struct own_side *own,
					const struct address *address);

#endif
