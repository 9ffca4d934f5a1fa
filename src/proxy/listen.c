#include "proxy/listen.h"

#include "net/socket_address.h"
#include "os/inherited.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

enum { BACKLOG = 4096, DEFAULT_PORT = 43, PRIVILEGED_PORTS = 1024 };

static_assert((int)LISTEN_MAX >= (int)INHERITED_MAX, "every socket passed has a place");

struct place {
	struct address address;
	uint16_t port;
};

static int place_parse(struct slice text, struct place *out, struct error *err)
{
	struct slice host;
	uint64_t port = DEFAULT_PORT;

	text = slice_trim(text);
	if (address_parse(text, &out->address) != 0) {
		ptrdiff_t colon = slice_find_last_byte(text, ':');

		host = slice_cut(text, 0, colon < 0 ? 0 : (size_t)colon);
		if (colon < 0 || slice_to_u64(slice_from(text, (size_t)colon + 1),
					      UINT16_MAX, &port) != 0)
			port = 0;
		if (slice_starts(host, S("[")) && slice_ends(host, S("]")))
			host = slice_cut(host, 1, host.len - 1);
		if (port == 0 || address_parse(host, &out->address) != 0)
			return error_set(err, ERROR_CONFIG,
					 "'" SLICE_FMT
					 "' is no place to listen at; write "
					 "ADDRESS:PORT, such as 127.0.0.1:43 or "
					 "[::1]:43",
					 SLICE_ARG(text));
	}
	out->port = (uint16_t)port;
	return 0;
}

static int refusal(const struct place *place, int sys, struct error *err)
{
	struct address_text address = address_format(&place->address);

	if (sys == EACCES && place->port < PRIVILEGED_PORTS)
		return error_system(err, sys,
				    "cannot listen at %s, port %u: ports below %d are "
				    "for root; let systemd open it "
				    "(tipoff-whoisd.socket) or take another one "
				    "(--listen 127.0.0.1:4343)",
				    address.text, place->port, PRIVILEGED_PORTS);
	if (sys == EADDRINUSE)
		return error_system(
			err, sys,
			"cannot listen at %s, port %u: another program does; "
			"take another port (--listen 127.0.0.1:4343) or stop "
			"that one",
			address.text, place->port);
	if (sys == EADDRNOTAVAIL)
		return error_system(
			err, sys,
			"cannot listen at %s, port %u: that is no address of "
			"this machine ('ip address' lists them)",
			address.text, place->port);
	return error_system(err, sys, "cannot listen at %s, port %u", address.text,
			    place->port);
}

static int place_open(const struct place *place, int *out, struct error *err)
{
	union socket_address at;
	socklen_t len = socket_address_write(&place->address, place->port, &at);
	int yes = 1, sys;
	int fd =
		socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return refusal(place, errno, err);
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (at.any.sa_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
	if (bind(fd, &at.any, len) == 0 && listen(fd, BACKLOG) == 0) {
		*out = fd;
		return 0;
	}
	sys = errno;
	close(fd);
	return refusal(place, sys, err);
}

static void close_all(const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
}

int listen_open(const struct slices *places, int fds[LISTEN_MAX], size_t *count,
		struct error *err)
{
	size_t opened = 0;

	if (inherited_sockets(fds, count, err) != 0)
		return -1;
	if (*count)
		return 0;
	if (places->count > LISTEN_MAX)
		return error_set(err, ERROR_CONFIG, "at most %d places to listen at",
				 LISTEN_MAX);
	for (; opened < places->count; opened++) {
		struct place place;

		if (place_parse(places->at[opened], &place, err) != 0 ||
		    place_open(&place, &fds[opened], err) != 0) {
			close_all(fds, opened);
			return -1;
		}
	}
	*count = opened;
	return 0;
}

struct slice listen_place(struct arena *arena, int fd)
{
	union socket_address at = { .any = { .sa_family = AF_UNSPEC } };
	socklen_t len = sizeof at;
	struct address address;

	if (getsockname(fd, &at.any, &len) != 0)
		return S("a socket");
	if (!socket_address_read(&at.any, &address))
		return S("a local socket");
	return arena_printf(arena, address.family == FAMILY_IPV6 ? "[%s]:%u" : "%s:%u",
			    address_format(&address).text, socket_address_port(&at));
}
