/* incident/counted.h - what one source did in one window, counted as it comes.
 *
 * Lists hold numbers, of symbols or of ports, and become text when they are read. Of a
 * list that has overflowed a sketch goes on counting what is different.                 */
#ifndef INCIDENT_COUNTED_H
#define INCIDENT_COUNTED_H

#include "incident/act.h"
#include "incident/bag.h"
#include "incident/own.h"
#include "incident/store.h"

enum { TARGETS_SEEN = 64 };

/* What all counting of a table shares. */
struct counting {
	const struct own_side *own;
	struct stock stock;
	struct symbols *rows, *identities; /* of targets */
	struct target_seen { /* how the last ones came out, by address */
		struct address target;
		uint32_t host, identity;
	} seen[TARGETS_SEEN];
};

void counting_init(struct counting *counting, const struct own_side *own);
void counting_clear(struct counting *counting);
void counting_forget(struct counting *counting); /* all struct counted die */

struct hit { /* a host of ours; `row` says how it is shown */
	uint32_t identity, row, count;
};

/* Beside the counts, where there is a store. */
struct kept {
	struct incident loaded; /* as it was; all zero while it is new         */
	struct stored stored;
	struct event last; /* newest event, where it is not among the evidence */
	bool has_last;
};

struct counted {
	uint64_t count, successes, minute_count, peak;
	int64_t minute_at, success_at, resolved_at;
	union {
		int64_t one; /* early_count 1: most sources try once */
		struct early *many;
	} early;
	struct bag lists[LIST_COUNT];
	struct hits_kept {
		union {
			struct hit one; /* room 1 */
			struct hit *many;
		};
		uint64_t beyond;
		struct sketch *sketch;
		uint8_t count, room, last;
	} targets;
	struct act *evidence; /* newest first */
	struct kept *kept; /* NULL: no store */
	uint64_t steps, steps_next; /* ports after another, and after the one below */
	uint32_t source_name;
	uint16_t last_port;
	uint8_t evidence_count; /* what was loaded included */
	uint8_t early_count;
	uint8_t certainty, time_basis;
	bool has_retold; /* a rule of the list is a detector's */
};

struct counted *counted_new(struct counting *counting);
void counted_load(struct counting *counting, struct counted *counted,
		  const struct stored_incident *stored);
/* `act` is the event if it was packed already, else NULL; `bits` as in act_new(). */
void counted_add(struct counting *counting, struct counted *counted,
		 const struct event *event, int64_t resolved_at, struct act *act,
		 unsigned bits);
/* A hint: it is counted in next (see incidents_fetch()). */
void counted_fetch(const struct counted *counted);
void counted_fetch_lists(const struct counted *counted);
/* Of a prefix the address that was counted last, a symbol among the targets; 0: none. */
uint32_t counted_last_address(const struct counted *counted);
/* Takes in what another tipoff counted of the same source and kind. */
void counted_merge(struct counting *counting, struct counted *counted,
		   const struct incident *told, unsigned bits);
/* All but id, base, category, window, first and last; out->source and source_bits are
 * given. Its evidence lies in `lines`. Texts are in `arena` or symbols.               */
void counted_read(const struct counting *counting, const struct stock *lines,
		  const struct counted *counted, struct arena *arena,
		  struct incident *out);

/* A line as evidence, with its hash; texts are the event's. */
struct evidence evidence_of(const struct event *event);

#endif
