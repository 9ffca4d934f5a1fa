/* event/cover.h - a few strings of which each of many literals contains one (for
 * event/prefilter.h only).
 *
 * Blocks are searched for eight short strings at twice the speed of twenty literals, so
 * where that few will do, the search is for them, and whether the literal around one
 * stands there is looked at behind each find. Where more would be needed the strings are
 * the literals themselves.
 *
 * cover_make    the same cover for the same literals, which have to live as long as it.
 * cover_stands  whether a literal stands in the text, in either case (ASCII), where its
 *               string ends at `end`.                                                  */
#ifndef EVENT_COVER_H
#define EVENT_COVER_H

#include "base/arena.h"

enum { COVER_STRINGS_MAX = 8, COVER_STRING_BYTES = 5 };

struct cover_literal {
	unsigned number; /* its place in the list */
	struct slice text;
	size_t end; /* bytes of it up to the end of the string */
	bool is_whole; /* it is the string */
};

struct cover_string {
	struct slice text;
	struct cover_literal *at;
	size_t count, room;
};

struct cover {
	struct cover_string *at;
	size_t count, room;
};

struct cover cover_make(struct arena *arena, const struct slices *literals);

bool cover_stands(const struct cover_literal *literal, struct slice text, size_t end);

#endif
