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

struct cursor cursor_of(struct slice s);
bool cursor_at_end(const struct cursor *cursor);
struct slice cursor_rest(const struct cursor *cursor);
char cursor_peek(const struct cursor *cursor); /* NUL at the end or after failure */

char cursor_byte(struct cursor *cursor);
struct slice cursor_take(struct cursor *cursor, size_t count);
/* Bytes before `stop`, at most `max`; `stop` itself is consumed. Fails without it. */
struct slice cursor_until(struct cursor *cursor, char stop, size_t max);
/* Bytes of a class, at least one and at most `max`; more than `max` fails. */
struct slice cursor_while(struct cursor *cursor, bool (*is)(char), size_t max);
uint64_t cursor_u64(struct cursor *cursor, uint64_t max); /* decimal digits */
void cursor_literal(struct cursor *cursor, struct slice literal);
bool cursor_try(struct cursor *cursor, struct slice literal); /* false: not there */
void cursor_spaces(struct cursor *cursor); /* blanks and tabs, none is fine */
/* The next line without LF or CR LF, the last one need not end; false at the end. */
bool cursor_line(struct cursor *cursor, struct slice *line);

#endif
