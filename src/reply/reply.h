/* reply/reply.h - one mail that came back: whose it is, and the desk's tag in it.
 *
 * Reads the header alone, untrusted (mail/header.h). Keys, in the order in which they count
 * (reports.md): tokens of the plus-address in the fields that name recipients, ids of
 * In-Reply-To and References, tokens in brackets of the subject. `tag` is what a ticket
 * system puts into its subjects, as it stands there: "[isp.example #41]", "[Ticket#2026]",
 * "Case 4711-A"; printable ASCII. `message_id` is a whole one or empty.
 *
 * is_bounce     a delivery report, or from nobody (RFC 3464, RFC 5321 section 6.1)
 * is_automatic  an acknowledgement by a machine (RFC 3834), which is no answer           */
#ifndef REPLY_REPLY_H
#define REPLY_REPLY_H

#include "conf/settings.h"

enum { REPLY_KEYS_MAX = 50 };

struct reply {
	struct slice from, subject, message_id, tag;
	struct slices tokens, ids, subject_tokens;
	int64_t at; /* by its Date field; 0: it has none                        */
	bool is_bounce, is_automatic;
};

void reply_read(struct arena *arena, const struct settings *settings,
		struct slice message, struct reply *out);

#endif
