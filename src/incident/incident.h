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

/* A bounded set of texts with their counts; `beyond` counts what did not fit. */
struct tally_item {
	struct slice text;
	uint64_t count;
};
struct tally {
	struct tally_item *at;
	size_t count, room;
	uint64_t beyond;
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
	struct tally services, users, ports, source_ports, addresses, rules;
	/* ports are "22/tcp"; addresses are the full IPv6 ones                        */
	struct incident_targets targets;
	struct evidences evidence; /* first, last, spread; at most EVIDENCE_MAX       */
	enum certainty certainty; /* of the surest event                             */
	bool contested; /* only contested lines: names nobody              */
	enum time_basis
		time_basis; /* the weakest of its events                       */
	enum verdict verdict; /* provisional until the case stage made it final  */
	struct slices reasons; /* in words, "214 failed logins in 3 hours"        */
};

#endif
