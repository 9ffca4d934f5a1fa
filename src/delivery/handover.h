/* delivery/handover.h - one finished message to the outside, by the method configured.
 *
 *   sendmail  PATH -i -f SENDER -- RECIPIENT...   and nothing more: no -t (the message's
 *             own headers decide nothing), never -N, -R or -V (Exim takes the first for
 *             "do not deliver"). Lines end with LF there, as every sendmail expects. Its
 *             exit 0 means queued, 75 (EX_TEMPFAIL) later, anything else no.
 *   smtp      a submission server (net/smtp.h). Lines end with CRLF.
 * Queue, retries, DKIM and bounces are the mail server's.
 *
 * `barrier` is called once, when everything is prepared and before anything can have been
 * delivered; only after it returned 0 the message leaves. With -1 it does not, and *out
 * says DELIVERY_CLAIMED.
 *
 * handover_check  the configured method can work at all; ERROR_CONFIG says what to set.
 * handover_clean  the recipients, parsed again as strictly as when they were found, and
 *                 the sender: plain addresses only; ERROR_REFUSED names the one that is
 *                 not.                                                                   */
#ifndef DELIVERY_HANDOVER_H
#define DELIVERY_HANDOVER_H

#include "conf/settings.h"
#include "delivery/state.h"

struct handover {
	const struct settings *settings;
	struct slice sender; /* of the envelope                                      */
	struct slices recipients;
	struct slice message; /* CRLF line ends                                      */
	int (*barrier)(void *context);
	void *context;
};
struct handover_end {
	enum delivery_state state; /* sent, deferred, failed, in doubt, or claimed   */
	struct slice words; /* of the other side, one line; untrusted          */
	bool is_mailbox; /* failed because of the recipient's mailbox, for good  */
	int64_t wait_us; /* deferred: so long, at least; 0: not said             */
};

MUST_CHECK int handover_check(struct arena *arena, const struct settings *settings,
			      struct error *err);
MUST_CHECK int handover_clean(struct arena *arena, const struct settings *settings,
			      const struct slices *recipients, struct slice sender,
			      struct error *err);
/* -1 only where the barrier was never reached: nothing left. */
MUST_CHECK int handover_run(struct arena *arena, const struct handover *handover,
			    struct handover_end *out, struct error *err);

/* Where bounces go: the plus-address of the report, else [send] envelope, else the
 * reporter's mail address.                                                               */
struct slice handover_sender(struct arena *arena, const struct settings *settings,
			     struct slice token);

#endif
