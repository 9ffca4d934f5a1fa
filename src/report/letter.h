/* report/letter.h - the paragraphs between the fields and the evidence, and the end. */
#ifndef REPORT_LETTER_H
#define REPORT_LETTER_H

#include "report/facts.h"

/* Each returns one paragraph. `lead`: the one source, or the sum of several. */
struct slice letter_who(struct arena *arena, const struct report_request *request,
			const struct facts *lead);
/* How sure one source's address is, without a full stop; and, as a whole sentence, that
 * addresses can be forged. What its name hints at.                                    */
struct slice letter_certainty(struct arena *arena, const struct facts *facts);
struct slice letter_forged(struct arena *arena, const struct facts *facts);
struct slice letter_hint(struct arena *arena, const struct facts *facts);
struct slice letter_ask(struct arena *arena, const struct report_request *request,
			const struct facts *lead);
/* The signature, line by line, each ended by a newline. */
struct slice letter_signature(struct arena *arena,
			      const struct report_request *request);

#endif
