/* bench_ask PORT QUERY SECONDS CONNECTIONS [RATE]: asks as whois does, one question a
 * connection, read until the server closes. Without RATE as fast as CONNECTIONS at once
 * allow; with it so many a second are begun, whatever becomes of the earlier ones, and the
 * time of each counts from when it was due.
 * Prints: answers a second, failed, median and 99th percentile in ms, bytes an answer.     */
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 4096, SAMPLES_MAX = 1 << 22, EVENTS = 256 };

struct connection {
	int fd; /* -1: free */
	bool asked;
	int64_t due_ns;
};

static struct connection connections[CONNECTIONS_MAX];
static struct connection *unused[CONNECTIONS_MAX];
static size_t unused_count;
static int32_t samples_us[SAMPLES_MAX];
static size_t sample_count;
static uint64_t failed, bytes;
static struct sockaddr_in server = { .sin_family = AF_INET };
static const char *query;
static size_t query_len;
static int epoll;

static int64_t now_ns(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * INT64_C(1000000000) + at.tv_nsec;
}

static void end(struct connection *connection, bool well)
{
	if (!well)
		failed++;
	else if (sample_count < SAMPLES_MAX)
		samples_us[sample_count++] =
			(int32_t)((now_ns() - connection->due_ns) / 1000);
	close(connection->fd);
	connection->fd = -1;
	unused[unused_count++] = connection;
}

static void begin(int64_t due_ns)
{
	struct connection *connection = unused[--unused_count];
	struct epoll_event event = { .events = EPOLLOUT, .data.ptr = connection };

	*connection = (struct connection){ .due_ns = due_ns };
	connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (connection->fd < 0 ||
	    (connect(connection->fd, (struct sockaddr *)&server, sizeof server) != 0 &&
	     errno != EINPROGRESS) ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &event) != 0)
		end(connection, false);
}

static void ready(struct connection *connection)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };
	char answer[65536];
	ssize_t got;

	if (!connection->asked) {
		connection->asked = true;
		if (send(connection->fd, query, query_len, MSG_NOSIGNAL) !=
			    (ssize_t)query_len ||
		    epoll_ctl(epoll, EPOLL_CTL_MOD, connection->fd, &event) != 0)
			end(connection, false);
		return;
	}
	while ((got = recv(connection->fd, answer, sizeof answer, 0)) > 0)
		bytes += (uint64_t)got;
	if (got == 0)
		end(connection, true);
	else if (errno != EAGAIN)
		end(connection, false);
}

static void turn(int wait_ms)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(epoll, events, EVENTS, wait_ms);

	for (int i = 0; i < count; i++)
		ready(events[i].data.ptr);
}

static void run(size_t most, int64_t rate, int64_t until_ns)
{
	int64_t due_ns = now_ns(), gap_ns = rate ? 1000000000 / rate : 0;

	for (size_t i = 0; i < most; i++)
		unused[unused_count++] = &connections[i];
	while (now_ns() < until_ns) {
		int64_t now = now_ns();

		while (unused_count && (!rate || due_ns <= now)) {
			begin(rate ? due_ns : now_ns());
			due_ns += gap_ns;
		}
		turn(rate ? 0 : 10);
	}
}

static int compare(const void *a, const void *b)
{
	int32_t one = *(const int32_t *)a, other = *(const int32_t *)b;

	return (one > other) - (one < other);
}

int main(int argc, char **argv)
{
	double seconds = argc > 4 ? strtod(argv[3], NULL) : 0;
	size_t most = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
	int64_t rate = argc > 5 ? strtoll(argv[5], NULL, 10) : 0, began = now_ns();
	size_t median, late;
	char line[512];

	if (seconds <= 0 || most == 0 || most > CONNECTIONS_MAX)
		return EXIT_FAILURE;
	query_len = (size_t)snprintf(line, sizeof line, "%s\r\n", argv[2]);
	query = line;
	server.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	epoll = epoll_create1(0);
	run(most, rate, began + (int64_t)(seconds * 1e9));
	qsort(samples_us, sample_count, sizeof *samples_us, compare);
	if (sample_count == 0)
		return EXIT_FAILURE;
	median = sample_count / 2;
	late = sample_count * 99 / 100;
	printf("%.0f %" PRIu64 " %.3f %.3f %.0f\n",
	       (double)sample_count / ((double)(now_ns() - began) / 1e9), failed,
	       (double)samples_us[median] / 1e3, (double)samples_us[late] / 1e3,
	       (double)bytes / (double)sample_count);
	return EXIT_SUCCESS;
}
