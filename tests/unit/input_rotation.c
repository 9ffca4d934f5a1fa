#include "check.h"
#include "input/rotation.h"

static void names_say_set_and_age(void)
{
	static const struct {
		const char *name, *set;
		enum rotation_rank rank;
		uint64_t order;
	} rows[] = {
		{ "auth.log", "auth.log", ROTATION_LIVE, 0 },
		{ "secure", "secure", ROTATION_LIVE, 0 },
		{ "auth.log.1", "auth.log", ROTATION_NUMBERED, UINT32_MAX - 1 },
		{ "auth.log.12.gz", "auth.log", ROTATION_NUMBERED, UINT32_MAX - 12 },
		{ "auth.log.0", "auth.log", ROTATION_NUMBERED, UINT32_MAX },
		{ "auth.log.gz", "auth.log", ROTATION_NUMBERED, UINT32_MAX },
		{ "auth.log-20261115.xz", "auth.log", ROTATION_DATED,
		  202611150000000000 },
		{ "secure-20261115", "secure", ROTATION_DATED, 202611150000000000 },
		{ "secure-2026111504.zst", "secure", ROTATION_DATED,
		  202611150400000000 },
		{ "secure.2026-11-15.bz2", "secure", ROTATION_DATED,
		  202611150000000000 },
		{ "secure-2026-11-15", "secure", ROTATION_DATED, 202611150000000000 },
		{ "access-20261115.log.gz", "access.log", ROTATION_DATED,
		  202611150000000000 },
		{ "access.3.log", "access.log", ROTATION_NUMBERED, UINT32_MAX - 3 },
		{ "site-1.log", "site-1.log", ROTATION_LIVE, 0 },
		{ "host-192.0.2.10", "host-192.0.2", ROTATION_NUMBERED,
		  UINT32_MAX - 10 },
		{ "app.12345", "app.12345", ROTATION_LIVE, 0 },
		{ "20261115", "20261115", ROTATION_LIVE, 0 },
		{ ".1", ".1", ROTATION_LIVE, 0 },
		{ "-20261115", "-20261115", ROTATION_LIVE, 0 },
		{ ".gz", ".gz", ROTATION_LIVE, 0 },
		{ "1", "1", ROTATION_LIVE, 0 },
		{ "", "", ROTATION_LIVE, 0 },
		{ "log-99999999", "log-99999999", ROTATION_LIVE, 0 },
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct rotation got = rotation_of(arena, slice_of(rows[i].name));

		if (!CHECK_SLICE(got.set, slice_of(rows[i].set)))
			continue;
		CHECK_INT(got.rank, rows[i].rank);
		CHECK_INT(got.order, rows[i].order);
	}
	arena_free(arena);
}

static void the_oldest_comes_first(void)
{
	static const char *const in_order[] = {
		"m.12.gz",         "m.2.xz",     "m.1",
		"m-20251231",      "m-20261115", "m-2026111504",
		"m-2026111505.gz", "m-20261116", "m"
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i + 1 < COUNT_OF(in_order); i++) {
		struct rotation a = rotation_of(arena, slice_of(in_order[i]));
		struct rotation b = rotation_of(arena, slice_of(in_order[i + 1]));

		CHECK_SLICE(a.set, S("m"));
		CHECK_INT(rotation_compare(&a, &b), -1);
		CHECK_INT(rotation_compare(&b, &a), 1);
		CHECK_INT(rotation_compare(&a, &a), 0);
	}
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(names_say_set_and_age), TEST(the_oldest_comes_first));
}
