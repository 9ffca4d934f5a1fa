/* report/arf_headers.h - the header of a received mail, as the sender's network may see it.
 *
 * By field: what a desk finds its customer by is shown; fields that name our recipients
 * show their addresses only, under pseudonyms (RFC 6590: the same address, the same
 * pseudonym, in all reports); Received fields of our own above the one believed, and every
 * field not named in the table (unsubscribe links, tokens, spam scores, what other
 * software of ours adds), are left out. In what is shown, each recipient's address, its
 * bounce form (name=domain) and its name alone are under the same pseudonym; so is the
 * reporter's. Other addresses of the network in Received fields give way to a word, for
 * what stands below our own field its sender may have made up.
 * Encoded words (RFC 2047) are decoded first where they are UTF-8, ASCII or Latin 1, for a
 * recipient's name may stand in them; others give way to a word.
 *
 * `to` and `from` of the result are clean addresses for the feedback part, empty where there
 * is none that may be told; the text is printable ASCII, one field a line.                */
#ifndef REPORT_ARF_HEADERS_H
#define REPORT_ARF_HEADERS_H

#include "report/facts.h"

struct arf_headers {
	struct slice text; /* empty: nothing to show                             */
	struct slice from; /* the envelope's sender                              */
	struct slice to; /* the recipient it came for, under its pseudonym      */
};

void arf_headers_make(struct arena *arena, const struct report_request *request,
		      const struct facts *facts, struct arf_headers *out);

#endif
