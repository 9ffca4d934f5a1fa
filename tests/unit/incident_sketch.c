#include "incident/sketch.h"

#include "check.h"
#include "incident/tally.h"

#include <string.h>

static void add_many(struct sketch *sketch, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to; i++)
		sketch_add(sketch,
			   sketch_hash((struct slice){ (const char *)&i, sizeof i }));
}

/* Three standard errors of 9 %, for every size from a full list on. */
static void counts_are_near(void)
{
	static const uint64_t sizes[] = {
		65, 100, 250, 400, 1400, 10000, 65535, 1000000
	};

	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		struct sketch sketch = { { 0 } };
		uint64_t n = sizes[i], count;

		add_many(&sketch, 0, n);
		count = sketch_count(&sketch);
		CHECK(count > n - n * 28 / 100);
		CHECK(count < n + n * 28 / 100);
	}
}

static void nothing_is_nothing(void)
{
	struct sketch sketch = { { 0 } };

	CHECK_INT(sketch_count(&sketch), 0);
	add_many(&sketch, 7, 8);
	CHECK_INT(sketch_count(&sketch), 1);
	add_many(&sketch, 7, 8);
	CHECK_INT(sketch_count(&sketch), 1);
}

static void order_and_split_change_nothing(void)
{
	struct sketch whole = { { 0 } }, left = { { 0 } }, right = { { 0 } }, back;

	add_many(&whole, 0, 3000);
	add_many(&right, 1000, 3000);
	add_many(&left, 0, 1500);
	sketch_merge(&left, &right);
	CHECK(memcmp(&whole, &left, sizeof whole) == 0);
	CHECK_INT(sketch_from(sketch_bytes(&left), &back), 0);
	CHECK(memcmp(&whole, &back, sizeof whole) == 0);
	CHECK_INT(sketch_from(S("short"), &back), -1);
}

static struct tally tally_of(struct arena *arena, size_t from, size_t to)
{
	struct tally tally = { 0 };
	struct sketch *sketch = ARENA_NEW(arena, struct sketch);

	for (size_t i = from; i < to; i++) {
		struct slice text = arena_printf(arena, "%zu/tcp", i);

		sketch_add(sketch, sketch_hash(text));
		if (tally.count < INCIDENT_LIST_MAX)
			*LIST_ADD(arena, &tally) = (struct tally_item){ text, 1 };
		else
			tally.beyond++;
	}
	if (tally.beyond)
		tally.sketch = sketch;
	return tally;
}

static void words_say_how_sure_they_are(void)
{
	struct arena *arena = arena_new();
	struct tally tally = tally_of(arena, 0, 7);

	CHECK_SLICE(tally_words(arena, &tally, "port", "ports"), S("7 ports"));
	tally = tally_of(arena, 0, 1);
	CHECK_SLICE(tally_words(arena, &tally, "port", "ports"), S("1 port"));
	tally = tally_of(arena, 0, 1400);
	CHECK_SLICE(slice_cut(tally_words(arena, &tally, "port", "ports"), 0, 8),
		    S("about 1,"));
	tally.sketch = NULL;
	CHECK_SLICE(tally_words(arena, &tally, "port", "ports"),
		    S("more than 64 ports"));
	CHECK_INT(tally_distinct(&tally), 65);
	arena_free(arena);
}

static void no_more_ports_than_acts(void)
{
	for (size_t n = 70; n < 1000; n += 10) {
		struct arena *arena = arena_new();
		struct tally tally = tally_of(arena, 0, n);
		struct slice words = tally_words(arena, &tally, "port", "ports");
		uint64_t said;

		words = slice_cut(slice_from(words, 6), 0, words.len - 12);
		CHECK_INT(slice_to_u64(words, 1000, &said), 0);
		CHECK(said <= n);
		arena_free(arena);
	}
}

/* Two full lists of the same ports are no more ports than one. */
static void merged_lists_count_once(void)
{
	struct arena *arena = arena_new();
	struct tally whole = tally_of(arena, 0, 1000), sum = { 0 };
	struct tally parts[] = { tally_of(arena, 0, 600), tally_of(arena, 400, 1000),
				 tally_of(arena, 300, 310) };

	for (size_t i = 0; i < COUNT_OF(parts); i++)
		tally_merge(arena, &sum, &parts[i], 100);
	CHECK_INT(tally_distinct(&sum), tally_distinct(&whole));
	CHECK_INT(sum.count, 100);
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(counts_are_near), TEST(nothing_is_nothing),
			 TEST(order_and_split_change_nothing),
			 TEST(words_say_how_sure_they_are),
			 TEST(no_more_ports_than_acts), TEST(merged_lists_count_once));
}
