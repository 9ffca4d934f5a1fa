#include "net/http.h"

#include "base/buffer.h"
#include "os/point.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The headers that are kept. */
enum kept {
	KEPT_LOCATION,
	KEPT_ETAG,
	KEPT_MODIFIED,
	KEPT_RANGE,
	KEPT_CACHE,
	KEPT_EXPIRES,
	KEPT_DATE,
	KEPT_COUNT
};
static const char *const kept_names[KEPT_COUNT] = {
	[KEPT_LOCATION] = "location:",
	[KEPT_ETAG] = "etag:",
	[KEPT_MODIFIED] = "last-modified:",
	[KEPT_RANGE] = "content-range:",
	[KEPT_CACHE] = "cache-control:",
	[KEPT_EXPIRES] = "expires:",
	[KEPT_DATE] = "date:",
};

struct transfer {
	struct transfer *next;
	struct http *http;
	CURL *easy;
	struct curl_slist *headers, *connect_to;
	struct buffer body, kept[KEPT_COUNT];
	bool (*arrived)(void *context, const struct http_answer *so_far,
			struct slice bytes);
	int (*before_body)(void *context);
	struct slice rest; /* of the body to send                                  */
	bool asked; /* before_body                                          */
	char problem[CURL_ERROR_SIZE];
	http_answered *answered;
	void *context;
};

struct socket_watch {
	struct http *http;
	curl_socket_t fd;
	struct loop_watch *watch;
};

struct http {
	struct loop *loop;
	CURLM *multi;
	struct loop_timer *timer;
	struct transfer *transfers;
	char *ca_file;
};

static void transfer_free(struct transfer *transfer)
{
	struct transfer **at = &transfer->http->transfers;

	while (*at != transfer)
		at = &(*at)->next;
	*at = transfer->next;
	curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->headers);
	curl_slist_free_all(transfer->connect_to);
	buffer_clear(&transfer->body);
	for (size_t i = 0; i < KEPT_COUNT; i++)
		buffer_clear(&transfer->kept[i]);
	free(transfer);
}

/* 0: there is none, or it is no date. */
static int64_t date_kept(const struct transfer *transfer, enum kept kept)
{
	const struct buffer *text = &transfer->kept[kept];
	char date[64];
	time_t at;

	if (text->len == 0 || text->len >= sizeof date)
		return 0;
	memcpy(date, text->at, text->len);
	date[text->len] = 0;
	at = curl_getdate(date, NULL);
	return at > 0 ? at : 0;
}

/* max-age goes before Expires, which counts from the server's own Date. */
static int64_t fresh_seconds(const struct transfer *transfer)
{
	struct slice rest = buffer_slice(&transfer->kept[KEPT_CACHE]), word;
	int64_t expires = date_kept(transfer, KEPT_EXPIRES);
	int64_t now = date_kept(transfer, KEPT_DATE);
	uint64_t age;

	while (slice_next(&rest, ',', &word)) {
		word = slice_trim(word);
		if (slice_starts_nocase(word, S("max-age=")) &&
		    slice_to_u64(slice_from(word, 8), INT32_MAX, &age) == 0)
			return (int64_t)age;
	}
	return expires > now && now ? expires - now : 0;
}

/* What is known of the answer so far. */
static struct http_answer answer_of(const struct transfer *transfer)
{
	struct http_answer answer = {
		.body = buffer_slice(&transfer->body),
		.location = buffer_slice(&transfer->kept[KEPT_LOCATION]),
		.etag = buffer_slice(&transfer->kept[KEPT_ETAG]),
		.last_modified = buffer_slice(&transfer->kept[KEPT_MODIFIED]),
		.content_range = buffer_slice(&transfer->kept[KEPT_RANGE]),
	};
	curl_off_t length = -1, modified = -1;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &answer.status);
	curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	curl_easy_getinfo(transfer->easy, CURLINFO_FILETIME_T, &modified);
	answer.length = length;
	answer.modified_at = modified > 0 ? modified * 1000000 : 0;
	return answer;
}

static void transfer_end(struct transfer *transfer, CURLcode code)
{
	struct http_answer answer = answer_of(transfer);
	curl_off_t connect_us = 0, retry_after_s = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_CONNECT_TIME_T, &connect_us);
	answer.connected = connect_us > 0;
	curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
	answer.retry_after_s = retry_after_s;
	answer.fresh_s = fresh_seconds(transfer);
	if (code != CURLE_OK)
		answer.status = 0;
	if (code == CURLE_OK)
		answer.problem = NULL;
	else if (code == CURLE_WRITE_ERROR)
		answer.problem = "its answer is too long";
	else if (code == CURLE_OPERATION_TIMEDOUT)
		answer.problem = answer.connected ? "it did not finish in time"
						  : "it cannot be reached in time";
	else
		answer.problem = transfer->problem[0] ? transfer->problem
						      : curl_easy_strerror(code);
	if (!answer.problem && answer.status == 0)
		answer.problem = "it sent no HTTP answer";
	curl_multi_remove_handle(transfer->http->multi, transfer->easy);
	transfer->answered(transfer->context, &answer);
	transfer_free(transfer);
}

