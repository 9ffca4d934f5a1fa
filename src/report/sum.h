/* report/sum.h - all sources of a report taken together, one after another.
 *
 * A case may have a hundred thousand sources: each is gathered, added and forgotten. What a
 * memo says of all of them is kept here, with the lines of those that get no block of their
 * own; memory grows with what is said, not with the sources.
 *
 * sum_init     texts live in `arena`
 * sum_add      the next source, in the memo's order; `facts` and all they point to may die
 *              afterwards. `work` is for what dies with the call.
 * sum_source   the same, facts gathered on the way
 * sum_clear    frees what is not in the arena                                           */
#ifndef REPORT_SUM_H
#define REPORT_SUM_H

#include "base/buffer.h"
#include "report/facts.h"

struct report_sum {
	struct arena *arena;
	const struct settings *settings;
	struct facts facts; /* of all as one */
	struct report_source source; /* that they are of: without incidents */
	size_t count;

	enum category category; /* of the first source, and its service    */
	struct slice service;
	bool mixed; /* others are of another category or service */

	bool has_range; /* of the network of the first: all have it    */
	struct range range;
	struct slices networks; /* different ones, as the memo names them  */

	struct slice compromise; /* what is said of the first               */
	size_t same_compromise, entered, blocked;
	bool target_unknown, zone_guessed;
	struct buffer rows; /* of sources without a block: one line each   */
	struct buffer table; /* CSV                                         */
};

void sum_init(struct report_sum *sum, struct arena *arena,
	      const struct settings *settings);
void sum_clear(struct report_sum *sum);
void sum_add(struct report_sum *sum, struct arena *work, const struct facts *facts);
void sum_source(struct report_sum *sum, struct arena *work,
		const struct report_source *source);

#endif
