/* bench_echo: a bare libuv server that sends a line back and closes, on a free port of
 * 127.0.0.1, which it prints. What a WHOIS server on this machine could do at best.      */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

enum { LINE_MAX_BYTES = 512, BACKLOG = 4096 };

struct connection {
	uv_tcp_t tcp;
	uv_write_t write;
	char line[LINE_MAX_BYTES];
};

static void connection_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void connection_end(struct connection *connection)
{
	uv_close((uv_handle_t *)&connection->tcp, connection_closed);
}

static void line_written(uv_write_t *write, int status)
{
	(void)status;
	connection_end(write->data);
}

static void room_give(uv_handle_t *handle, size_t wanted, uv_buf_t *out)
{
	struct connection *connection = handle->data;

	(void)wanted;
	*out = uv_buf_init(connection->line, sizeof connection->line);
}

static void line_came(uv_stream_t *stream, ssize_t got, const uv_buf_t *bytes)
{
	struct connection *connection = stream->data;
	uv_buf_t line = uv_buf_init(bytes->base, got > 0 ? (unsigned)got : 0);

	if (got == 0)
		return;
	if (got < 0) {
		connection_end(connection);
		return;
	}
	uv_read_stop(stream);
	connection->write.data = connection;
	if (uv_write(&connection->write, stream, &line, 1, line_written) != 0)
		connection_end(connection);
}

static void caller_came(uv_stream_t *listening, int status)
{
	struct connection *connection = calloc(1, sizeof *connection);

	if (status != 0 || !connection)
		abort();
	uv_tcp_init(listening->loop, &connection->tcp);
	connection->tcp.data = connection;
	if (uv_accept(listening, (uv_stream_t *)&connection->tcp) != 0 ||
	    uv_read_start((uv_stream_t *)&connection->tcp, room_give, line_came) != 0)
		connection_end(connection);
}

int main(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int len = sizeof at;
	uv_tcp_t listening;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	uv_tcp_init(uv_default_loop(), &listening);
	if (uv_tcp_bind(&listening, (struct sockaddr *)&at, 0) != 0 ||
	    uv_listen((uv_stream_t *)&listening, BACKLOG, caller_came) != 0 ||
	    uv_tcp_getsockname(&listening, (struct sockaddr *)&at, &len) != 0)
		return EXIT_FAILURE;
	printf("%u\n", ntohs(at.sin_port));
	fflush(stdout);
	return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
