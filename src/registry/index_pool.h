/* registry/index_pool.h - strings kept once, each known by its offset in the pool.
 *
 * Offset 0 is the empty string; a string over POOL_STRING_MAX bytes is cut. Offsets stay
 * valid for ever, slices until the next pool_add().                                     */
#ifndef REGISTRY_INDEX_POOL_H
#define REGISTRY_INDEX_POOL_H

#include "base/buffer.h"

enum { POOL_STRING_MAX = 1024 };

struct pool {
	struct buffer text;
	uint32_t *slots; /* open addressing; 0 is free */
	size_t slot_count, used;
};

void pool_init(struct pool *pool);
void pool_clear(struct pool *pool);
uint32_t pool_add(struct pool *pool, struct slice text);
struct slice pool_at(const struct pool *pool, uint32_t offset);
/* The string behind the one at *offset (0: the first); false at the end. */
bool pool_next(const struct pool *pool, uint32_t *offset, struct slice *text);
/* Other bytes of the same length in its place; the pool takes nothing more after that. */
void pool_change(struct pool *pool, uint32_t offset, struct slice text);

#endif
