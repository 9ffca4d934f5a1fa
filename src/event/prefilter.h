/* event/prefilter.h - which lines of a block can match at all (Hyperscan's one home;
 * Vectorscan has the same API on other processors).
 *
 * A set of literals in lower case, found in either case, is searched in whole blocks of
 * lines at once; only lines with one of them are looked at. Immutable once made; any
 * number of threads may scan, each through its own scratch.
 *
 * The literals have to live as long as the prefilter.
 *
 * prefilter_new   NULL where this processor has no support, or there is no literal: then
 *                 every line has to be looked at. Slower, same results.
 * prefilter_save  what prefilter_restore() makes it of again, of the same literals
 *                 and under the same prefilter_library(); nothing where that fails.
 * prefilter_scan  calls `line` for each line of `block` with a literal in it, in order:
 *                 its bytes with their newline, if it has one, and a bit for each literal
 *                 that stands in it. False where the search failed and lines behind those
 *                 given may be missing: look at them all.                              */
#ifndef EVENT_PREFILTER_H
#define EVENT_PREFILTER_H

#include "base/arena.h"
#include "base/buffer.h"

enum { PREFILTER_LITERALS_MAX = 4096 };

struct prefilter;
struct prefilter_scratch;

typedef void prefilter_line(void *context, struct slice line, const uint64_t *seen);

struct prefilter *prefilter_new(const struct slices *literals);
void prefilter_save(const struct prefilter *prefilter, struct buffer *out);
struct prefilter *prefilter_restore(struct slice saved, const struct slices *literals);
/* The library and what of the processor it makes use of. */
struct slice prefilter_library(struct arena *arena);
void prefilter_free(struct prefilter *prefilter); /* NULL is fine */

struct prefilter_scratch *prefilter_scratch_new(const struct prefilter *prefilter);
void prefilter_scratch_free(struct prefilter_scratch *scratch); /* NULL is fine */

MUST_CHECK bool prefilter_scan(const struct prefilter *prefilter,
			       struct prefilter_scratch *scratch, struct slice block,
			       prefilter_line *line, void *context);

#endif
