#include "net/tcp.h"

#include "base/buffer.h"
#include "net/socket_address.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_BYTES = 16 * 1024 };

struct exchange {
	struct loop *loop;
	struct loop_watch *watch;
	struct loop_timer *deadline;
	int fd;
	struct buffer question, answer;
	size_t sent;
	bool connected;
	int64_t ends_ms;
	bool (*complete)(struct slice so_far);
	tcp_answered *answered;
	void *context;
};

static void exchange_end(struct exchange *exchange, const char *problem, bool truncated)
{
	struct tcp_answer answer = { buffer_slice(&exchange->answer), truncated,
				     exchange->connected, problem };

	loop_watch_free(exchange->watch);
	loop_timer_free(exchange->deadline);
	if (exchange->fd >= 0)
		close(exchange->fd);
	exchange->answered(exchange->context, &answer);
	buffer_clear(&exchange->question);
	buffer_clear(&exchange->answer);
	free(exchange);
}

static void deadline_passed(void *context)
{
	struct exchange *exchange = context;

	exchange_end(exchange,
		     exchange->connected ? "it did not finish in time"
					 : "it cannot be reached in time",
		     false);
}

/* What fits is kept: an endless answer is cut, not lost. False: full. */
static bool keep(struct buffer *answer, struct slice more)
{
	size_t room = answer->max - answer->len;

	buffer_add(answer, slice_cut(more, 0, room));
	return more.len <= room;
}

static void read_some(struct exchange *exchange)
{
	char bytes[READ_BYTES];
	ssize_t got = recv(exchange->fd, bytes, sizeof bytes, 0);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got < 0) {
		exchange_end(exchange, strerror(errno), false);
	} else if (got == 0) {
		exchange_end(exchange,
			     exchange->answer.len ? NULL : "it closed without a word",
			     false);
	} else if (!keep(&exchange->answer, (struct slice){ bytes, (size_t)got })) {
		exchange_end(exchange, NULL, true);
	} else if (exchange->complete &&
		   exchange->complete(buffer_slice(&exchange->answer))) {
		exchange_end(exchange, NULL, false);
	}
}

static void wait_for(struct exchange *exchange, int events)
{
	struct error err;

	if (loop_watch_set(exchange->watch, events, &err) != 0)
		exchange_end(exchange, "the connection cannot be watched", false);
}

static void write_some(struct exchange *exchange)
{
	struct slice rest =
		slice_from(buffer_slice(&exchange->question), exchange->sent);
	ssize_t put = send(exchange->fd, rest.at, rest.len, MSG_NOSIGNAL);

	if (put < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (put < 0) {
		exchange_end(exchange, strerror(errno), false);
		return;
	}
	exchange->sent += (size_t)put;
	if (exchange->sent == exchange->question.len)
		wait_for(exchange, LOOP_READ);
}

/* 0 once connected; else ends the exchange. */
static int check_connected(struct exchange *exchange)
{
	int failure = 0;
	socklen_t len = sizeof failure;

	if (exchange->connected)
		return 0;
	if (getsockopt(exchange->fd, SOL_SOCKET, SO_ERROR, &failure, &len) != 0)
		failure = errno;
	if (failure) {
		exchange_end(exchange, strerror(failure), false);
		return -1;
	}
	exchange->connected = true;
	loop_timer_start(exchange->deadline,
			 exchange->ends_ms - loop_now_ms(exchange->loop));
	return 0;
}

static void socket_ready(void *context, int events)
{
	struct exchange *exchange = context;

	if (check_connected(exchange) != 0)
		return;
	if (exchange->sent < exchange->question.len)
		write_some(exchange);
	else if (events & LOOP_READ)
		read_some(exchange);
}

/* NULL, or what went wrong. */
static const char *exchange_connect(struct exchange *exchange,
				    const struct endpoint *to)
{
	union socket_address address;
	socklen_t len = socket_address_write(&to->address, to->port, &address);
	struct error err;

	exchange->fd = socket(address.any.sa_family,
			      SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (exchange->fd < 0)
		return strerror(errno);
	if (connect(exchange->fd, &address.any, len) != 0 && errno != EINPROGRESS)
		return strerror(errno);
	exchange->watch = loop_watch_new(exchange->loop, exchange->fd, socket_ready,
					 exchange, &err);
	if (!exchange->watch || loop_watch_set(exchange->watch, LOOP_WRITE, &err) != 0)
		return "the connection cannot be watched";
	return NULL;
}

void tcp_ask(struct loop *loop, const struct tcp_question *question,
	     tcp_answered *answered, void *context)
{
	struct exchange *exchange = calloc(1, sizeof *exchange);
	const char *problem;

	if (!exchange)
		abort();
	exchange->loop = loop;
	exchange->fd = -1;
	exchange->complete = question->complete;
	exchange->answered = answered;
	exchange->context = context;
	buffer_init(&exchange->question, question->text.len);
	buffer_add(&exchange->question, question->text);
	buffer_init(&exchange->answer, question->max_bytes);
	exchange->deadline = loop_timer_new(loop, deadline_passed, exchange);
	exchange->ends_ms = loop_now_ms(loop) + question->deadline_ms;
	loop_timer_start(exchange->deadline,
			 question->connect_ms < question->deadline_ms
				 ? question->connect_ms
				 : question->deadline_ms);
	problem = exchange_connect(exchange, &question->to);
	if (problem)
		exchange_end(exchange, problem, false);
}