static void collect_ended(struct http *http)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)))
		if (message->msg == CURLMSG_DONE) {
			void *transfer = NULL;
			CURLcode code = message->data.result;

			curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
					  &transfer);
			transfer_end(transfer, code);
		}
}

static void timer_expired(void *context)
{
	struct http *http = context;
	int running;

	curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect_ended(http);
}

static int timer_changed(CURLM *multi, long timeout_ms, void *context)
{
	struct http *http = context;

	(void)multi;
	if (timeout_ms < 0)
		loop_timer_stop(http->timer);
	else
		loop_timer_start(http->timer, timeout_ms);
	return 0;
}

static void socket_ready(void *context, int events)
{
	struct socket_watch *socket = context;
	struct http *http = socket->http;
	int ready = (events & LOOP_READ ? CURL_CSELECT_IN : 0) |
		    (events & LOOP_WRITE ? CURL_CSELECT_OUT : 0);
	int running;

	curl_multi_socket_action(http->multi, socket->fd, ready, &running);
	collect_ended(http);
}

static struct socket_watch *socket_new(struct http *http, curl_socket_t fd)
{
	struct socket_watch *socket = calloc(1, sizeof *socket);
	struct error ignored;

	if (!socket)
		return NULL;
	*socket = (struct socket_watch){ http, fd, NULL };
	socket->watch = loop_watch_new(http->loop, fd, socket_ready, socket, &ignored);
	if (!socket->watch) {
		free(socket);
		return NULL;
	}
	curl_multi_assign(http->multi, fd, socket);
	return socket;
}

/* A socket that cannot be watched is never ready: its transfer ends by its deadline. */
static int socket_changed(CURL *easy, curl_socket_t fd, int what, void *context,
			  void *assigned)
{
	struct http *http = context;
	struct socket_watch *socket = assigned;
	struct error ignored;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (socket)
			loop_watch_free(socket->watch);
		free(socket);
		curl_multi_assign(http->multi, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		events |= LOOP_READ;
	if (what & CURL_POLL_OUT)
		events |= LOOP_WRITE;
	if (!socket)
		socket = socket_new(http, fd);
	if (!socket || loop_watch_set(socket->watch, events, &ignored) != 0)
		return -1;
	return 0;
}

struct http *http_new(struct loop *loop, struct slice ca_file, struct error *err)
{
	struct http *http = calloc(1, sizeof *http);

	if (!http || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(http);
		error_set(err, ERROR_LIMIT, "curl cannot be used");
		return NULL;
	}
	http->loop = loop;
	http->multi = curl_multi_init();
	http->timer = loop_timer_new(loop, timer_expired, http);
	http->ca_file = ca_file.len ? strndup(ca_file.at, ca_file.len) : NULL;
	if (!http->multi || (ca_file.len && !http->ca_file))
		abort();
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, socket_changed);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, timer_changed);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	return http;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	while (http->transfers)
		transfer_end(http->transfers, CURLE_ABORTED_BY_CALLBACK);
	curl_multi_cleanup(http->multi);
	loop_timer_free(http->timer);
	free(http->ca_file);
	free(http);
	curl_global_cleanup();
}

static size_t body_arrived(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;

	struct slice part = { bytes, size * count };

	if (transfer->arrived) {
		struct http_answer so_far = answer_of(transfer);

		return transfer->arrived(transfer->context, &so_far, part) ? part.len
									   : 0;
	}
	buffer_add(&transfer->body, part);
	return transfer->body.failed ? 0 : part.len;
}

/* An overlong one is none. A status line begins another answer. */
static size_t header_arrived(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	struct slice line = { bytes, size * count };

	for (size_t i = 0; i < KEPT_COUNT; i++) {
		struct slice name = slice_of(kept_names[i]);

		if (slice_starts(line, S("HTTP/")))
			buffer_reset(&transfer->kept[i]);
		if (!slice_starts_nocase(line, name))
			continue;
		buffer_reset(&transfer->kept[i]);
		buffer_add(&transfer->kept[i], slice_trim(slice_from(line, name.len)));
	}
	return size * count;
}

