/* net/http.h - one GET or POST at a time over HTTP or HTTPS, by curl over the loop.
 *
 * The connection is made to the endpoint given and to nothing else: no name is resolved,
 * no proxy of the environment is used, no redirect is followed, no compression is
 * offered. Certificates are checked against the URL's host name. A body over `max_bytes`
 * is a failure. Redirects are the caller's to judge: `location` is there. What is large
 * is taken as it arrives.
 *
 * A POST asks `before_body` once, when the server took the headers' connection and nothing
 * of the body: what stands after it may have been acted on, what stands before it was not.
 * It may refuse (-1), and then the body does not leave. Nothing is ever sent twice.     */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "net/route.h"
#include "net/url.h"

struct http;

/* `ca_file` empty: the system's certificates. */
MUST_CHECK struct http *http_new(struct loop *loop, struct slice ca_file,
				 struct error *err);
void http_free(struct http *http); /* open requests are answered: failed */

struct http_answer;
struct http_request {
	struct slice url; /* checked by url_parse()                   */
	struct endpoint to;
	struct slice accept; /* "application/rdap+json"                  */
	const struct slices *headers; /* "Name: value", ours; NULL: no more      */
	size_t max_bytes;
	int64_t deadline_ms, connect_ms; /* from now; deadline 0: none      */
	int64_t stall_ms; /* ends when nothing comes for so long; 0: never */
	/* Takes the body as it arrives, whatever the status; answer->body is empty then.
	 * False ends the transfer. NULL: the body is collected.                        */
	bool (*arrived)(void *context, const struct http_answer *so_far,
			struct slice bytes);
	struct slice body; /* of a POST; not empty, its type is one of `headers` */
	int (*before_body)(void *context); /* of a POST                    */
};
struct http_answer {
	long status; /* 200, 404, ...; 0 without an answer       */
	struct slice body, location;
	int64_t retry_after_s; /* as it says in whichever way; 0: it does not */
	struct slice etag, last_modified, content_range; /* as sent; empty: none */
	int64_t length; /* of this body, as promised; -1: not said   */
	int64_t modified_at; /* of Last-Modified; 0: not said            */
	/* It stays as it is for so long by Cache-Control or Expires (RFC 9111 section
	 * 4.2.1); 0: not said.                                                        */
	int64_t fresh_s;
	bool connected; /* false: another endpoint may do better    */
	const char *problem; /* in words; NULL if there is a status      */
};
/* Called once, from the loop or before the call returns; the answer is borrowed. */
typedef void http_answered(void *context, const struct http_answer *answer);
void http_get(struct http *http, const struct http_request *request,
	      http_answered *answered, void *context);
void http_post(struct http *http, const struct http_request *request,
	       http_answered *answered, void *context);

#endif
