#include "incident/bag.h"

#include <string.h>

enum { MANY_FIRST = 4, AT_ONCE = 4 };
typedef int32_t numbers __attribute__((vector_size(16)));

uint32_t capped_sum(uint32_t a, uint64_t b)
{
	return b > UINT32_MAX - a ? UINT32_MAX : a + (uint32_t)b;
}

/* Where the numbers stand, their counts `room` behind them. */
static uint32_t *bag_at(struct bag *bag)
{
	return bag->room <= 1 ? bag->one : bag->many;
}

uint32_t bag_number(const struct bag *bag, size_t i)
{
	return bag->room <= 1 ? bag->one[0] : bag->many[i];
}

uint32_t bag_times(const struct bag *bag, size_t i)
{
	return bag->room <= 1 ? bag->one[1] : bag->many[bag->room + i];
}

uint32_t bag_last(const struct bag *bag)
{
	return bag_number(bag, bag->last);
}

void bag_count_last(struct bag *bag, uint64_t times)
{
	uint32_t *count = bag_at(bag) + bag->room + bag->last;

	*count = capped_sum(*count, times);
}

/* Four at once: full lists are searched for every event. */
static size_t bag_find(struct bag *bag, uint32_t number)
{
	const uint32_t *at = bag_at(bag);
	int32_t n = (int32_t)number;
	numbers wanted = { n, n, n, n }, found = { 0 }, four;
	size_t i = 0, whole = bag->count & ~(size_t)(AT_ONCE - 1);

	for (size_t from = 0; from < whole; from += AT_ONCE) {
		memcpy(&four, at + from, sizeof four);
		found |= four == wanted;
	}
	if (!(found[0] | found[1] | found[2] | found[3]))
		i = whole;
	while (i < bag->count && at[i] != number)
		i++;
	return i;
}

bool bag_count(struct bag *bag, uint32_t number, uint64_t times)
{
	size_t i = bag->last;

	if (i >= bag->count || bag_number(bag, i) != number)
		i = bag_find(bag, number);
	if (i == bag->count)
		return false;
	bag->last = (uint8_t)i;
	bag_count_last(bag, times);
	return true;
}

static void bag_grow(struct pool *pool, struct bag *bag)
{
	unsigned room = bag->room > 1 ? 2U * bag->room : MANY_FIRST;
	const uint32_t *old = bag_at(bag);
	uint32_t *at;

	if (bag->room == 0) {
		bag->room = 1;
		return;
	}
	at = pool_take(pool, 2 * sizeof *at * room);
	memcpy(at, old, bag->count * sizeof *at);
	memcpy(at + room, old + bag->room, bag->count * sizeof *at);
	if (bag->room > 1)
		pool_give(pool, bag->many, 2 * sizeof *at * bag->room);
	bag->many = at;
	bag->room = (uint8_t)room;
}

void bag_put(struct pool *pool, struct bag *bag, uint32_t number, uint64_t times)
{
	uint32_t *at;

	if (bag->count == bag->room)
		bag_grow(pool, bag);
	at = bag_at(bag);
	at[bag->count] = number;
	at[bag->room + bag->count] = capped_sum(0, times);
	bag->last = bag->count++;
}
