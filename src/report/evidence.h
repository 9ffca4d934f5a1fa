/* report/evidence.h - the lines shown of one source: chosen, redacted, escaped.
 *
 * Each is "2026-11-21 02:14:07 +0000 | the log's own text" and a newline. First, last,
 * the successful login and an even spread between.                                    */
#ifndef REPORT_EVIDENCE_H
#define REPORT_EVIDENCE_H

#include "report/redact.h"

enum { EVIDENCE_LINE_MAX = 900 };

struct evidence_block {
	bool logs; /* some line is a log's, and not of a mail that was received */
	struct slice text;
	size_t shown;
	uint64_t total; /* acts, each of which left at least a line             */
	enum time_basis time_basis; /* the weakest of the lines shown            */
	bool has_offset; /* the log's clock could be read off a line          */
	int32_t offset_minutes; /* log's clock minus UTC                      */
	bool names, accounts, secrets, addresses, words; /* what was replaced   */
};
/* Of one source, in the arena of its report: a line shown twice is made once. */
struct evidence_lines *evidence_lines_new(struct arena *arena);
void evidence_gather(struct arena *arena, const struct report_request *request,
		     const struct facts *facts, size_t max, struct evidence_block *out);

/* "All times are UTC (+0000). ...": what the reader must know to read the lines. */
struct slice evidence_intro(struct arena *arena, const struct settings *settings,
			    const struct evidence_block *block);
/* "4 of 214 shown; more on request." */
struct slice evidence_share(struct arena *arena, const struct evidence_block *block);

#endif
