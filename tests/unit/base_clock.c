#include "base/clock.h"
#include "check.h"

#include <stdlib.h>

static void parses_and_formats(void)
{
	static const struct {
		const char *text;
		const char *rfc3339;
	} rows[] = {
		{ "2026-11-21T02:14:07Z", "2026-11-21T02:14:07Z" },
		{ "2026-11-21 02:14:07+02:00", "2026-11-21T00:14:07Z" },
		{ "2024-02-29T23:59:60-0500", "2024-03-01T04:59:59Z" },
		{ "1969-12-31T23:59:59.250Z", "1969-12-31T23:59:59.250000Z" },
		{ "2000-11-08", "2000-11-08T00:00:00Z" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t at = 0;

		CHECK_INT(time_parse(slice_of(rows[i].text), &at), 0);
		CHECK_TEXT(time_format(at, TIME_RFC3339).text, rows[i].rfc3339);
	}
}

static void refuses_what_is_no_time(void)
{
	static const char *const rows[] = { "",
					    "2026-02-29",
					    "2026-13-01",
					    "2026-11-21T24:00:00Z",
					    "2026-11-21T02:14:07",
					    "2026-11-21T02:14:07Zx",
					    "2026-11-21T02:14:07+25:00",
					    "26-11-21" };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		int64_t at = 7;

		CHECK_INT(time_parse(slice_of(rows[i]), &at), -1);
		CHECK_INT(at, 7);
	}
}

static void formats_each_style(void)
{
	int64_t at = 0;

	CHECK_INT(time_parse(S("2026-11-21T02:14:07Z"), &at), 0);
	CHECK_TEXT(time_format(at, TIME_MEMO).text, "2026-11-21 02:14:07 +0000");
	CHECK_TEXT(time_format(at, TIME_MINUTE).text, "2026-11-21 02:14 UTC");
	CHECK_TEXT(time_format(at, TIME_DATE).text, "2026-11-21");
	CHECK_TEXT(time_format(at, TIME_CLOCK).text, "02:14:07 +0000");
	CHECK_TEXT(time_format(at, TIME_RFC5322).text,
		   "Sat, 21 Nov 2026 02:14:07 +0000");
}

static void runs_faster_for_tests(void)
{
	struct clock real = { 0 }, fixed = { DAY_US, true };
	int64_t now;

	CHECK_INT(clock_wait_ms(0), 0);
	CHECK_INT(clock_wait_ms(-1), 0);
	CHECK_INT(clock_wait_ms(1500000), 1501);
	now = clock_now(&real);
	setenv("TIPOFF_CLOCK", "1000@1000000000", 1);
#ifdef TIPOFF_CRASH_POINTS
	CHECK_INT(clock_wait_ms(1500000), 2);
	CHECK(clock_now(&real) - 1000000000 * SECOND_US >=
	      1000 * (now - 1000000000 * SECOND_US));
#else
	CHECK_INT(clock_wait_ms(1500000), 1501);
	CHECK(clock_now(&real) - now < DAY_US);
#endif
	CHECK_INT(clock_now(&fixed), DAY_US);
	setenv("TIPOFF_CLOCK", "fast", 1);
	CHECK(clock_now(&real) - now < DAY_US);
	unsetenv("TIPOFF_CLOCK");
}

int main(void)
{
	return CHECK_RUN(TEST(parses_and_formats), TEST(refuses_what_is_no_time),
			 TEST(formats_each_style), TEST(runs_faster_for_tests));
}
