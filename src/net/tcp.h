/* net/tcp.h - one question and its answer over TCP, as WHOIS (RFC 3912) and RWhois do.
 *
 * Connects to the endpoint given (checked by net/route.h), sends the question, reads
 * until the peer closes, `complete` says so, `max_bytes` are there (the answer is then
 * `truncated`), or the deadline. A slow peer cannot prolong it: the deadline is for the
 * whole exchange.                                                                       */
#ifndef NET_TCP_H
#define NET_TCP_H

#include "net/route.h"

struct tcp_question {
	struct endpoint to;
	struct slice text; /* sent as it is; copied                     */
	size_t max_bytes;
	int64_t deadline_ms; /* from now, for everything                  */
	int64_t connect_ms; /* at most this of it for connecting         */
	bool (*complete)(struct slice so_far); /* NULL: read until the peer closes */
};
struct tcp_answer {
	struct slice text; /* what came, also on failure                */
	bool truncated;
	bool connected; /* false: another endpoint may do better     */
	const char *problem; /* in words; NULL on success                 */
};
/* Called once, from the loop or before the call returns; the answer is borrowed. */
typedef void tcp_answered(void *context, const struct tcp_answer *answer);
void tcp_ask(struct loop *loop, const struct tcp_question *question,
	     tcp_answered *answered, void *context);

#endif