static void set_pinned(struct transfer *transfer, const struct http_request *request)
{
	bool ipv6 = request->to.address.family == FAMILY_IPV6;
	char row[ADDRESS_TEXT_MAX + 16];

	snprintf(row, sizeof row, "::%s%s%s:%u", ipv6 ? "[" : "",
		 address_format(&request->to.address).text, ipv6 ? "]" : "",
		 request->to.port);
	transfer->connect_to = curl_slist_append(NULL, row);
	curl_easy_setopt(transfer->easy, CURLOPT_CONNECT_TO, transfer->connect_to);
	curl_easy_setopt(transfer->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(transfer->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(transfer->easy, CURLOPT_PROTOCOLS_STR, "http,https");
}

static void set_limits(struct transfer *transfer, const struct http_request *request)
{
	curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS,
			 (long)request->deadline_ms);
	curl_easy_setopt(transfer->easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)request->connect_ms);
	if (request->stall_ms) {
		curl_easy_setopt(transfer->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
		curl_easy_setopt(transfer->easy, CURLOPT_LOW_SPEED_TIME,
				 (long)(request->stall_ms / 1000));
	}
	/* not CURLOPT_NOSIGNAL: without it curl keeps SIGPIPE off while it writes, and
	 * it needs no alarm, because no name is left to resolve */
	if (transfer->http->ca_file)
		curl_easy_setopt(transfer->easy, CURLOPT_CAINFO,
				 transfer->http->ca_file);
}

static size_t body_read(char *out, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	size_t len =
		transfer->rest.len < size * count ? transfer->rest.len : size * count;

	if (!transfer->asked) {
		transfer->asked = true;
		if (transfer->before_body(transfer->context) != 0)
			return CURL_READFUNC_ABORT;
		crash_point("http.body");
	}
	if (len)
		memcpy(out, transfer->rest.at, len);
	transfer->rest = slice_from(transfer->rest, len);
	return len;
}

/* A connection of its own, since curl sends a request anew whose old connection broke. */
static void set_body(struct transfer *transfer, const struct http_request *request)
{
	CURL *easy = transfer->easy;

	transfer->before_body = request->before_body;
	transfer->rest = request->body;
	transfer->headers = curl_slist_append(transfer->headers, "Expect:");
	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
			 (curl_off_t)request->body.len);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, body_read);
	curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
}

static void set_request(struct transfer *transfer, const struct http_request *request)
{
	char text[URL_MAX + 1], accept[128];

	snprintf(text, sizeof text, SLICE_FMT, SLICE_ARG(request->url));
	curl_easy_setopt(transfer->easy, CURLOPT_URL, text);
	snprintf(accept, sizeof accept, "Accept: " SLICE_FMT,
		 SLICE_ARG(request->accept));
	transfer->headers = curl_slist_append(NULL, accept);
	for (size_t i = 0; request->headers && i < request->headers->count; i++) {
		char line[2 * URL_MAX];

		snprintf(line, sizeof line, SLICE_FMT,
			 SLICE_ARG(request->headers->at[i]));
		transfer->headers = curl_slist_append(transfer->headers, line);
	}
	curl_easy_setopt(transfer->easy, CURLOPT_FILETIME, 1L);
	curl_easy_setopt(transfer->easy, CURLOPT_USERAGENT, "tipoff/" TIPOFF_VERSION);
	curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(transfer->easy, CURLOPT_ERRORBUFFER, transfer->problem);
	curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, body_arrived);
	curl_easy_setopt(transfer->easy, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(transfer->easy, CURLOPT_HEADERFUNCTION, header_arrived);
	curl_easy_setopt(transfer->easy, CURLOPT_HEADERDATA, transfer);
}

static struct transfer *transfer_new(struct http *http,
				     const struct http_request *request)
{
	struct transfer *transfer = calloc(1, sizeof *transfer);

	if (!transfer)
		abort();
	transfer->http = http;
	transfer->easy = curl_easy_init();
	if (!transfer->easy)
		abort();
	buffer_init(&transfer->body, request->max_bytes);
	for (size_t i = 0; i < KEPT_COUNT; i++)
		buffer_init(&transfer->kept[i], URL_MAX);
	transfer->arrived = request->arrived;
	transfer->next = http->transfers;
	http->transfers = transfer;
	set_request(transfer, request);
	set_pinned(transfer, request);
	set_limits(transfer, request);
	return transfer;
}

static void transfer_begin(struct transfer *transfer, http_answered *answered,
			   void *context)
{
	curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
	transfer->answered = answered;
	transfer->context = context;
	if (curl_multi_add_handle(transfer->http->multi, transfer->easy) != CURLM_OK)
		transfer_end(transfer, CURLE_FAILED_INIT);
}

void http_get(struct http *http, const struct http_request *request,
	      http_answered *answered, void *context)
{
	transfer_begin(transfer_new(http, request), answered, context);
}

void http_post(struct http *http, const struct http_request *request,
	       http_answered *answered, void *context)
{
	struct transfer *transfer = transfer_new(http, request);

	set_body(transfer, request);
	transfer_begin(transfer, answered, context);
}
