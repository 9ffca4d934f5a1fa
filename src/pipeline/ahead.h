/* pipeline/ahead.h - the chunks of a log in order, scanned ahead by threads.
 *
 * The calling thread reads the log and takes the chunks in order; others scan those that
 * wait, and so does the caller while it has to wait. What comes out depends on no thread:
 * a scan is a proposal that the matcher checks (event/scan.h). With one thread, or where
 * the log is a pipe, nothing is read ahead and nothing is scanned here.
 *
 * ahead_next  as input_next(), with what belongs to the chunk: its scan (NULL: none made),
 *             the position behind it, and an arena of its own for what is made of it. All
 *             of it lives until the next call for the same log.
 * ahead_drop  forgets what was read ahead: before the log is freed, or sought in.        */
#ifndef PIPELINE_AHEAD_H
#define PIPELINE_AHEAD_H

#include "event/matcher.h"

enum { AHEAD_THREADS_MAX = 64 };

struct ahead;

struct ahead_chunk {
	struct input_chunk chunk;
	struct input_position position;
	const struct scan *scan;
	struct arena *arena;
};

/* `threads` with the caller; 0: as many as there are processors, up to 4. Positions are
 * made only where they are wanted: each is two digests.                                */
struct ahead *ahead_new(const struct rules *rules, unsigned threads, bool positions);
void ahead_free(struct ahead *ahead);

MUST_CHECK int ahead_next(struct ahead *ahead, struct input *input,
			  const struct matcher *matcher, struct ahead_chunk *out,
			  struct error *err);
void ahead_drop(struct ahead *ahead);

#endif
