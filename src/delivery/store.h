/* delivery/store.h - the outbox and its ledger in the store. Inside the caller's
 * transaction where it writes.
 *
 * Every change of state names what it changes from and the attempt it belongs to:
 * ERROR_RETRY where somebody else was there first. Each writes a row of the ledger.      */
#ifndef DELIVERY_STORE_H
#define DELIVERY_STORE_H

#include "db/db.h"
#include "delivery/state.h"
#include "report/store.h"

/* How long a worker may take from claim to answer before another machine takes over;
 * longer than the ten minutes a server may think about the end (RFC 5321 4.5.3.2.6).     */
#define DELIVERY_LEASE_US (30 * MINUTE_US)

struct outbox_row {
	int64_t id, report;
	struct slice kase, part, token, subject, message_id;
	struct slices recipients;
	bool is_current; /* its report is still the approved revision          */
	bool is_closed; /* its case was closed meanwhile                       */
	enum delivery_state state;
	int64_t attempt;
	struct slice worker;
	int64_t lease_until, changed_at, sending_at;
	int64_t until; /* not before, where it waits; 0: not known             */
	int64_t tries; /* how often the other side said: later                 */
	bool is_correction;
	bool is_database; /* it goes to a public database                      */
	bool is_form; /* a person tells it, by the form whose URL is the recipient */
	struct slice answer; /* untrusted                                            */
};
struct outbox_rows {
	struct outbox_row *at;
	size_t count, room;
};

/* A message that was approved becomes ready. Once: a second call changes nothing. */
MUST_CHECK int outbox_add(struct db *db, const struct stored_report *report,
			  int64_t now, struct error *err);
/* Every row, oldest first; of one case where `kase` is not empty. */
MUST_CHECK int outbox_list(struct db *db, struct arena *arena, struct slice kase,
			   struct outbox_rows *out, struct error *err);
/* To `claimed` with one more attempt, under a lease of `worker`; `row` is brought up to
 * date.                                                                                  */
MUST_CHECK int outbox_claim(struct db *db, struct outbox_row *row, struct slice worker,
			    int64_t now, struct error *err);
/* Where a message goes, and why. */
struct outbox_step {
	enum delivery_state state;
	struct slice words;
	int64_t until; /* not before, where it waits                              */
	int64_t tries;
};
MUST_CHECK int outbox_move(struct db *db, struct outbox_row *row,
			   const struct outbox_step *to, int64_t now,
			   struct error *err);
/* Whether anything of the case, submissions to public databases apart, left or may have
 * left; and whether a person has a form of it in hand.                                  */
MUST_CHECK int outbox_case_left(struct db *db, struct slice kase, bool *left,
				bool *to_fill, struct error *err);

/* Reports that left after `since`, for the caps, and forms that a person has in hand since
 * then; corrections and what went to public databases apart. `first_at` and `last_at`: the earliest and the latest.              */
struct outbox_tally {
	int64_t count, first_at, last_at;
};
/* Mails in all. */
MUST_CHECK int outbox_tally_all(struct db *db, int64_t since, struct outbox_tally *out,
				struct error *err);
/* Corrections alone. */
MUST_CHECK int outbox_tally_corrections(struct db *db, int64_t since,
					struct outbox_tally *out, struct error *err);
/* Submissions to a public database; those of them that name a source which `report`, a
 * submission there too, names.                                                          */
MUST_CHECK int outbox_tally_database(struct db *db, struct slice database,
				     int64_t since, struct outbox_tally *out,
				     struct error *err);
MUST_CHECK int outbox_tally_sources(struct db *db, struct slice database,
				    int64_t report, int64_t since,
				    struct outbox_tally *out, struct error *err);
/* Cases other than `kase` that concern `network` ("203.0.113.0/24 NAME") too. */
MUST_CHECK int outbox_tally_network(struct db *db, struct slice network,
				    struct slice kase, int64_t since,
				    struct outbox_tally *out, struct error *err);
/* Mails that a policy approved, to `recipient`, or to anybody where it is empty. */
MUST_CHECK int outbox_tally_unattended(struct db *db, struct slice recipient,
				       int64_t since, struct outbox_tally *out,
				       struct error *err);
/* Cases other than `kase` of which something went to `recipient`, or to the form that takes
 * reports in place of that mailbox: the single reports of one case count once.          */
MUST_CHECK int outbox_tally_recipient(struct db *db, struct slice recipient,
				      struct slice kase, int64_t since,
				      struct outbox_tally *out, struct error *err);

/* The last report, corrections apart, of another case that left after `since` for
 * `recipient` and is about an incident's source of `kase`, or about `part`, a source of
 * it: what a new mail follows. sent_at 0: there is none.                                */
MUST_CHECK int outbox_before(struct db *db, struct arena *arena,
			     const struct outbox_row *like, int64_t since,
			     struct report_before *out, struct error *err);

struct ledger_row {
	int64_t at;
	struct slice token, event, words; /* words untrusted */
};
struct ledger_rows {
	struct ledger_row *at;
	size_t count, room;
};
MUST_CHECK int ledger_list(struct db *db, struct arena *arena, struct slice kase,
			   struct ledger_rows *out, struct error *err);

#endif
