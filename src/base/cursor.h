/* base/cursor.h - reads bytes straight through, checked once at the end.
 *
 * Every take has a cap or a fixed length. The first take that cannot be had sets
 * `failed`, consumes nothing, and makes all later takes fail: results are then empty
 * or 0. No take reads a byte at or past `end`.                                       */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include "base/slice.h"

struct cursor {
	const char *at, *end;
	bool failed;
};

/* What is asked for every byte stands here to be inlined. */

static inline struct cursor cursor_of(struct slice s)
{
	const char *at = s.at ? s.at : "";

	return (struct cursor){ at, at + s.len, false };
}

static inline struct slice cursor_rest(const struct cursor *cursor)
{
	if (cursor->failed)
		return (struct slice){ NULL, 0 };
	return (struct slice){ cursor->at, (size_t)(cursor->end - cursor->at) };
}

static inline bool cursor_at_end(const struct cursor *cursor)
{
	return cursor->failed || cursor->at == cursor->end;
}

/* NUL at the end or after failure. */
static inline char cursor_peek(const struct cursor *cursor)
{
	return cursor_at_end(cursor) ? '\0' : *cursor->at;
}

static inline struct slice cursor_take(struct cursor *cursor, size_t count)
{
	struct slice taken;

	if (cursor->failed || count > (size_t)(cursor->end - cursor->at)) {
		cursor->failed = true;
		return (struct slice){ NULL, 0 };
	}
	taken = (struct slice){ cursor->at, count };
	cursor->at += count;
	return taken;
}

static inline char cursor_byte(struct cursor *cursor)
{
	struct slice one = cursor_take(cursor, 1);

	return one.len ? one.at[0] : '\0';
}

/* False: it is not there. */
static inline bool cursor_try(struct cursor *cursor, struct slice literal)
{
	if (!slice_starts(cursor_rest(cursor), literal))
		return false;
	cursor->at += literal.len;
	return !cursor->failed;
}

static inline void cursor_literal(struct cursor *cursor, struct slice literal)
{
	if (!cursor_try(cursor, literal))
		cursor->failed = true;
}

/* Bytes of a class, at least one and at most `max`; more than `max` fails. */
static inline struct slice cursor_while(struct cursor *cursor, bool (*is)(char),
					size_t max)
{
	struct slice rest = cursor_rest(cursor);
	size_t len = 0;

	while (len < rest.len && is(rest.at[len]))
		len++;
	if (len == 0 || len > max) {
		cursor->failed = true;
		return (struct slice){ NULL, 0 };
	}
	return cursor_take(cursor, len);
}

/* Bytes before `stop`, at most `max`; `stop` itself is consumed. Fails without it. */
struct slice cursor_until(struct cursor *cursor, char stop, size_t max);
uint64_t cursor_u64(struct cursor *cursor, uint64_t max); /* decimal digits */
void cursor_spaces(struct cursor *cursor); /* blanks and tabs, none is fine */
/* The next line without LF or CR LF, the last one need not end; false at the end. */
bool cursor_line(struct cursor *cursor, struct slice *line);

#endif
