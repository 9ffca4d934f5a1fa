/* input/rotation.h - what the name of a rotated log says.
 *
 * The names that logrotate, savelog and newsyslog give: NAME, NAME.1, NAME.2.gz,
 * NAME-20261115.xz, NAME-2026111504, NAME.2026-11-15, NAME-20261115.log (of NAME.log).
 * In a set the oldest comes first: numbered ones from the highest number, dated ones by
 * date, then the one being written.                                                  */
#ifndef INPUT_ROTATION_H
#define INPUT_ROTATION_H

#include "base/arena.h"

enum rotation_rank { ROTATION_NUMBERED, ROTATION_DATED, ROTATION_LIVE };

struct rotation {
	struct slice set; /* the name of the live file, in the arena or borrowed */
	enum rotation_rank rank;
	uint64_t order; /* within the rank, the oldest is the smallest         */
};

struct rotation rotation_of(struct arena *arena, struct slice name);
/* As for qsort(3), by rank and order; the sets are not compared. */
int rotation_compare(const struct rotation *a, const struct rotation *b);

#endif
