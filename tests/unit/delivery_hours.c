#include "check.h"
#include "delivery/hours.h"

#include <stdio.h>

static int64_t instant(const char *text)
{
	int64_t at = 0;

	CHECK_INT(time_parse(slice_of(text), &at), 0);
	return at;
}

static void rows_that_are_none(void)
{
	static const char *const rows[] = {
		"",
		"8-18",
		"08:00",
		"08:00-08:00",
		"24:00-08:00",
		"08:00-24:01",
		"mon",
		"mon-fri",
		"xyz 08:00-18:00",
		"mon- 08:00-18:00",
		"mon,, 08:00-18:00",
		"08:00-18:00 Nowhere/Town",
		"08:60-18:00",
		"fri- 08:00-18:00",
		"08:00-18:00-20:00",
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice row = slice_of(rows[i]);
		struct slices all = { &row, 1, 1 };
		struct error err = { 0 };

		if (!CHECK_INT(hours_check(&all, &err), -1))
			printf("# '%s'\n", rows[i]);
		CHECK_INT(err.kind, ERROR_CONFIG);
	}
}

/* 2026-11-27 is a Friday; 2026-03-29 02:00 to 03:00 does not exist in Berlin. */
static void when_mail_may_leave_next(void)
{
	static const struct {
		const char *rows[2];
		const char *at, *next;
	} rows[] = {
		{ { "00:00-24:00" }, "2026-11-27T03:04:05Z", "2026-11-27T03:04:05Z" },
		{ { "08:00-18:00 UTC" },
		  "2026-11-27T07:59:59Z",
		  "2026-11-27T08:00:00Z" },
		{ { "08:00-18:00 UTC" },
		  "2026-11-27T08:00:00Z",
		  "2026-11-27T08:00:00Z" },
		{ { "08:00-18:00 UTC" },
		  "2026-11-27T17:59:59Z",
		  "2026-11-27T17:59:59Z" },
		{ { "08:00-18:00 UTC" },
		  "2026-11-27T18:00:00Z",
		  "2026-11-28T08:00:00Z" },
		{ { "mon-fri 08:00-18:00 UTC" },
		  "2026-11-27T18:00:00Z",
		  "2026-11-30T08:00:00Z" },
		{ { "Mon-Fri 08:00-18:00 Europe/Berlin" },
		  "2026-11-29T00:00:00Z",
		  "2026-11-30T07:00:00Z" },
		{ { "sat,mon 08:00-18:00 UTC" },
		  "2026-11-28T18:00:00Z",
		  "2026-11-30T08:00:00Z" },
		{ { "fri-mon 08:00-09:00 UTC" },
		  "2026-11-30T10:00:00Z",
		  "2026-12-04T08:00:00Z" },
		{ { "fri 22:00-02:00 UTC" },
		  "2026-11-28T01:00:00Z",
		  "2026-11-28T01:00:00Z" },
		{ { "fri 22:00-02:00 UTC" },
		  "2026-11-27T01:00:00Z",
		  "2026-11-27T22:00:00Z" },
		{ { "mon 08:00-09:00 UTC", "tue 08:00-09:00 UTC" },
		  "2026-11-30T09:00:00Z",
		  "2026-12-01T08:00:00Z" },
		{ { "sun 02:10-02:20 Europe/Berlin" },
		  "2026-03-28T12:00:00Z",
		  "2026-04-05T00:10:00Z" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice words[2] = { slice_of(rows[i].rows[0]),
					  slice_of(rows[i].rows[1]) };
		struct slices all = { words, rows[i].rows[1] ? 2 : 1, 2 };
		struct error err = { 0 };
		int64_t next = 0;

		CHECK_INT(hours_next(&all, instant(rows[i].at), &next, &err), 0);
		if (!CHECK_INT(next, instant(rows[i].next)))
			printf("# row %zu: %s\n", i,
			       time_format(next, TIME_RFC3339).text);
	}
}

static void no_row_is_any_time(void)
{
	struct slices none = { 0 };
	struct error err = { 0 };
	int64_t next = 0;

	CHECK_INT(hours_check(&none, &err), 0);
	CHECK_INT(hours_next(&none, 12345, &next, &err), 0);
	CHECK_INT(next, 12345);
}

int main(void)
{
	return CHECK_RUN(TEST(rows_that_are_none), TEST(when_mail_may_leave_next),
			 TEST(no_row_is_any_time));
}
