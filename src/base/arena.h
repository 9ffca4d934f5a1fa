/* base/arena.h - memory that is freed all at once.
 *
 * One arena per line, per pass, per request. Allocation never fails: out of memory ends
 * the process with one line on standard error, which is safe because all input is capped
 * and all state is in transactions. Memory is zeroed. Sizes saturate: a size that would
 * overflow ends the process too. Reset keeps the chunks and, under ASan, poisons them.  */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/slice.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* NULL is fine */
void arena_reset(struct arena *arena); /* all earlier pointers die */
/* The same, and no more is kept than what was used since the reset before: for the few
 * arenas that stay for long and hold megabytes.                                         */
void arena_reset_lean(struct arena *arena);
size_t arena_size_bytes(const struct arena *arena); /* bytes held, for caps and tests */

void *arena_alloc(struct arena *arena, size_t count, size_t size, size_t align);
/* The same, but with whatever the memory held. */
void *arena_alloc_raw(struct arena *arena, size_t count, size_t size, size_t align);
#define ARENA_NEW(arena, type) \
	((type *)arena_alloc((arena), 1, sizeof(type), alignof(type)))
#define ARENA_ARRAY(arena, type, count) \
	((type *)arena_alloc((arena), (count), sizeof(type), alignof(type)))

struct slice arena_copy(struct arena *arena, struct slice s);
char *arena_cstr(struct arena *arena, struct slice s); /* NUL-terminated copy */
/* Copies with the letters A to Z in one case, NUL-terminated too. */
struct slice arena_lower(struct arena *arena, struct slice s);
struct slice arena_upper(struct arena *arena, struct slice s);
struct slice arena_printf(struct arena *arena, const char *format, ...) PRINTF(2, 3);
struct slice arena_vprintf(struct arena *arena, const char *format, va_list args)
	PRINTF(2, 0);

/* Growing arrays in an arena: any struct with `at`, `count` and `room` members.
 *   struct names { struct slice *at; size_t count, room; };
 *   *LIST_ADD(arena, &names) = slice;                                               */
#define LIST_ADD(arena, list)                                                   \
	((list)->count == (list)->room                                          \
		 ? ((list)->at = arena_grow((arena), (list)->at, (list)->count, \
					    &(list)->room, sizeof *(list)->at), \
		    &(list)->at[(list)->count++])                               \
		 : &(list)->at[(list)->count++])
/* Room for `wanted` in an empty list, where it is known how many will come. It is not
 * zeroed: elements are assigned whole.                                                */
#define LIST_RESERVE(arena, list, wanted)                                    \
	((list)->at = arena_alloc_raw((arena), (wanted), sizeof *(list)->at, \
				      alignof(max_align_t)),                 \
	 (list)->count = 0, (list)->room = (wanted))
void *arena_grow(struct arena *arena, const void *old, size_t count, size_t *room,
		 size_t size);

struct slices {
	struct slice *at;
	size_t count, room;
};
/* The same texts in the same order. */
bool slices_equal(const struct slices *a, const struct slices *b);

#endif
