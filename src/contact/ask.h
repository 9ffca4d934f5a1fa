/* contact/ask.h - questions to servers, each asked once, and their raw answers.
 *
 * ask() names a question and gives its answer, or ASK_PENDING; the caller comes back
 * after asker_turn() and asks the same again. So the order of a look-up reads from top to
 * bottom, and equal questions of different look-ups are one. Nothing is parsed here.
 *
 * A question waits until its server's budget lets it be asked (contact/budget.h): so long
 * as [look-up] wait says; where the server refused, only if that ends within the
 * question's own time. Else it ends unasked, and says when it may be. Many are under way at
 * once, to different servers, and ASK_RESOLVING_MAX more to the resolver. Every connection
 * goes by net/route.h; redirects of RDAP are followed at most five times, each judged
 * anew, to https alone (to http only under a row of the user).                          */
#ifndef CONTACT_ASK_H
#define CONTACT_ASK_H

#include "base/clock.h"
#include "conf/settings.h"
#include "net/hosts.h"

enum {
	ASK_RUNNING_MAX = 64,
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
	ASK_REFUSED, /* 429, 403, or left alone: neither kept nor read    */
	ASK_STOPPED, /* the asker was stopped: it was not asked           */
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
	int64_t later_at; /* refused: it may be asked then, by the real time  */
	int64_t asked_at; /* by the injected clock                            */
	int64_t took_ms;
};

struct asker;
struct asker_options {
	const struct settings *settings;
	const struct clock *clock;
	struct db *db; /* holds the budgets; NULL: we keep to them alone */
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
/* Waits until something happens, a second at most; false: nothing is under way. */
bool asker_turn(struct asker *asker);
size_t asker_ended(const struct asker *asker); /* questions that ended so far */
/* Where the loop is another's: begins what may begin, and waits for nothing. */
void asker_start(struct asker *asker);
bool asker_is_idle(const struct asker *asker);
size_t asker_size_bytes(const struct asker *asker); /* what asker_forget() drops */
/* Drops all answers, after waiting for what is still under way. */
void asker_forget(struct asker *asker);
/* What the answer of a WHOIS or RDAP server turned out to be, once it is read: its own
 * words of refusal, or an answer. Until when it is left alone. A refusal in the status of
 * HTTP needs no reader.                                                                 */
int64_t asker_refused(struct asker *asker, struct slice server, struct slice words);
void asker_answered(struct asker *asker, struct slice server);
/* What a question waits for, if any does: a server, and until when (0: until others to
 * it have ended).                                                                       */
bool asker_waits(const struct asker *asker, struct slice *server, int64_t *until);

/* Why the budgets of servers are kept by this process alone; empty where they are not. */
struct slice asker_problem(const struct asker *asker);

bool asker_stopped(const struct asker *asker);
/* SIGINT and SIGTERM do that, once: a second one does what it always does. */
MUST_CHECK int asker_stop_on_signals(struct asker *asker, struct error *err);

/* The user's own static table stands in for the DNS. */
bool asker_has_hosts(const struct asker *asker);

#endif
