#include "registry/index_pool.h"

#include "base/digest.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Offsets have 32 bits. */
#define POOL_MAX_BYTES (UINT64_C(4) << 30)

static uint32_t *slots_new(size_t count)
{
	uint32_t *slots = calloc(count, sizeof *slots);

	if (!slots)
		abort();
	return slots;
}

void pool_init(struct pool *pool)
{
	buffer_init(&pool->text, POOL_MAX_BYTES);
	buffer_add(&pool->text, S("\0\0"));
	pool->slot_count = 1024;
	pool->slots = slots_new(pool->slot_count);
	pool->used = 0;
}

void pool_clear(struct pool *pool)
{
	buffer_clear(&pool->text);
	free(pool->slots);
	pool->slots = NULL;
}

struct slice pool_at(const struct pool *pool, uint32_t offset)
{
	uint16_t len;

	assert(offset + sizeof len <= pool->text.len);
	memcpy(&len, pool->text.at + offset, sizeof len);
	return (struct slice){ pool->text.at + offset + sizeof len, len };
}

/* The slot that holds the string or the free one where it belongs. */
static size_t slot_of(const struct pool *pool, struct slice text)
{
	size_t at = table_hash(text) & (pool->slot_count - 1);

	while (pool->slots[at] && !slice_equal(pool_at(pool, pool->slots[at]), text))
		at = (at + 1) & (pool->slot_count - 1);
	return at;
}

static void grow(struct pool *pool)
{
	uint32_t *old = pool->slots;
	size_t count = pool->slot_count;

	pool->slot_count *= 2;
	pool->slots = slots_new(pool->slot_count);
	for (size_t i = 0; i < count; i++)
		if (old[i])
			pool->slots[slot_of(pool, pool_at(pool, old[i]))] = old[i];
	free(old);
}

uint32_t pool_add(struct pool *pool, struct slice text)
{
	uint16_t len;
	size_t slot;

	text = slice_cut(text, 0, POOL_STRING_MAX);
	if (text.len == 0)
		return 0;
	slot = slot_of(pool, text);
	if (pool->slots[slot])
		return pool->slots[slot];
	len = (uint16_t)text.len;
	pool->slots[slot] = (uint32_t)pool->text.len;
	buffer_add(&pool->text, (struct slice){ (const char *)&len, sizeof len });
	buffer_add(&pool->text, text);
	if (pool->text.failed)
		abort();
	if (++pool->used * 2 > pool->slot_count)
		grow(pool);
	return (uint32_t)(pool->text.len - text.len - sizeof len);
}

bool pool_next(const struct pool *pool, uint32_t *offset, struct slice *text)
{
	size_t next = *offset + sizeof(uint16_t) + pool_at(pool, *offset).len;

	if (next >= pool->text.len)
		return false;
	*offset = (uint32_t)next;
	*text = pool_at(pool, *offset);
	return true;
}

void pool_change(struct pool *pool, uint32_t offset, struct slice text)
{
	assert(pool_at(pool, offset).len == text.len);
	memcpy(pool->text.at + offset + sizeof(uint16_t), text.at, text.len);
}
