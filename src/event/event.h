/* event/event.h - one hostile act that a rule read from a line.
 *
 * A plain value. Slices borrow: from the line, from the rule, or from the arena given to
 * the matcher; they live until the chunk they came from is committed.                 */
#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

#include "base/slice.h"
#include "input/line.h"
#include "net/address.h"

/* Declaration order is rank: of several, the higher is the one to speak of. The names
 * ("probe", "login-attack", ...) are DESIGN.md's.                                     */
enum category {
	CATEGORY_PROBE,
	CATEGORY_SCAN,
	CATEGORY_SWEEP,
	CATEGORY_DOS,
	CATEGORY_MAIL_ABUSE,
	CATEGORY_LOGIN_ATTACK,
	CATEGORY_EXPLOIT_ATTEMPT,
	CATEGORY_COMPROMISE,
	CATEGORY_BACKSCATTER, /* answers to forged packets; never told, so of no rank */
	CATEGORY_COUNT,
};
const char *category_name(enum category category);
MUST_CHECK int category_parse(struct slice name, enum category *out);

enum outcome {
	OUTCOME_ATTEMPT,
	OUTCOME_SUCCESS, /* a login that worked: read for possible compromise only */
	OUTCOME_BLOCKED, /* what we did: the source is blocked from here on        */
	OUTCOME_UNBLOCKED, /* and no longer                                         */
	OUTCOME_SUMMARY, /* an incident that another tipoff counted; line.text is
	                    its JSON record, read by incident/told.h               */
	OUTCOME_COUNT,
};
const char *outcome_name(enum outcome outcome);
MUST_CHECK int outcome_parse(struct slice name, enum outcome *out);

/* How far the source can be believed (DESIGN.md section 5); higher is surer. */
enum certainty {
	CERTAINTY_UNKNOWN,
	CERTAINTY_NAME, /* logged as a name, resolved later              */
	CERTAINTY_DATAGRAM, /* a lone SYN, UDP, ICMP: can be forged          */
	CERTAINTY_CONNECTION, /* completed handshake, login, two-way exchange  */
};
const char *certainty_name(enum certainty certainty);
MUST_CHECK int certainty_parse(struct slice name, enum certainty *out);

/* Where the instant came from. */
enum time_basis {
	TIME_BASIS_FULL, /* year and zone stood in the line               */
	TIME_BASIS_ZONE, /* zone taken from configuration or the system   */
	TIME_BASIS_YEAR, /* year inferred (and the zone taken as above)   */
	TIME_BASIS_PREVIOUS, /* the line has none: last known of this log     */
};
const char *time_basis_name(enum time_basis basis);
MUST_CHECK int time_basis_parse(struct slice name, enum time_basis *out);

enum protocol {
	PROTOCOL_NONE,
	PROTOCOL_TCP,
	PROTOCOL_UDP,
	PROTOCOL_ICMP,
	PROTOCOL_SCTP
};
const char *protocol_name(enum protocol protocol); /* "tcp"; "" for none */
/* By name in any case ("TCP", "IPv6-ICMP") or IANA's number; PROTOCOL_NONE otherwise. */
enum protocol protocol_parse(struct slice text);

/* Why a line does not seem to be its log's own (event/order.h). */
enum doubt {
	DOUBT_NONE,
	DOUBT_WRITER, /* syslog's line in a program's own log              */
	DOUBT_CUT, /* the line before ends within quotes                */
	DOUBT_ORDER, /* another host than before, and out of time         */
	DOUBT_COUNT,
};
const char *doubt_words(enum doubt doubt); /* "" for none */

struct event {
	int64_t at; /* UTC microseconds */
	int64_t until; /* the last of the acts told; 0: all at `at`       */
	enum time_basis time_basis;
	struct address source; /* family 0 while the source is only a name  */
	struct slice source_name; /* as logged; empty where an address stood   */
	uint16_t source_port; /* 0 unknown                                 */
	struct address target; /* family 0 unknown                          */
	struct slice target_host; /* the syslog host, or the name in the line  */
	uint16_t target_port; /* 0 unknown                                 */
	enum protocol protocol;
	struct slice
		service; /* "ssh", "ftp", ... from the rule; of a block the jail   */
	enum category category;
	enum outcome outcome;
	struct slice user; /* untrusted; empty unknown                         */
	struct slice rule; /* name of the rule                                 */
	enum certainty certainty;
	bool contested; /* two readings give different sources, or a doubt: nobody */
	enum doubt doubt;
	/* Told by a detector that read a log of ours or watched the wire: the same acts
	 * may be told by that log too, and by other detectors (incident/retold.h).       */
	bool retold;
	/* Acts told by this line, 1 unless it says more; of a block 0, and 1 where it only
	 * goes on.                                                                       */
	uint64_t count;
	struct line line; /* an empty text is no evidence                         */
	bool is_syslog; /* known of the line: it has the head of a syslog line  */
};

/* Whether it tells what we did, and not what the source did. */
bool event_is_block(const struct event *event);

struct events {
	struct event *at;
	size_t count, room;
};

#endif
