/* event/stamp.h - finds the time stamp of a line, as fail2ban would.
 *
 * A finder belongs to one log: what earlier lines looked like decides which template is
 * tried first and which of several dates in a line counts. Hits move a template up, less
 * so the further from the line's begin they are; no wall clock takes part.
 *
 * stamp_find   STAMP_FOUND: `at` and `basis` are set; STAMP_NO_INSTANT: a stamp stands
 *              there but is no date of the calendar, or the pattern says that the date
 *              may be missing; STAMP_NONE. Unless NONE, [start, end) is to be cut out of
 *              the line before it is matched.
 * stamp_look   the same of a line that the finder is to learn nothing from.
 * `text` is valid UTF-8 unless `ascii`.                                               */
#ifndef EVENT_STAMP_H
#define EVENT_STAMP_H

#include "base/buffer.h"
#include "base/clock.h"
#include "base/cursor.h"
#include "event/stamp_template.h"

enum stamp_result { STAMP_NONE, STAMP_NO_INSTANT, STAMP_FOUND };

struct stamp {
	int64_t at;
	enum time_basis basis;
	size_t start, end; /* to be cut out                                          */
	size_t template, begin; /* which of the set, and where its match begins       */
};

struct stamp_finder;

/* `set` must outlive the finder. */
struct stamp_finder *stamp_finder_new(const struct stamp_set *set,
				      const struct stamp_context *context);
void stamp_finder_free(struct stamp_finder *finder); /* NULL is fine */

enum stamp_result stamp_find(struct stamp_finder *finder,
			     struct expression_scratch *scratch, struct slice text,
			     bool ascii, struct stamp *out);
enum stamp_result stamp_look(const struct stamp_finder *finder,
			     struct expression_scratch *scratch, struct slice text,
			     bool ascii, struct stamp *out);

/* The ranking as one line of text, and back; -1: it does not fit this set. */
void stamp_finder_save(const struct stamp_finder *finder, struct buffer *out);
MUST_CHECK int stamp_finder_load(struct stamp_finder *finder, struct slice line);

#endif
