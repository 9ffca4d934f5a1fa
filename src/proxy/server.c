#include "proxy/server.h"

#include "net/socket_address.h"
#include "os/loop_set.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	ACCEPT_BATCH = 64,
	LINE_ROOM = PROXY_LINE_MAX + 3, /* its end, and a byte that is too many */
	SWEEP_MS = 250,
	PAUSE_MS = 100, /* where the system has no descriptor left */
	LINGER_BYTES = 256 * 1024,
};

enum client_state { ASKING, WAITING, TAKING, LINGERING, CLIENT_STATES };

struct client {
	struct waiter waiter; /* first: a waiter is its client */
	struct server *server;
	int fd;
	enum client_state state;
	int64_t since_ms;
	struct client *newer, *older; /* of its state */
	struct client *next_dead;
	struct address from;
	size_t len, sent; /* of the line; of head and text together */
	char line[LINE_ROOM];
	char *head; /* its own copy, while it takes the answer */
	size_t head_len;
	struct cache_entry *entry; /* held */
};

struct client_list {
	struct client *newest, *oldest;
	size_t count;
};
struct listener {
	struct server *server;
	struct loop_watch *watch;
	int fd;
};

struct server_counts {
	uint64_t connections, strangers, idle, slow, crowded;
	size_t open; /* now, those that were answered at once not counted */
};
struct server {
	struct server_options options;
	struct arena *arena;
	struct desk *desk;
	struct loop_set *set;
	struct loop_timer *sweep, *resume;
	struct listener *listeners;
	struct client_list lists[CLIENT_STATES];
	struct client *dead; /* freed when the turn is over */
	struct {
		struct range *at;
		size_t count, room;
	} allowed;
	struct server_counts counts;
	bool stopping, sweeping;
};

/* --- a client's life ------------------------------------------------------------------------------ */

static void list_take(struct server *server, struct client *client)
{
	struct client_list *list = &server->lists[client->state];

	if (client->newer)
		client->newer->older = client->older;
	else
		list->newest = client->older;
	if (client->older)
		client->older->newer = client->newer;
	else
		list->oldest = client->newer;
	list->count--;
}

static void list_put(struct server *server, struct client *client,
		     enum client_state state)
{
	struct client_list *list = &server->lists[state];

	client->state = state;
	client->since_ms = loop_now_ms(server->options.loop);
	client->newer = NULL;
	client->older = list->newest;
	if (list->newest)
		list->newest->newer = client;
	else
		list->oldest = client;
	list->newest = client;
	list->count++;
}

static void change_state(struct client *client, enum client_state state)
{
	list_take(client->server, client);
	list_put(client->server, client, state);
}

static void client_end(struct client *client)
{
	struct server *server = client->server;

	list_take(server, client);
	upstream_leave(&client->waiter);
	if (client->entry)
		cache_let_go(desk_cache(server->desk), client->entry);
	close(client->fd);
	client->fd = -1;
	server->counts.open--;
	client->next_dead = server->dead;
	server->dead = client;
}

static void bury(void *context)
{
	struct server *server = context;

	while (server->dead) {
		struct client *client = server->dead;

		server->dead = client->next_dead;
		free(client->head);
		free(client);
	}
}

static void watch_for(struct client *client, int events)
{
	struct error ignored;

	if (loop_set_change(client->server->set, client->fd, events, client,
			    &ignored) != 0)
		client_end(client);
}

/* What the client still sends is read and dropped: a reset would take the end of the
 * answer from it.                                                                        */
static void client_linger(struct client *client)
{
	if (shutdown(client->fd, SHUT_WR) != 0) {
		client_end(client);
		return;
	}
	client->len = 0;
	change_state(client, LINGERING);
	watch_for(client, LOOP_READ);
}

static void drop_more(struct client *client)
{
	char bytes[4096];
	ssize_t got = recv(client->fd, bytes, sizeof bytes, MSG_DONTWAIT);

	if (got > 0)
		client->len += (size_t)got;
	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR) ||
	    client->len > LINGER_BYTES)
		client_end(client);
}

/* --- giving --------------------------------------------------------------------------------------- */

