/* event/hostile.h - what a peer writes into a field of its own to look like something else.
 *
 * One table for all rules, so that a trick learned from one product is tried on every
 * other. "{}" in a text stands for the innocent's address.                           */
#ifndef EVENT_HOSTILE_H
#define EVENT_HOSTILE_H

#include "base/arena.h"

enum hostile_kind {
	HOSTILE_NAME, /* an odd user name that imitates no line: nothing should be lost */
	HOSTILE_TEXT, /* a part of a line, or all of one                      */
};

size_t hostile_count(void);
enum hostile_kind hostile_kind(size_t index);
/* The text with the innocent in it, in `arena`. It may be empty and hold any byte but a
 * newline.                                                                           */
struct slice hostile_text(struct arena *arena, size_t index, struct slice innocent);

#endif
