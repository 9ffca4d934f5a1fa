/* report/letter.h - what stands between the fields and the evidence, and the end, piece by
 * piece, for the templates to put together.                                             */
#ifndef REPORT_LETTER_H
#define REPORT_LETTER_H

#include "report/facts.h"

/* `lead`: the one source, or the sum of several. */
struct slice letter_name(struct arena *arena, const struct settings *settings);
/* "the system administrator of Harbour Books, a small bookshop" */
struct slice letter_position(struct arena *arena, const struct settings *settings);
/* "; web1 is our machine" */
struct slice letter_relation(struct arena *arena, const struct facts *lead);
struct slice letter_provider(struct arena *arena, const struct settings *settings);
/* Why this reader, as a sentence. */
struct slice letter_listed(struct arena *arena, const struct report_request *request);
/* How sure one source's address is, without a full stop; and, as a whole sentence, that
 * addresses can be forged. What its name hints at.                                    */
struct slice letter_certainty(struct arena *arena, const struct facts *facts);
struct slice letter_forged(struct arena *arena, const struct facts *facts);
struct slice letter_hint(struct arena *arena, const struct facts *facts);
/* What to leave out when passing it on. */
struct slice letter_private(const struct settings *settings);

/* What the template of its category says. */
struct letter_words {
	struct slice did, why, ask, advice;
};
void letter_words(struct arena *arena, const struct report_request *request,
		  const struct facts *lead, struct letter_words *out);

/* The signature, line by line, each ended by a newline. */
struct slice letter_signature(struct arena *arena,
			      const struct report_request *request);

#endif
