/* incident/bag.h - a bounded set of numbers, each with a count that stops at UINT32_MAX
 * (for incident/ only).
 *
 * Most hold one number, which lies in the bag itself. `beyond` and `sketch` are for who
 * uses it: a bag does not know how many it may hold, 255 at most.                      */
#ifndef INCIDENT_BAG_H
#define INCIDENT_BAG_H

#include "incident/pool.h"

#include <stdbool.h>
#include <stdint.h>

struct sketch;

struct bag {
	union {
		uint32_t one[2]; /* room 0 or 1: the number and its count */
		uint32_t *many; /* `room` numbers, then their counts     */
	};
	uint64_t beyond; /* acts that did not fit             */
	struct sketch *sketch; /* once there were some              */
	uint8_t count, room, last; /* which was counted last            */
};

uint32_t capped_sum(uint32_t a, uint64_t b);

uint32_t bag_number(const struct bag *bag, size_t i);
uint32_t bag_times(const struct bag *bag, size_t i);
/* False where the bag does not hold it. */
bool bag_count(struct bag *bag, uint32_t number, uint64_t times);
/* One that it does not hold. */
void bag_put(struct pool *pool, struct bag *bag, uint32_t number, uint64_t times);
/* The number that was counted last, and that one again; of a bag that holds some. */
uint32_t bag_last(const struct bag *bag);
void bag_count_last(struct bag *bag, uint64_t times);

#endif
