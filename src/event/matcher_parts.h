/* event/matcher_parts.h - what a matcher is made of (for event/matcher*.c only). */
#ifndef EVENT_MATCHER_PARTS_H
#define EVENT_MATCHER_PARTS_H

#include "event/finding.h"
#include "event/header.h"
#include "event/matcher.h"
#include "event/needs.h"
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
	struct address_memo addresses;
	uint64_t *seen; /* literals in the line at hand */
	/* of a line that is read in order: per set of templates; rules; at most one a rule */
	struct dated *line_dates;
	uint64_t *line_rules;
	struct scan_hit *line_hits;
	struct matcher_counts counts;
	const struct witness *witness; /* NULL: nobody asks */
	struct witness_account *accounts; /* of the line at hand, one for each rule */
};

/* A line's date by one set of templates, and the line without it. */
struct dated {
	bool read, known;
	int64_t at;
	enum time_basis basis;
	struct slice rest;
	const struct stamp_template *template; /* NULL: no date stands in the line */
	struct slice text; /* what was cut out */
};

/* A line that is read in order, because a scan could not decide it. */
struct reading {
	struct matcher *matcher;
	struct arena *arena; /* of the chunk */
	const struct input_chunk *chunk;
	const struct line *line;
	struct scan_text text;
	struct dated *dated; /* per set of templates */
	uint64_t *possible; /* rules */
	struct pairs pairs; /* of the line, where they are asked for */
	size_t hits;
	/* The dates that it asks for from now on are for the witness alone: nothing is
	 * learned from them.                                                          */
	bool is_shown;
};

/* Whether or not a rule has to do with them, the first lines of a log tell how it writes
 * its dates: each before it is read, and none any more once dates_are_told().         */
void dates_probe(struct matcher *matcher, const struct scan_text *text);
bool dates_are_told(const struct matcher *matcher);
/* The date of the last dated line before `offset`, if one stands behind the frontier; the
 * frontier is then at `offset`, so that no line is ever looked at twice.              */
void dates_look_back(struct matcher *matcher, size_t set, struct arena *arena,
		     const struct input_chunk *chunk, uint64_t offset);
/* What a scan knew of dates, the matcher has to know as well. */
void dates_follow(struct matcher *matcher, const struct scan_line *line,
		  const struct scan_hit *hits);
/* The date of the line that is being read. */
const struct dated *reading_date(struct reading *reading, size_t set);

#endif
