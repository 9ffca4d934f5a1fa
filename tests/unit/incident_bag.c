/* A bag against a plain list: whatever it holds, in whatever order it is counted. */
#include "check.h"
#include "incident/bag.h"

#include <string.h>

enum { KINDS = 64, STEPS = 5000 };

static uint64_t seed = 5;

static unsigned chance(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned)(seed >> 33) % below;
}

static void counts_what_a_list_counts(void)
{
	for (unsigned kinds = 1; kinds <= KINDS; kinds++) {
		struct pool *pool = pool_new();
		struct bag bag = { 0 };
		uint32_t times[KINDS] = { 0 };
		size_t distinct = 0;

		for (size_t i = 0; i < STEPS; i++) {
			unsigned kind = chance(kinds);
			uint32_t number = kind * UINT32_C(0x01000193) ^ 7;

			distinct += times[kind] == 0;
			times[kind]++;
			if (!bag_count(&bag, number, 1))
				bag_put(pool, &bag, number, 1);
			CHECK_INT(bag_last(&bag), number);
		}
		CHECK_INT(bag.count, distinct);
		for (size_t i = 0; i < bag.count; i++) {
			uint32_t kind = 0;

			while ((kind * UINT32_C(0x01000193) ^ 7) != bag_number(&bag, i))
				kind++;
			CHECK_INT(bag_times(&bag, i), times[kind]);
		}
		pool_free(pool);
	}
}

static void a_count_stops_at_its_greatest(void)
{
	struct pool *pool = pool_new();
	struct bag bag = { 0 };

	bag_put(pool, &bag, 1, UINT64_MAX);
	CHECK_INT(bag_times(&bag, 0), UINT32_MAX);
	CHECK(bag_count(&bag, 1, 5));
	CHECK_INT(bag_times(&bag, 0), UINT32_MAX);
	bag_put(pool, &bag, 2, UINT32_MAX - 1);
	bag_count_last(&bag, 1);
	CHECK_INT(bag_times(&bag, 1), UINT32_MAX);
	bag_count_last(&bag, 1);
	CHECK_INT(bag_times(&bag, 1), UINT32_MAX);
	CHECK_INT(bag_times(&bag, 0), UINT32_MAX);
	pool_free(pool);
}

int main(void)
{
	return CHECK_RUN(TEST(counts_what_a_list_counts),
			 TEST(a_count_stops_at_its_greatest));
}