/* Bytes sent; -1: the peer is gone. */
static ssize_t send_some(int fd, struct slice head, struct slice text, size_t sent)
{
	struct slice rest[2] = { slice_from(head, sent),
				 slice_from(text,
					    sent > head.len ? sent - head.len : 0) };
	struct iovec pieces[2] = { { (void *)(uintptr_t)rest[0].at, rest[0].len },
				   { (void *)(uintptr_t)rest[1].at, rest[1].len } };
	size_t first = rest[0].len == 0;
	struct msghdr message = { .msg_iov = pieces + first,
				  .msg_iovlen = (rest[1].len ? 2 : 1) - first };
	ssize_t put;

	if (message.msg_iovlen == 0)
		return 0;
	put = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (put < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return put;
}

static struct slice entry_text(const struct cache_entry *entry)
{
	return entry ? entry->answer.text : (struct slice){ NULL, 0 };
}

static void give_more(struct client *client)
{
	struct slice head = { client->head, client->head_len };
	struct slice text = entry_text(client->entry);
	ssize_t put = send_some(client->fd, head, text, client->sent);

	if (put < 0) {
		client_end(client);
		return;
	}
	client->sent += (size_t)put;
	if (client->sent == head.len + text.len)
		client_linger(client);
}

/* The answer's entry is held for the client already. */
static void client_answer(struct client *client, const struct desk_answer *answer)
{
	client->entry = answer->entry;
	client->head_len = answer->head_len;
	client->head = malloc(answer->head_len + 1);
	if (!client->head)
		abort();
	memcpy(client->head, answer->head, answer->head_len);
	change_state(client, TAKING);
	watch_for(client, LOOP_WRITE);
	if (client->fd >= 0)
		give_more(client);
}

static void waited(struct waiter *waiter, const void *given)
{
	struct client *client = (struct client *)waiter;
	const struct desk_answer *answer = given;

	if (answer->entry)
		cache_hold(answer->entry);
	client_answer(client, answer);
	if (client->server->dead)
		loop_timer_start(client->server->sweep, 0);
}

/* --- asking --------------------------------------------------------------------------------------- */

/* The line's length without its end; -1: it has not ended. */
static ptrdiff_t line_length(struct slice so_far)
{
	return slice_find_byte(so_far, '\n');
}

/* Until the registries answered; what the desk was asked last is what is waited for. */
static void client_wait(struct client *client)
{
	struct desk_answer answer;

	change_state(client, WAITING);
	watch_for(client, 0);
	if (client->fd >= 0 &&
	    desk_wait(client->server->desk, &client->from, &client->waiter, &answer))
		client_answer(client, &answer);
}

static void client_line(struct client *client, size_t len)
{
	struct slice line = { client->line, len };
	struct desk_answer answer;

	if (desk_ask(client->server->desk, line, &client->from, &answer))
		client_answer(client, &answer);
	else
		client_wait(client);
}

/* A line that is too long is asked all the same: the desk has the words for it. */
static void look_at_line(struct client *client, bool ended)
{
	ptrdiff_t end = line_length((struct slice){ client->line, client->len });

	if (end >= 0)
		client_line(client, (size_t)end);
	else if (client->len == sizeof client->line || (ended && client->len))
		client_line(client, client->len);
	else if (ended)
		client_end(client);
}

static void read_more(struct client *client)
{
	ssize_t got = recv(client->fd, client->line + client->len,
			   sizeof client->line - client->len, MSG_DONTWAIT);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got < 0) {
		client_end(client);
		return;
	}
	client->len += (size_t)got;
	look_at_line(client, got == 0);
}

static void client_ready(void *context, void *member, int events)
{
	struct client *client = member;

	(void)context;
	if (client->fd < 0)
		return; /* it ended in this turn */
	if (client->state == ASKING && (events & LOOP_READ))
		read_more(client);
	else if (client->state == WAITING)
		client_end(client); /* events 0: it hung up */
	else if (client->state == TAKING && (events & LOOP_WRITE))
		give_more(client);
	else if (client->state == LINGERING)
		drop_more(client);
}

/* --- time ----------------------------------------------------------------------------------------- */

static const int64_t LIMITS_MS[] = { [ASKING] = CLIENT_ASK_MS,
				     [WAITING] = 0, /* the registries' deadline */
				     [TAKING] = CLIENT_TAKE_MS,
				     [LINGERING] = CLIENT_LINGER_MS };

static void sweep_start(struct server *server)
{
	if (server->sweeping)
		return;
	server->sweeping = true;
	loop_timer_start(server->sweep, SWEEP_MS);
}

