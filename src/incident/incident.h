/* incident/incident.h - the hostile events of one source in one window, and the verdict.
 *
 * A plain value; slices live in the arena it was made in. `id` is a hash of site, source,
 * base category and window start, so that agents and repeated runs agree.               */
#ifndef INCIDENT_INCIDENT_H
#define INCIDENT_INCIDENT_H

#include "base/arena.h"
#include "base/digest.h"
#include "event/event.h"

enum verdict { VERDICT_IGNORE, VERDICT_HOLD, VERDICT_REPORT };
const char *verdict_name(enum verdict verdict);

enum { INCIDENT_ID_LEN = 16, INCIDENT_LIST_MAX = 64, EVIDENCE_MAX = 20 };
enum { EARLY_MAX = 4 };

struct sketch; /* incident/sketch.h */

/* A bounded set of texts with their counts; `beyond` counts the acts that did not fit, and
 * from the first of those on the sketch holds all (NULL before, or from an old store).  */
struct tally_item {
	struct slice text;
	uint64_t count;
};
struct tally {
	struct tally_item *at;
	size_t count, room;
	uint64_t beyond;
	const struct sketch *sketch;
};

struct evidence {
	int64_t at;
	enum time_basis time_basis;
	struct slice file;
	uint64_t line;
	struct slice text; /* the log's own bytes, untrusted                        */
	struct slice user;
	uint16_t source_port, target_port;
	struct sha256 sha256; /* of text                                             */
};
struct evidences {
	struct evidence *at;
	size_t count, room;
};

/* One host of ours that was hit. */
struct incident_target {
	struct address address; /* family 0: not known (no [hosts] row)              */
	struct slice host; /* as the log writes it                              */
	struct slice name; /* from [hosts]                                      */
	uint64_t count;
};
struct incident_targets {
	struct incident_target *at;
	size_t count, room;
	uint64_t beyond; /* as in a tally */
	const struct sketch *sketch;
};

/* What we did about an address (incident/block.h). */
struct block {
	struct address address;
	int64_t banned_at, unbanned_at; /* unbanned_at 0: not known to have ended     */
	struct slice by, jail; /* "fail2ban", "sshd"                         */
	bool restored; /* it only goes on, as after a restart        */
};
struct blocks {
	struct block *at;
	size_t count, room;
};

/* When the earliest acts were, in order, as far as a log of ours says so. */
struct early {
	int64_t at[EARLY_MAX];
	uint8_t count;
};

/* A login that worked (incident/login.h). */
struct login {
	struct slice user; /* empty: the line names none; untrusted          */
	int64_t at;
};
struct logins {
	struct login *at;
	size_t count, room;
};

/* The bounded lists of an incident, by their number in the store. */
enum incident_list {
	LIST_SERVICES,
	LIST_USERS,
	LIST_PORTS, /* "22/tcp"                      */
	LIST_SOURCE_PORTS, /* "40112"                       */
	LIST_ADDRESSES, /* the full IPv6 addresses seen  */
	LIST_RULES,
	LIST_COUNT,
};

struct incident {
	char id[INCIDENT_ID_LEN + 1];
	struct address
		source; /* IPv6: the prefix, `source_bits` long; family 0: a name */
	uint8_t source_bits; /* 32, or judge_ipv6_prefix                          */
	struct slice source_name; /* logged as a name, resolved or not               */
	int64_t resolved_at; /* when that name was resolved; 0 never            */
	enum category base; /* the rule's                                        */
	enum category category; /* after classification                              */
	int64_t window_start, first, last;
	uint64_t count, successes; /* hostile acts; logins that worked               */
	int64_t success_at; /* first one; 0 none                              */
	struct early early; /* of a login attack                              */
	int64_t minute_at; /* the minute being counted, and how far it got   */
	uint64_t minute_count, peak; /* and the busiest minute's acts                */
	uint64_t steps, steps_next; /* how often the port changed, and to the next   */
	uint16_t last_port; /* the port knocked at last                          */
	struct tally lists[LIST_COUNT];
	struct incident_targets targets;
	struct blocks blocks; /* of its source; filled for whoever shows it     */
	struct logins
		logins; /* of its source, before its failures; filled as blocks are */
	struct evidences
		evidence; /* first, last, spread between; at most EVIDENCE_MAX */
	enum certainty certainty; /* of the surest event                             */
	enum time_basis
		time_basis; /* the weakest of its events                       */
	enum verdict verdict; /* provisional until the case stage made it final  */
	bool liftable; /* held only for being small: recurrence lifts it  */
	struct slices reasons; /* in words, "214 failed logins in 3 hours"        */
	struct slice answered; /* a person's word on a success: "ours", "theirs"  */
};

/* Whether the source may be somebody else's address: its events are an incident of their
 * own, so that whoever forges packets in the name of an innocent adds nothing to what
 * that one really did. Failed logins are not kept apart: a login that works behind them
 * has to be seen, and logging in takes a conversation.                                   */
bool incident_forgeable(const struct incident *incident);
bool is_forgeable_act(enum category base, enum certainty certainty); /* the same    */

/* Whether all of it are mails that were handed in as evidence (incident/mail.h). */
bool incident_is_mail(const struct incident *incident);

/* "203.0.113.77", "2001:db8:7::/64", or the name where there is no address. */
struct slice incident_source(const struct incident *incident, struct arena *arena);

#endif
