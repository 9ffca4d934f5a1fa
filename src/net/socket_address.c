#include "net/socket_address.h"

#include <arpa/inet.h>
#include <string.h>

socklen_t socket_address_write(const struct address *address, uint16_t port,
			       union socket_address *out)
{
	if (address->family == FAMILY_IPV4) {
		out->four = (struct sockaddr_in){ .sin_family = AF_INET,
						  .sin_port = htons(port) };
		memcpy(&out->four.sin_addr, address->bytes, 4);
		return sizeof out->four;
	}
	out->six = (struct sockaddr_in6){ .sin6_family = AF_INET6,
					  .sin6_port = htons(port) };
	memcpy(&out->six.sin6_addr, address->bytes, 16);
	return sizeof out->six;
}

bool socket_address_read(const struct sockaddr *from, struct address *out)
{
	*out = (struct address){ 0 };
	if (from->sa_family == AF_INET) {
		out->family = FAMILY_IPV4;
		memcpy(out->bytes, &((const struct sockaddr_in *)from)->sin_addr, 4);
	} else if (from->sa_family == AF_INET6) {
		const struct in6_addr *six =
			&((const struct sockaddr_in6 *)from)->sin6_addr;
		bool is_mapped = IN6_IS_ADDR_V4MAPPED(six);

		out->family = is_mapped ? FAMILY_IPV4 : FAMILY_IPV6;
		memcpy(out->bytes, six->s6_addr + (is_mapped ? 12 : 0),
		       is_mapped ? 4 : 16);
	}
	return out->family != FAMILY_NONE;
}

uint16_t socket_address_port(const union socket_address *from)
{
	return ntohs(from->any.sa_family == AF_INET ? from->four.sin_port
						    : from->six.sin6_port);
}
