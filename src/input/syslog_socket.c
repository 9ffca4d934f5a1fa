#include "input/syslog_socket.h"

#include "input/syslog.h"
#include "net/socket_address.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of one socket in one turn, so that no sender keeps the others waiting. */
enum { TURN_MESSAGES = 4096, TURN_BYTES = 2 << 20, BACKLOG = 64, SECOND_MS = 1000 };
enum { RECEIVE_BUFFER_BYTES = 4 << 20 };

/* A listening socket, or one that takes datagrams. */
struct opened {
	struct syslog_sockets *sockets;
	struct loop_watch *watch;
	int fd;
	bool is_local_path;
	char path[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
};

struct connection {
	struct connection *next, **link;
	struct syslog_sockets *sockets;
	struct loop_watch *watch;
	int fd;
	bool is_local_path, waits; /* for room in the spool                      */
	struct address_text sender;
	struct syslog_framer framer;
	size_t len;
	char waiting[SYSLOG_FRAME_MAX + 1];
};

struct syslog_sockets {
	struct syslog_options options;
	struct opened *opened;
	size_t count;
	struct connection *connections;
	size_t connection_count;
	struct loop_timer *second;
	struct syslog_counts counts;
	struct buffer line;
	char host[256];
	bool took; /* something in this turn */
};

/* --- into the spool ---------------------------------------------------------------------------- */

/* True where the sender must wait: nothing of it was taken. */
static bool keep(struct syslog_sockets *sockets, const char *sender, bool is_local_path,
		 struct slice message)
{
	struct syslog_origin origin = {
		.host = slice_of(is_local_path ? sockets->host : sender),
		.is_local = is_local_path,
		.received_at = clock_now(sockets->options.clock),
	};
	struct error err = { 0 };
	enum spool_result result;

