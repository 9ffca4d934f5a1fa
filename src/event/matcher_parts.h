/* event/matcher_parts.h - what a matcher is made of (for event/matcher*.c only). */
#ifndef EVENT_MATCHER_PARTS_H
#define EVENT_MATCHER_PARTS_H

#include "event/matcher.h"
#include "event/rule.h"
#include "event/session.h"
#include "event/stamp.h"
#include "event/window.h"

/* Per set of date templates. */
struct matcher_dates {
	struct stamp_finder *finder;
	bool known; /* last_at was read from a line                              */
	bool eager; /* a line without a date was of use: read every line's date  */
	int64_t last_at;
};

/* Per rule; made when first needed. */
struct matcher_memory {
	struct sessions *sessions;
	struct window *window;
};

struct matcher {
	const struct rules *rules;
	struct matcher_options options;
	struct expression_scratch *scratch;
	struct arena *work; /* per line */
	struct matcher_dates *dates;
	struct matcher_memory *memories;
	uint64_t *seen; /* literals in the line at hand */
	bool has_open; /* some rule must see every line */
	struct matcher_counts counts;
};

#endif
