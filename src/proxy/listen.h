/* proxy/listen.h - the sockets that the proxy listens at. */
#ifndef PROXY_LISTEN_H
#define PROXY_LISTEN_H

#include "base/arena.h"
#include "base/error.h"

enum { LISTEN_MAX = 16 };

/* Those of the service manager, else those of `places` ("127.0.0.1:43", "[::1]:4343", an
 * address alone with port 43), all or none. ERROR_CONFIG for a place that is none,
 * ERROR_SYSTEM with what to do where it may not be used.                               */
MUST_CHECK int listen_open(const struct slices *places, int fds[LISTEN_MAX],
			   size_t *count, struct error *err);
/* "127.0.0.1:4343": where a socket listens, for people. */
struct slice listen_place(struct arena *arena, int fd);

#endif