	buffer_reset(&sockets->line);
	syslog_line(&sockets->line, message, &origin);
	if (sockets->line.len == 0)
		return false;
	result = spool_add(sockets->options.spool, slice_of(sender),
			   buffer_slice(&sockets->line), &err);
	if (result == SPOOL_KEPT) {
		sockets->counts.messages++;
		sockets->took = true;
		return false;
	}
	if (result == SPOOL_FAILED)
		sockets->options.failed(sockets->options.context, &err);
	if (result == SPOOL_MANY)
		sockets->counts.refused++;
	return result != SPOOL_MANY;
}

/* Nothing that was taken stays with us: the kernel has it behind this. */
static void turn_end(struct syslog_sockets *sockets)
{
	struct error err = { 0 };

	if (!sockets->took)
		return;
	sockets->took = false;
	if (spool_flush(sockets->options.spool, &err) != 0)
		sockets->options.failed(sockets->options.context, &err);
	sockets->options.came(sockets->options.context);
}

/* --- who sends ----------------------------------------------------------------------------------- */

static bool may_send(const struct syslog_sockets *sockets,
		     const union socket_address *from, struct address_text *sender)
{
	const struct syslog_options *options = &sockets->options;
	struct syslog_place place = { .kind = SYSLOG_UDP };

	if (!socket_address_read(&from->any, &place.address))
		return false;
	*sender = address_format(&place.address);
	if (syslog_place_is_local(&place))
		return true;
	for (size_t i = 0; i < options->sender_count; i++)
		if (range_contains(&options->senders[i], &place.address))
			return true;
	return false;
}

/* --- datagrams ----------------------------------------------------------------------------------- */

static bool datagram_take(struct opened *opened)
{
	struct syslog_sockets *sockets = opened->sockets;
	union socket_address from = { .any = { .sa_family = AF_UNSPEC } };
	socklen_t from_len = sizeof from;
	struct address_text sender = { "unix" };
	char message[SYSLOG_MESSAGE_MAX + 1];
	ssize_t got = recvfrom(opened->fd, message, sizeof message,
			       MSG_DONTWAIT | MSG_TRUNC, &from.any, &from_len);

	if (got < 0)
		return errno == EINTR;
	if (!opened->is_local_path && !may_send(sockets, &from, &sender))
		sockets->counts.refused++;
	else if (got > SYSLOG_MESSAGE_MAX)
		sockets->counts.long_messages++;
	else if (keep(sockets, sender.text, opened->is_local_path,
		      (struct slice){ message, (size_t)got }))
		sockets->counts.full++;
	return true;
}

static void datagrams_came(void *context, int events)
{
	struct opened *opened = context;
	unsigned taken = 0;

	(void)events;
	while (taken < TURN_MESSAGES && datagram_take(opened))
		taken++;
	turn_end(opened->sockets);
}

/* --- connections --------------------------------------------------------------------------------- */

/* What had no end is no message: half of one may name another address. */
static void connection_end(struct connection *connection)
{
	struct syslog_sockets *sockets = connection->sockets;

	sockets->counts.torn += connection->len > 0;
	loop_watch_free(connection->watch);
	close(connection->fd);
	*connection->link = connection->next;
	if (connection->next)
		connection->next->link = connection->link;
	sockets->connection_count--;
	free(connection);
}

/* 1 go on, 0 the spool takes no more now, -1 the stream makes no sense. */
static int frames_take(struct connection *connection)
{
	struct syslog_sockets *sockets = connection->sockets;
	struct slice bytes = { connection->waiting, connection->len }, message;
	int result = 1;

	while (result == 1) {
		struct syslog_framer framer = connection->framer;
		struct slice before = bytes;
		enum syslog_frame frame =
			syslog_frame_next(&connection->framer, &bytes, &message);

		if (frame == SYSLOG_MORE)
			break;
		if (frame == SYSLOG_BROKEN)
			result = -1;
		sockets->counts.long_messages += frame == SYSLOG_LONG;
		if (frame == SYSLOG_MESSAGE &&
		    keep(sockets, connection->sender.text, connection->is_local_path,
			 message)) {
			bytes = before;
			connection->framer = framer;
			connection->waits = true;
			result = 0;
		}
	}
	memmove(connection->waiting, bytes.at, bytes.len);
	connection->len = bytes.len;
	return result;
}

static bool connection_read(struct connection *connection)
{
	size_t taken = 0;

	while (taken < TURN_BYTES) {
		size_t room = sizeof connection->waiting - connection->len;
		ssize_t got =
			recv(connection->fd, connection->waiting + connection->len,
			     room, MSG_DONTWAIT);
		int result;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 && errno == EAGAIN;
		connection->len += (size_t)got;
		taken += (size_t)got;
		result = frames_take(connection);
		if (result <= 0)
			return result == 0;
	}
	return true;
}

/* What the spool has no room for stays with the sender, whose kernel makes him wait. */
static void connection_came(void *context, int events)
{
	struct connection *connection = context;
	struct syslog_sockets *sockets = connection->sockets;
	struct error err = { 0 };
	bool is_open;

	(void)events;
	is_open = connection_read(connection);
	turn_end(sockets); /* before the sender sees an end, and takes all for taken */
	if (!is_open ||
	    (connection->waits && loop_watch_set(connection->watch, 0, &err) != 0))
		connection_end(connection);
}

static void connection_try_again(struct connection *connection)
{
	struct error err = { 0 };

	connection->waits = false;
	if (frames_take(connection) < 0 ||
	    (!connection->waits &&
	     loop_watch_set(connection->watch, LOOP_READ, &err) != 0))
		connection_end(connection);
}

static void second_passed(void *context)
{
	struct syslog_sockets *sockets = context;
	struct connection *one = sockets->connections;
	struct error err = { 0 };

	while (one != NULL) {
		struct connection *next = one->next;

		if (one->waits)
			connection_try_again(one);
		one = next;
	}
	turn_end(sockets);
	if (spool_sync(sockets->options.spool, &err) != 0)
		sockets->options.failed(sockets->options.context, &err);
	loop_timer_start(sockets->second, SECOND_MS);
}

static void connection_add(struct opened *opened, int fd,
			   const struct address_text *sender)
{
	struct syslog_sockets *sockets = opened->sockets;
	struct connection *connection = calloc(1, sizeof *connection);
	struct error ignored;

	if (connection == NULL)
		abort();
	connection->sockets = sockets;
	connection->fd = fd;
	connection->is_local_path = opened->is_local_path;
	connection->sender = *sender;
	connection->next = sockets->connections;
	connection->link = &sockets->connections;
	if (connection->next)
		connection->next->link = &connection->next;
	sockets->connections = connection;
	sockets->connection_count++;
	connection->watch = loop_watch_new(sockets->options.loop, fd, connection_came,
					   connection, &ignored);
	if (connection->watch == NULL ||
	    loop_watch_set(connection->watch, LOOP_READ, &ignored) != 0)
		connection_end(connection);
}

static void caller_came(void *context, int events)
{
	struct opened *opened = context;
	struct syslog_sockets *sockets = opened->sockets;
	union socket_address from = { .any = { .sa_family = AF_UNSPEC } };
	socklen_t from_len = sizeof from;
	struct address_text sender = { "unix" };
	int fd =
		accept4(opened->fd, &from.any, &from_len, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)events;
	if (fd < 0)
		return;
	if (sockets->connection_count >= SYSLOG_CONNECTIONS_MAX ||
	    (!opened->is_local_path && !may_send(sockets, &from, &sender))) {
		sockets->counts.refused++;
		close(fd);
		return;
	}
	connection_add(opened, fd, &sender);
}

/* --- opening ------------------------------------------------------------------------------------- */

/* A socket that a killed process left; anything else in the way stays there. */
static void path_clear(const union socket_address *at, socklen_t len, int type)
{
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	struct stat st;

	if (fd < 0)
		return;
	if (connect(fd, &at->any, len) != 0 && errno == ECONNREFUSED &&
	    lstat(at->local.sun_path, &st) == 0 && S_ISSOCK(st.st_mode))
		(void)unlink(at->local.sun_path);
	close(fd);
}

static int bind_at(struct opened *opened, const struct syslog_place *place, int type,
		   struct error *err)
{
	union socket_address at = { .any = { .sa_family = AF_UNSPEC } };
	socklen_t len;
	int yes = 1, buffer = RECEIVE_BUFFER_BYTES;

