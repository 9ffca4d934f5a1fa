/* net/socket_address.h - an address and a port as the system's calls want them.
 *
 * An IPv4 address that came mapped into IPv6 (::ffff:0:0/96, RFC 4291 section 2.5.5.2) is
 * read as the IPv4 address it is.                                                       */
#ifndef NET_SOCKET_ADDRESS_H
#define NET_SOCKET_ADDRESS_H

#include "net/address.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

union socket_address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	struct sockaddr_un local;
};

/* How many bytes of it count. */
socklen_t socket_address_write(const struct address *address, uint16_t port,
			       union socket_address *out);
/* False where it is neither IPv4 nor IPv6; then `out` is FAMILY_NONE. */
bool socket_address_read(const struct sockaddr *from, struct address *out);
uint16_t socket_address_port(const union socket_address *from);

#endif
