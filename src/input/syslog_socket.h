/* input/syslog_socket.h - sockets that take syslog messages, into the spool.
 *
 * A place is udp:ADDRESS:PORT, tcp:ADDRESS:PORT (IPv6 addresses in brackets), unix:PATH
 * (datagrams, as /dev/log has) or unix-stream:PATH. Only this machine may send, unless
 * `senders` names others; a place that others can reach needs that list.
 *
 * Everything is capped: the length of a message (input/syslog.h), connections, what one of
 * them may send before the others' turn, senders. What is refused is counted. Who sent a
 * message is the name of the spool's file, so a line's evidence says it.                */
#ifndef INPUT_SYSLOG_SOCKET_H
#define INPUT_SYSLOG_SOCKET_H

#include "base/clock.h"
#include "input/spool.h"
#include "net/address.h"
#include "os/loop.h"

enum { SYSLOG_CONNECTIONS_MAX = 256 };

struct syslog_place {
	enum { SYSLOG_UDP, SYSLOG_TCP, SYSLOG_UNIX, SYSLOG_UNIX_STREAM } kind;
	struct address address;
	uint16_t port;
	struct slice path;
};
/* ERROR_CONFIG. Slices borrow from `text`. */
MUST_CHECK int syslog_place_parse(struct slice text, struct syslog_place *out,
				  struct error *err);
/* Nobody but this machine can reach it. */
bool syslog_place_is_local(const struct syslog_place *place);

struct syslog_counts {
	uint64_t messages;
	uint64_t long_messages, refused, full, torn; /* not taken                     */
};

struct syslog_options {
	struct loop *loop;
	struct spool *spool;
	const struct clock *clock;
	const struct syslog_place *places; /* borrowed for the call              */
	size_t count;
	const struct range
		*senders; /* borrowed for the sockets' life; none: this machine */
	size_t sender_count;
	void (*came)(void *context); /* something is in the spool                */
	/* the spool cannot be written: what comes is refused until it can */
	void (*failed)(void *context, const struct error *err);
	void *context;
};
struct syslog_sockets;
/* All or none. A socket's file that nobody listens at any more is replaced. */
MUST_CHECK struct syslog_sockets *
syslog_sockets_open(const struct syslog_options *options, struct error *err);
void syslog_sockets_free(struct syslog_sockets *sockets); /* NULL is fine */
struct syslog_counts syslog_sockets_counts(const struct syslog_sockets *sockets);

#endif