	if (opened->is_local_path) {
		at.local = (struct sockaddr_un){ .sun_family = AF_UNIX };
		memcpy(at.local.sun_path, place->path.at, place->path.len);
		memcpy(opened->path, at.local.sun_path, sizeof opened->path);
		len = sizeof at.local;
		path_clear(&at, len, type);
	} else {
		len = socket_address_write(&place->address, place->port, &at);
	}
	opened->fd = socket(at.any.sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (opened->fd < 0)
		return -1;
	(void)setsockopt(opened->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
	if (type == SOCK_STREAM && !opened->is_local_path)
		(void)setsockopt(opened->fd, SOL_SOCKET, SO_REUSEADDR, &yes,
				 sizeof yes);
	if (bind(opened->fd, &at.any, len) != 0) {
		opened->path[0] = '\0'; /* not ours to remove */
		return error_system(err, errno, "bind");
	}
	/* every program of this machine may log, as at /dev/log */
	if (opened->is_local_path)
		(void)chmod(opened->path, 0666);
	return type == SOCK_STREAM ? listen(opened->fd, BACKLOG) : 0;
}

static int place_open(struct syslog_sockets *sockets, const struct syslog_place *place,
		      struct opened *opened, struct error *err)
{
	bool is_stream = place->kind == SYSLOG_TCP || place->kind == SYSLOG_UNIX_STREAM;
	struct address_text address = address_format(&place->address);

	opened->sockets = sockets;
	opened->fd = -1;
	opened->is_local_path =
		place->kind == SYSLOG_UNIX || place->kind == SYSLOG_UNIX_STREAM;
	if (bind_at(opened, place, is_stream ? SOCK_STREAM : SOCK_DGRAM, err) != 0) {
		if (opened->is_local_path)
			return error_system(err, errno,
					    "cannot listen at '" SLICE_FMT "'",
					    SLICE_ARG(place->path));
		return error_system(err, errno, "cannot listen at %s, port %u",
				    address.text, place->port);
	}
	opened->watch =
		loop_watch_new(sockets->options.loop, opened->fd,
			       is_stream ? caller_came : datagrams_came, opened, err);
	if (opened->watch == NULL)
		return -1;
	return loop_watch_set(opened->watch, LOOP_READ, err);
}

struct syslog_sockets *syslog_sockets_open(const struct syslog_options *options,
					   struct error *err)
{
	struct syslog_sockets *sockets = calloc(1, sizeof *sockets);

	if (sockets == NULL)
		abort();
	sockets->options = *options;
	sockets->opened = calloc(options->count + 1, sizeof *sockets->opened);
	if (sockets->opened == NULL)
		abort();
	buffer_init(&sockets->line, 2 * LINE_MAX_BYTES);
	if (gethostname(sockets->host, sizeof sockets->host - 1) != 0)
		memcpy(sockets->host, "localhost", sizeof "localhost");
	for (size_t i = 0; i < options->count; i++) {
		sockets->count++;
		if (place_open(sockets, &options->places[i], &sockets->opened[i],
			       err) != 0) {
			syslog_sockets_free(sockets);
			return NULL;
		}
	}
	sockets->second = loop_timer_new(options->loop, second_passed, sockets);
	loop_timer_start(sockets->second, SECOND_MS);
	return sockets;
}

void syslog_sockets_free(struct syslog_sockets *sockets)
{
	if (sockets == NULL)
		return;
	for (struct connection *one = sockets->connections, *next; one; one = next) {
		next = one->next;
		connection_end(one);
	}
	for (size_t i = 0; i < sockets->count; i++) {
		struct opened *opened = &sockets->opened[i];

		loop_watch_free(opened->watch);
		if (opened->fd >= 0)
			close(opened->fd);
		if (opened->path[0] != '\0')
			(void)unlink(opened->path);
	}
	loop_timer_free(sockets->second);
	buffer_clear(&sockets->line);
	free(sockets->opened);
	free(sockets);
}

struct syslog_counts syslog_sockets_counts(const struct syslog_sockets *sockets)
{
	return sockets->counts;
}
