/* pipeline/send.h - what was approved goes out, each message once.
 *
 * send_recover  first: what an earlier run left behind. What died in `sending` becomes in
 *               doubt; what died before goes on; messages of replaced revisions are
 *               withdrawn. `doubtful` gets those that are in doubt since now.
 * send_list     what waits to be handed over (ready or deferred), oldest first.
 * send_one      hands one over: claims it, asks whether it may leave, and again in the
 *               transaction that says `sending`; `row` then tells what became of it. -1
 *               only for failures of the store or of the configuration.
 *               A form is handed to nobody but you: it goes from ready to `to fill in`,
 *               once everything was asked that is asked of mail.
 * send_settle   a person's word, in one transaction, on what is in doubt or failed: it was
 *               delivered, or it is to be sent again; and on a form: filled in, or not
 *               taken there (the next draft goes to the next contact), or given back as it
 *               was. Counts what it changed; ERROR_NOT_FOUND for nothing.
 * What the other side wants later is tried again after a quarter of an hour, half an hour,
 * an hour and so on, up to eight hours (before that where its case is named, but for public
 * databases, which mean what they say); after SEND_TRIES_MAX times it failed. A mailbox that
 * refuses for good is remembered (contact/refused.h), so that the next draft goes to the
 * next contact.
 * A case is sent from the moment on that something of it may have left; while a form of it
 * is to be filled in nothing of it changes, for a person may be at it.                   */
#ifndef PIPELINE_SEND_H
#define PIPELINE_SEND_H

#include "conf/settings.h"
#include "delivery/policy.h"
#include "delivery/store.h"

enum { SEND_TRIES_MAX = 14 }; /* about three days */

struct send {
	const struct settings *settings;
	const struct clock *clock;
	struct db *db;
	struct slices cases; /* none: all                                            */
	struct slice part; /* a source; empty: every report                         */
	const struct policy *policy; /* in force; NULL: none                        */
	bool any_hour; /* whatever [send] window says                             */
	bool offline; /* public databases are not asked                          */
	bool unattended; /* forms stay where they are: nobody is there            */
};

MUST_CHECK int send_recover(const struct send *send, struct arena *arena,
			    struct outbox_rows *doubtful, struct error *err);
MUST_CHECK int send_list(const struct send *send, struct arena *arena,
			 struct outbox_rows *out, struct error *err);
/* Everything in doubt, whatever the case. */
MUST_CHECK int send_doubtful(const struct send *send, struct arena *arena,
			     struct outbox_rows *out, struct error *err);
MUST_CHECK int send_one(const struct send *send, struct arena *arena,
			struct outbox_row *row, struct error *err);

/* What would become of it now, without doing it: `row` is as if it had been done. */
MUST_CHECK int send_ask(const struct send *send, struct arena *arena,
			struct outbox_row *row, struct error *err);

enum send_word {
	SEND_WAS_DELIVERED,
	SEND_AGAIN,
	SEND_FORM_DONE,
	SEND_FORM_REFUSED,
	SEND_FORM_BACK,
};
struct send_settlement {
	enum send_word word;
	struct slice words; /* in a person's own words; may be empty              */
	struct slice tag; /* how the desk calls the case; may be empty          */
};
MUST_CHECK int send_settle(const struct send *send, struct arena *arena,
			   const struct send_settlement *said, size_t *count,
			   struct error *err);

#endif
