/* event/matcher.h - lines in, events out, for one log (one file set in order of time).
 *
 * The matcher holds what lines leave behind for later lines: the date template in use,
 * the last date read, multi-line sessions. matcher_save() writes that to a versioned,
 * bounded text; matcher_load() takes it back (untrusted: a state that does not parse is
 * ERROR_SYNTAX and the caller begins afresh).
 *
 * A line on which two rules find different sources yields one event, contested. A line
 * without a date has that of the last line that had one (TIME_BASIS_PREVIOUS); before any,
 * it is counted as undated and yields nothing. So does one whose source is no address
 * (bad_address) and one on which a match reached its limit (limited).                 */
#ifndef EVENT_MATCHER_H
#define EVENT_MATCHER_H

#include "base/buffer.h"
#include "base/clock.h"
#include "base/zone.h"
#include "event/rules.h"
#include "event/scan.h"
#include "event/witness.h"

struct matcher;

struct matcher_options {
	const struct zone *zone; /* of stamps without one                         */
	/* The instant this log was last written to (file's mtime, or now): a stamp without
	 * a year gets the latest year that does not put it more than a day after this. */
	int64_t written_at;
};

struct matcher *matcher_new(const struct rules *rules,
			    const struct matcher_options *options);
void matcher_free(struct matcher *matcher);
/* As new, but for its counts: what earlier lines left behind is gone. */
void matcher_forget(struct matcher *matcher);
/* From now on every line is told to `witness`, which lives as long as the matcher; all of
 * them are then read in order, and give the same events. Of a line that no rule has to do
 * with it is told what date would be read in it, but nothing is learned from that: neither
 * how the log writes its dates, nor a date for lines behind it that have none.         */
void matcher_tell(struct matcher *matcher, const struct witness *witness);

/* A copy for scans, good until a choice grows: `out->at` has rules_stamp_sets() places. */
void matcher_dates(const struct matcher *matcher, struct scan_dates *out);
/* Whether the log has told how it writes its dates: before, scans decide nothing. */
bool matcher_knows_dates(const struct matcher *matcher);

/* Reads a chunk, in the order of the log. `scan` is what any thread found in it, or NULL
 * where it is to be found here. Never an error: what a line does to us (match limit
 * reached, no date) is counted. Events point into the chunk, the scan and `arena`.     */
void matcher_chunk(struct matcher *matcher, struct arena *arena,
		   const struct input_chunk *chunk, const struct scan *scan,
		   struct events *events);

/* The same for one line: 1 with *out filled, 0 nothing hostile here. */
int matcher_line(struct matcher *matcher, struct arena *arena, const struct line *line,
		 struct event *out);

struct matcher_counts {
	uint64_t lines, events, undated, limited, contested, bad_address;
};
struct matcher_counts matcher_counts(const struct matcher *matcher);

void matcher_save(const struct matcher *matcher, struct buffer *out);
MUST_CHECK int matcher_load(struct matcher *matcher, struct slice state,
			    struct error *err);

#endif
