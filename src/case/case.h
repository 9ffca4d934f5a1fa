/* case/case.h - what one contact is to be told in one window; what a person reviews.
 *
 * `kase`, because the word itself belongs to C. Plain values; slices live in the arena of
 * the call that made them.
 *
 * An open case is all that waits to be told to one contact: incidents of all its networks
 * that are near in time (DESIGN.md has a fixed window; docs/decisions.md says why not).
 * Without a contact there is one per network, listed as "nobody to tell".              */
#ifndef CASE_CASE_H
#define CASE_CASE_H

#include "contact/contact.h"
#include "incident/incident.h"

enum case_state {
	CASE_OPEN, /* drafted, waits for a person                                  */
	CASE_APPROVED, /* every current report of it is approved                       */
	CASE_TO_FILL, /* a form that a person has in hand: perhaps it is told already  */
	CASE_SENT, /* a report left, or may have left                              */
	CASE_CLOSED,
};
const char *case_state_name(enum case_state state);
MUST_CHECK int case_state_parse(struct slice name, enum case_state *out);
bool case_is_finished(enum case_state state); /* to fill in, sent or closed */

enum { CASE_ID_LEN = 5 };

struct kase {
	char id[CASE_ID_LEN + 1];
	struct slice
		contact; /* mail address or a form's URL; empty: nobody to tell    */
	struct slice network; /* the key where there is no contact                   */
	int64_t window_start, window_end;
	enum case_state state;
	struct slice found; /* where the contact was found, in words               */
	struct slice networks; /* one a line                                          */
	bool is_wide; /* the further contacts are recipients too: draft --wide   */
	struct slice wide; /* further contacts, "role address", one a line        */
	struct slice answer; /* the look-up's whole answer as JSON                   */
	int64_t opened_at, changed_at;
	struct slice instead_of; /* the contact before, which refused; may be empty */
	struct slice mailbox; /* of a form: whose desk it is; may be empty            */
	struct slice outcome; /* why it was closed                                   */
	struct slice tag; /* the desk's own, as in its subjects: "[isp.example #1]" */
	int64_t answered_at; /* its last answer; 0: none is known                   */
	struct slice
		answer_id; /* the Message-ID of that mail; empty: it was no mail  */
	struct slice
		untold; /* what public databases are not told and why, a line each */
};
struct kases {
	struct kase *at;
	size_t count, room;
};

/* The contact a report goes to, NULL for none. */
const struct contact *case_contact(const struct contact_answer *answer);
/* "abuse-c role NW-ABUSE of 203.0.113.0/24, RIPE dump of 2026-11-20" */
struct slice case_found(struct arena *arena, const struct contact *contact);
/* What tells a network without a contact from others: its range, else the source. */
struct slice case_network_key(struct arena *arena, const struct contact_answer *answer,
			      const struct incident *incident);
/* "203.0.113.0/24 NORTHWIND-NET1"; empty where no network is known. */
struct slice case_network_words(struct arena *arena,
				const struct contact_answer *answer);
/* Contacts beside the chosen one that --wide adds, "role address", one a line. */
struct slice case_wide(struct arena *arena, const struct contact_answer *answer);

/* The whole look-up as JSON, to show later why; empty where it is over 1 MiB. */
struct slice case_answer(struct arena *arena, const struct contact_answer *answer);

#endif