static void sweep_came(void *context)
{
	struct server *server = context;
	int64_t now_ms = loop_now_ms(server->options.loop);

	for (size_t state = 0; state < CLIENT_STATES; state++) {
		struct client_list *list = &server->lists[state];

		while (LIMITS_MS[state] && list->oldest &&
		       now_ms - list->oldest->since_ms >= LIMITS_MS[state]) {
			server->counts.idle += state == ASKING;
			server->counts.slow += state == TAKING;
			client_end(list->oldest);
		}
	}
	bury(server);
	server->sweeping = false;
	if (server->counts.open)
		sweep_start(server);
}

/* --- coming --------------------------------------------------------------------------------------- */

static bool is_allowed(const struct server *server, const struct address *from)
{
	for (size_t i = 0; i < server->allowed.count; i++)
		if (range_contains(&server->allowed.at[i], from))
			return true;
	return false;
}

/* The one that waits longest without a question goes; else nobody can come. */
static bool make_room(struct server *server)
{
	if (server->counts.open < (size_t)server->options.settings->whoisd_connections)
		return true;
	server->counts.crowded++;
	if (server->lists[ASKING].oldest)
		client_end(server->lists[ASKING].oldest);
	else if (server->lists[LINGERING].oldest)
		client_end(server->lists[LINGERING].oldest);
	else
		return false;
	return true;
}

static struct client *client_new(struct server *server, int fd,
				 const struct address *from)
{
	struct client *client;
	struct error ignored;

	if (!make_room(server)) {
		close(fd);
		return NULL;
	}
	client = calloc(1, sizeof *client);
	if (!client)
		abort();
	client->waiter.answered = waited;
	client->server = server;
	client->fd = fd;
	client->from = *from;
	list_put(server, client, ASKING);
	server->counts.open++;
	sweep_start(server);
	if (loop_set_add(server->set, fd, LOOP_READ, client, &ignored) == 0)
		return client;
	client_end(client);
	return NULL;
}

/* The whole line and nothing behind it. */
static bool is_one_line(struct slice so_far)
{
	return so_far.len && line_length(so_far) == (ptrdiff_t)so_far.len - 1;
}

/* An answer at once, without a watch and without memory; what does not fit into the
 * socket makes a client of it that takes its time.                                      */
static void answer_at_once(struct server *server, int fd, const struct address *from,
			   struct desk_answer *answer)
{
	struct slice head = { answer->head, answer->head_len };
	struct slice text = entry_text(answer->entry);
	ssize_t put = send_some(fd, head, text, 0);
	struct client *client;

	if (put < 0 || (size_t)put == head.len + text.len) {
		close(fd);
		desk_let_go(server->desk, answer);
		return;
	}
	client = client_new(server, fd, from);
	if (!client) {
		desk_let_go(server->desk, answer);
		return;
	}
	client->sent = (size_t)put;
	client_answer(client, answer);
}

static void wait_for_it(struct server *server, int fd, const struct address *from)
{
	struct client *client = client_new(server, fd, from);

	if (client)
		client_wait(client);
}

/* Most clients have sent their line when they are met, and most answers are kept. */
static void meet(struct server *server, int fd, const struct address *from)
{
	char line[LINE_ROOM];
	ssize_t got = recv(fd, line, sizeof line, MSG_DONTWAIT);
	struct slice so_far = { line, got > 0 ? (size_t)got : 0 };
	struct desk_answer answer;
	struct client *client;

	if (is_one_line(so_far)) {
		if (desk_ask(server->desk, so_far, from, &answer))
			answer_at_once(server, fd, from, &answer);
		else
			wait_for_it(server, fd, from);
		return;
	}
	client = client_new(server, fd, from);
	if (!client)
		return;
	memcpy(client->line, line, so_far.len);
	client->len = so_far.len;
	look_at_line(client, got == 0);
}

/* A listener that cannot be watched again is tried again. */
static void listener_pause(struct server *server, bool pause)
{
	bool again = pause;
	struct error ignored;

	for (size_t i = 0; i < server->options.count; i++)
		if (loop_watch_set(server->listeners[i].watch, pause ? 0 : LOOP_READ,
				   &ignored) != 0)
			again = true;
	if (again)
		loop_timer_start(server->resume, PAUSE_MS);
}

static void resume_came(void *context)
{
	struct server *server = context;

	if (!server->stopping)
		listener_pause(server, false);
}

