/* contact/whois.h - raw answers of WHOIS servers: what is asked for, and asking it.
 *
 * whois_query_parse() tells addresses, ranges, AS numbers, domains and handles apart and
 * writes each in one way (`text`): two spellings of one question are one question. Names
 * are asked by their registered domain. What no registry has (private and other special
 * numbers) is told by `special` and never asked.
 *
 * finder_whois() asks and waits. On a loop that the caller turns (finder_options.loop) it
 * is whois_begin(), then whois_advance() whenever the finder's `answered` was called,
 * until it is true, then whois_end(). whois_start() sends what was asked for; the
 * answers that the finder remembers meanwhile go by whois_forget(), when it is idle.
 *
 * Answers are untrusted bytes: escape them before they are printed.                      */
#ifndef CONTACT_WHOIS_H
#define CONTACT_WHOIS_H

#include "contact/find.h"

enum { WHOIS_LINE_MAX = 255 };

enum whois_kind {
	WHOIS_RAW, /* a line for the server that is named, as it is            */
	WHOIS_ADDRESS,
	WHOIS_RANGE,
	WHOIS_NUMBER,
	WHOIS_DOMAIN,
	WHOIS_HANDLE,
};
struct whois_query {
	enum whois_kind kind;
	struct slice text; /* canonical; the line itself where it is raw     */
	struct range range; /* ADDRESS: both ends are it                      */
	uint32_t number;
	struct slice special; /* "private use (RFC 1918)"; empty: may be asked  */
	struct slice flags; /* "-B -T inetnum", for servers of RIPE's software */
	struct slice host; /* RAW: of whom; HANDLE: who has it               */
	struct slice top_level; /* HANDLE: whose registry has it, IANA knows where */
	uint16_t port;
};
/* ERROR_SYNTAX in words for the person who asked. `text` lives in `arena`. */
MUST_CHECK int whois_query_parse(struct arena *arena, struct slice text,
				 bool documentation_public, struct whois_query *out,
				 struct error *err);
/* One line of 1 to WHOIS_LINE_MAX bytes without control characters. */
MUST_CHECK int whois_line_check(struct slice line, struct error *err);
/* "host", "host:port", "[address]:port"; the slice borrows from `text`. */
MUST_CHECK int whois_server_parse(struct slice text, struct slice *host, uint16_t *port,
				  struct error *err);

struct whois_part { /* one server's answer */
	struct slice server, text;
	bool truncated;
};
struct whois_parts {
	struct whois_part *at;
	size_t count, room;
};
enum whois_ending {
	WHOIS_ANSWERED,
	WHOIS_ABSENT, /* the servers say that there is no such thing          */
	WHOIS_PARTIAL, /* a server of the chain gave no whole answer           */
	WHOIS_REFUSED, /* a server does not answer us now                      */
	WHOIS_FAILED, /* nobody said anything                                 */
};
struct whois_result {
	enum whois_ending ending;
	struct whois_parts parts;
	bool has_range; /* the answer is about all of `range`, which holds the address
			 * asked for and is no registry's whole space              */
	struct range range;
	struct slice problem; /* why, in words, unless answered or absent       */
	struct slice silent; /* the server that was out of reach; empty: none  */
};

struct whois_question;
struct whois_question *whois_begin(struct finder *finder, struct arena *arena,
				   const struct whois_query *query);
bool whois_advance(struct whois_question *question); /* true: it has ended */
void whois_end(struct whois_question *question, struct whois_result *out);

void whois_start(struct finder *finder);
bool whois_is_idle(const struct finder *finder);
size_t whois_size_bytes(const struct finder *finder);
void whois_forget(struct finder *finder); /* whois_is_idle() */

/* The raw answer of the right server (or of `server`, host[:port]), referrals followed.
 * -1 where nobody said anything; out->problem says what is missing of the rest.         */
MUST_CHECK int finder_whois(struct finder *finder, struct arena *arena,
			    struct slice query, struct slice server,
			    struct whois_result *out, struct error *err);

#endif
