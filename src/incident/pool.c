#include "incident/pool.h"

#include <stdlib.h>
#include <string.h>

/* Classes of 8 bytes each up to SMALL_MAX, then one a power of two. */
enum {
	GRAIN = 8,
	SMALL_MAX = 512,
	SMALL_CLASSES = SMALL_MAX / GRAIN + 1,
	CLASSES = 96
};

struct piece {
	struct piece *next;
};

struct pool {
	struct arena *arena;
	struct piece *given[CLASSES];
};

static size_t class_of(size_t size, size_t *whole)
{
	size_t class = SMALL_CLASSES;

	if (size <= SMALL_MAX) {
		class = size ? (size + GRAIN - 1) / GRAIN : 1;
		*whole = class * GRAIN;
		return class;
	}
	for (*whole = 2 * (size_t)SMALL_MAX; *whole < size; class ++)
		*whole *= 2;
	return class;
}

struct pool *pool_new(void)
{
	struct pool *pool = calloc(1, sizeof *pool);

	if (!pool)
		abort();
	pool->arena = arena_new();
	return pool;
}

void pool_free(struct pool *pool)
{
	if (!pool)
		return;
	arena_free(pool->arena);
	free(pool);
}

void pool_forget(struct pool *pool)
{
	arena_reset(pool->arena);
	memset(pool->given, 0, sizeof pool->given);
}

void *pool_take(struct pool *pool, size_t size)
{
	size_t whole, class = class_of(size, &whole);
	struct piece *piece = pool->given[class];

	if (!piece)
		return arena_alloc(pool->arena, 1, whole, GRAIN);
	pool->given[class] = piece->next;
	return piece;
}

void pool_give(struct pool *pool, void *piece, size_t size)
{
	size_t whole, class = class_of(size, &whole);
	struct piece *given = piece;

	given->next = pool->given[class];
	pool->given[class] = given;
}
