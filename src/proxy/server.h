/* proxy/server.h - the proxy's connections: one line in, one answer out, closed.
 *
 * What a stranger may cost is bounded: who is not allowed is closed at once; a connection
 * has CLIENT_ASK_MS for its line and CLIENT_TAKE_MS to take its answer, whatever it does;
 * past `connections` the one that waits longest without a question makes room. A line
 * over PROXY_LINE_MAX is told so. The answer of a client that is gone is kept anyway.    */
#ifndef PROXY_SERVER_H
#define PROXY_SERVER_H

#include "proxy/desk.h"

enum { CLIENT_ASK_MS = 10000, CLIENT_TAKE_MS = 30000, CLIENT_LINGER_MS = 2000 };

struct server_options {
	const struct settings *settings;
	const struct clock *clock;
	struct loop *loop;
	struct db *db; /* as upstream.h has it */
	const int *fds; /* listening; the server closes them */
	size_t count;
};
struct server;

MUST_CHECK struct server *server_new(const struct server_options *options,
				     struct error *err);
/* Closes everything at once; what is asked upstream is waited for. NULL is fine. */
void server_free(struct server *server);
/* No new connections; those without a question are closed, those that wait get answers. */
void server_stop(struct server *server);
bool server_is_busy(const struct server *server);
struct desk *server_desk(struct server *server);

#endif
