/* event/jail_port.h - the ports of a jail: "ssh", "http,https", "0:65535", "2222,smtp".
 *
 * Names are those of fail2ban's own jails and of usual services, from a table: /etc/services
 * is not there on every machine. What is neither is added to `unknown`, as written.       */
#ifndef EVENT_JAIL_PORT_H
#define EVENT_JAIL_PORT_H

#include "event/jail.h"

void jail_ports_parse(struct arena *arena, struct slice text, struct jail_ports *ports,
		      struct slices *unknown);

#endif
