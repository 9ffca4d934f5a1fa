/* event/scan.h - the part of matching that depends on a line and the rules alone.
 *
 * A chunk is scanned by any thread, each with its own scanner; what it finds is read in
 * order by the matcher (event/matcher.h), which knows what earlier lines left behind. The
 * literals of all rules are searched in the whole block first; lines without one are not
 * looked at. A line is undecided where the choice of date templates cannot tell its date:
 * then the matcher reads it again, in order.
 *
 * Slices point into the chunk or into the scan's arena.                               */
#ifndef EVENT_SCAN_H
#define EVENT_SCAN_H

#include "event/rule.h"
#include "event/stamp_choice.h"
#include "input/input.h"

struct scanner;

struct scan_hit {
	const struct rule *rule;
	int64_t at;
	enum time_basis basis;
	bool is_undated; /* no line so far had a date */
	struct slice roles[ROLE_COUNT];
};

struct scan_hits {
	struct scan_hit *at;
	size_t count, room;
};

struct scan_line {
	struct line line;
	size_t first, count; /* of its hits */
	bool undecided; /* it may have some: read it in order */
	unsigned limited; /* rules of which a match reached its limit */
};

struct scan {
	struct arena *arena;
	struct scan_lines {
		struct scan_line *at;
		size_t count, room;
	} lines; /* only those with something to tell */
	struct scan_hits hits;
	uint64_t generation; /* of the choices it was made with */
	size_t lines_before, hits_before; /* of the scan before: so many may come */
	/* Where the count of lines stands: `number` is that of the line which begins
	 * `counted` bytes into the chunk, and the next one begins at `behind`.        */
	size_t counted, behind;
	uint64_t number;
};

/* What is known of a log's dates when it is scanned. */
struct scan_dates {
	struct stamp_choice *at; /* rules_stamp_sets() of them */
	uint64_t generation; /* how often one of them grew */
	uint64_t log; /* another one for each log, or part of it, that is read anew */
	struct stamp_context context;
};

struct scanner *scanner_new(const struct rules *rules);
void scanner_free(struct scanner *scanner); /* NULL is fine */
struct expression_scratch *scanner_scratch(struct scanner *scanner);

/* What this thread reads dates with. */
struct stamp_reading scanner_dates(struct scanner *scanner, size_t set,
				   const struct scan_dates *dates);

/* Fills `out`, of which the arena is set. Not for rules that look at several lines
 * (rules->has_windows).                                                               */
void scan_chunk(struct scanner *scanner, const struct scan_dates *dates,
		const struct input_chunk *chunk, struct scan *out);
/* The same of whole lines within the chunk; what `out` held of another part is gone, its
 * lists are used again.                                                               */
void scan_part(struct scanner *scanner, const struct scan_dates *dates,
	       const struct input_chunk *chunk, struct slice part, struct scan *out);

/* A line as rules see it: valid UTF-8, and whether it is ASCII. */
struct scan_text {
	struct slice text;
	bool ascii;
	bool stored; /* a newline stands behind it */
};
struct scan_text scan_text_of(struct arena *arena, struct slice text, bool stored);

#endif
