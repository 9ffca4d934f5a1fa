/* event/matcher_parts.h - what a matcher is made of (for event/matcher*.c only). */
#ifndef EVENT_MATCHER_PARTS_H
#define EVENT_MATCHER_PARTS_H

#include "event/header.h"
#include "event/matcher.h"
#include "event/rule.h"
#include "event/scan.h"
#include "event/session.h"
#include "event/stamp.h"
#include "event/window.h"

/* Per set of date templates. */
struct matcher_dates {
	struct stamp_finder *finder;
	bool known; /* last_at was read from a line                              */
	int64_t last_at;
	unsigned probed; /* first lines of the log that were searched for a date   */
	uint64_t frontier; /* offset up to which lines were asked for their date */
};

/* Per rule; made when first needed. */
struct matcher_memory {
	struct sessions *sessions;
	struct window *window;
};

struct matcher {
	const struct rules *rules;
	struct scanner *scanner; /* of this thread */
	struct matcher_dates *dates;
	struct scan_dates now; /* what is known of this log's dates */
	uint64_t lines_offset; /* of matcher_line() */
	size_t part_lines, part_hits; /* of the chunk before: so many may come */
	struct matcher_memory *memories;
	struct header_memo header;
	uint64_t *seen; /* literals in the line at hand */
	/* of a line that is read in order: per set of templates; rules; at most one a rule */
	struct dated *line_dates;
	uint64_t *line_rules;
	struct scan_hit *line_hits;
	struct matcher_counts counts;
	const struct witness *witness; /* NULL: nobody asks */
	struct witness_account *accounts; /* of the line at hand, one for each rule */
};

#endif