/* False: nobody waits any more. */
static bool accept_one(struct server *server, int listening)
{
	union socket_address peer = { .any = { .sa_family = AF_UNSPEC } };
	socklen_t len = sizeof peer;
	struct address from;
	int fd = accept4(listening, &peer.any, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			listener_pause(server, true);
		return errno == EINTR || errno == ECONNABORTED;
	}
	server->counts.connections++;
	(void)socket_address_read(&peer.any, &from);
	if (is_allowed(server, &from)) {
		meet(server, fd, &from);
	} else {
		server->counts.strangers++;
		close(fd);
	}
	return true;
}

static void callers_came(void *context, int events)
{
	struct listener *listener = context;
	unsigned taken = 0;

	(void)events;
	while (taken < ACCEPT_BATCH && accept_one(listener->server, listener->fd))
		taken++;
	bury(listener->server);
}

/* --- opening -------------------------------------------------------------------------------------- */

static int allowed_parse(struct server *server, struct error *err)
{
	const struct slices *rows = &server->options.settings->whoisd_clients;

	for (size_t i = 0; i < rows->count; i++) {
		struct range range;

		if (range_parse(rows->at[i], &range) != 0)
			return error_set(err, ERROR_CONFIG,
					 "[whoisd] clients = '" SLICE_FMT
					 "' is no address or range",
					 SLICE_ARG(rows->at[i]));
		*LIST_ADD(server->arena, &server->allowed) = range;
	}
	return 0;
}

static void stats_line(void *context, struct buffer *out)
{
	const struct server_counts *c = &((struct server *)context)->counts;

	buffer_printf(out,
		      "%% connections %" PRIu64 ", open %zu, strangers %" PRIu64
		      ", idle %" PRIu64 ", slow %" PRIu64 ", crowded out %" PRIu64
		      "\r\n",
		      c->connections, c->open, c->strangers, c->idle, c->slow,
		      c->crowded);
}

static int listeners_open(struct server *server, struct error *err)
{
	for (size_t i = 0; i < server->options.count; i++) {
		struct listener *listener = &server->listeners[i];

		listener->server = server;
		listener->watch = loop_watch_new(server->options.loop, listener->fd,
						 callers_came, listener, err);
		if (!listener->watch ||
		    loop_watch_set(listener->watch, LOOP_READ, err) != 0)
			return -1;
	}
	return 0;
}

struct server *server_new(const struct server_options *options, struct error *err)
{
	struct arena *arena = arena_new();
	struct server *server = ARENA_NEW(arena, struct server);

	server->arena = arena;
	server->options = *options;
	server->listeners = ARENA_ARRAY(arena, struct listener, options->count);
	for (size_t i = 0; i < options->count; i++)
		server->listeners[i].fd = options->fds[i];
	server->sweep = loop_timer_new(options->loop, sweep_came, server);
	server->resume = loop_timer_new(options->loop, resume_came, server);
	if (allowed_parse(server, err) != 0)
		goto free_server;
	server->desk = desk_new(&(struct desk_options){ .settings = options->settings,
							.clock = options->clock,
							.loop = options->loop,
							.db = options->db,
							.stats = stats_line,
							.context = server },
				err);
	if (!server->desk)
		goto free_server;
	server->set = loop_set_new(
		&(struct loop_set_options){ options->loop, client_ready, bury, server },
		err);
	if (server->set && listeners_open(server, err) == 0)
		return server;

free_server:
	server_free(server);
	return NULL;
}

static void listeners_close(struct server *server)
{
	for (size_t i = 0; i < server->options.count; i++) {
		struct listener *listener = &server->listeners[i];

		loop_watch_free(listener->watch);
		if (listener->fd >= 0)
			close(listener->fd);
		listener->watch = NULL;
		listener->fd = -1;
	}
}

void server_stop(struct server *server)
{
	server->stopping = true;
	loop_timer_stop(server->resume);
	listeners_close(server);
	while (server->lists[ASKING].oldest)
		client_end(server->lists[ASKING].oldest);
	bury(server);
}

bool server_is_busy(const struct server *server)
{
	return server->counts.open > 0 || desk_is_busy(server->desk);
}

void server_free(struct server *server)
{
	if (!server)
		return;
	listeners_close(server);
	for (size_t state = 0; state < CLIENT_STATES; state++)
		while (server->lists[state].oldest)
			client_end(server->lists[state].oldest);
	bury(server);
	loop_set_free(server->set);
	desk_free(server->desk);
	loop_timer_free(server->sweep);
	loop_timer_free(server->resume);
	arena_free(server->arena);
}

struct desk *server_desk(struct server *server)
{
	return server->desk;
}
