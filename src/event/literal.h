/* event/literal.h - strings of which every match of an expression must contain one.
 *
 * Sound for lines whose date has not been cut out yet: no literal spans a place where a
 * date could stand, because a date ends before a byte that is no letter, digit or '_'
 * (fail2ban's word boundary), so literals are split before each such byte.
 * A single blank between letters is no such place where dates stand at the line's begin
 * only, or begin and end with a letter or digit, as all but a few forms do ("+00:00 Jan",
 * TAI64N's '@'): `joins` says so, and literals then run over it.
 * They are in lower case and to be found without regard to case (ASCII only).
 * `text` is what expression_text() gives. An empty set: nothing is known.             */
#ifndef EVENT_LITERAL_H
#define EVENT_LITERAL_H

#include "base/arena.h"

enum { LITERAL_MIN_BYTES = 2 /* or a rare byte alone */, LITERAL_SET_MAX = 32 };

/* The numbers that a gate gave them (event/gate.h). */
struct literal_numbers {
	unsigned *at;
	size_t count, room;
};

struct slices literal_required(struct arena *arena, struct slice text, bool joins);

/* All the sets that are known; literal_required() is the one that stands in the fewest
 * lines, by its shortest literal.                                                     */
struct literal_sets {
	struct slices *at;
	size_t count, room;
};
struct literal_sets literal_all_required(struct arena *arena, struct slice text,
					 bool joins);

#endif
