/* contact/ask.h - questions to servers, each asked once, and their raw answers.
 *
 * ask() names a question and gives its answer, or ASK_PENDING; the caller comes back
 * after asker_turn() and asks the same again. So the order of a look-up reads from top to
 * bottom, and equal questions of different look-ups are one. Nothing is parsed here.
 *
 * At most one question at a time goes to a server, eight run in all, and eight more to
 * the resolver. A server that refused (asker_refused(), HTTP 429 and 403) is not asked
 * again. Every connection goes by net/route.h; redirects of RDAP are followed at most
 * five times, each judged anew, to https alone (to http only under a row of the user). */
#ifndef CONTACT_ASK_H
#define CONTACT_ASK_H

#include "base/clock.h"
#include "conf/settings.h"
#include "net/hosts.h"

enum {
	ASK_RUNNING_MAX = 8,
	ASK_RESOLVING_MAX = 8,
	ASK_REDIRECTS_MAX = 5,
	ASK_WHOIS_MAX_BYTES = 1024 * 1024,
	ASK_RDAP_MAX_BYTES = 2 * 1024 * 1024,
	ASK_CONNECT_MS = 5000,
};

enum ask_kind {
	ASK_WHOIS,
	ASK_RWHOIS,
	ASK_RDAP,
	ASK_WEB, /* a small text by https         */
	ASK_ADDRESSES,
	ASK_NAMES,
	ASK_TEXTS, /* TXT records                   */
	ASK_EXCHANGES, /* mail servers, in `names`      */
};
struct question {
	enum ask_kind kind;
	struct slice server; /* host; the URL for RDAP; empty for the resolver    */
	uint16_t port; /* WHOIS, RWHOIS                                     */
	struct slice text; /* the line to send; the name for ASK_ADDRESSES      */
	struct address address; /* ASK_NAMES                                     */
	int64_t limit_ms; /* it may take this long; not part of what it is     */
};

enum ask_outcome {
	ASK_PENDING,
	ASK_ANSWERED,
	ASK_ABSENT, /* 404, no such name                                 */
	ASK_REFUSED, /* 429, 403: neither kept nor read                   */
	ASK_FAILED, /* not reached, too late, broken                     */
};
struct reply {
	enum ask_outcome outcome;
	struct slice server; /* who spoke in the end: a host, a URL          */
	struct slice text; /* untrusted; lives as long as the asker         */
	bool truncated;
	struct addresses addresses;
	struct slices names;
	struct slices texts;
	bool no_mail; /* a null MX */
	struct slice problem; /* in words, unless answered or absent          */
	int64_t asked_at; /* by the injected clock                            */
	int64_t took_ms;
};

struct asker;
struct asker_options {
	const struct settings *settings;
	const struct clock *clock;
	struct loop *loop; /* that somebody else turns; NULL: its own */
	/* told of every answer; on another's loop who asks is called back by it */
	void (*answered)(void *context); /* may be NULL */
	void *context;
};
MUST_CHECK struct asker *asker_new(const struct asker_options *options,
				   struct error *err);
void asker_free(struct asker *asker); /* NULL is fine */
/* The reply lives until asker_forget(). */
const struct reply *ask(struct asker *asker, const struct question *question);
bool asker_turn(struct asker *asker); /* false: nothing is under way */
/* Where the loop is another's: begins what may begin, and waits for nothing. */
void asker_start(struct asker *asker);
bool asker_is_idle(const struct asker *asker);
size_t asker_size_bytes(const struct asker *asker); /* what asker_forget() drops */
/* Drops all answers, after waiting for what is still under way. */
void asker_forget(struct asker *asker);
void asker_refused(struct asker *asker, struct slice server);
/* The user's own static table stands in for the DNS. */
bool asker_has_hosts(const struct asker *asker);

#endif
