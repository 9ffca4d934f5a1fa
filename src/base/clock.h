/* base/clock.h - the time, injected.
 *
 * Every time and timer of the program goes through a struct clock, so that --now, tests
 * and examples hold it fixed. All instants are int64_t microseconds since 1970 UTC.   */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/slice.h"

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)

struct clock {
	int64_t fixed; /* the instant shown while is_fixed */
	bool is_fixed;
};

int64_t clock_now(const struct clock *clock);
/* Microseconds of a clock that only goes forward, for limits on other programs: those
 * run in real time whatever --now says.                                              */
int64_t clock_ticks(void);
/* Real milliseconds in which so much time passes on a clock that is not fixed. The same,
 * but in builds with -Dcrash_points=true, where TIPOFF_CLOCK="FACTOR@SECOND" makes such a
 * clock run FACTOR times as fast since that second of 1970: in every process alike.     */
int64_t clock_wait_ms(int64_t time_us);

/* Calendar fields of an instant, proleptic Gregorian, no leap seconds. */
struct civil {
	int year, month, day, hour, minute, second; /* month and day from 1 */
	int microsecond;
	int weekday; /* 0 is Sunday */
};

struct civil civil_of(int64_t at_us);
/* Fields may not be out of range; -1 where they are (2 February 30, hour 24, ...);
 * second 60 is taken as 59.                                                          */
MUST_CHECK int civil_to_instant(const struct civil *civil, int64_t *at_us);

enum time_style {
	TIME_RFC3339, /* 2026-11-21T02:14:07Z, with fraction if there is one */
	TIME_MEMO, /* 2026-11-21 02:14:07 +0000                           */
	TIME_MINUTE, /* 2026-11-21 02:14 UTC                                */
	TIME_DATE, /* 2026-11-21                                          */
	TIME_CLOCK, /* 02:14:07 +0000                                      */
	TIME_RFC5322, /* Sat, 21 Nov 2026 02:14:07 +0000                     */
};

enum { TIME_TEXT_MAX = 48 };
struct time_text {
	char text[TIME_TEXT_MAX];
};
struct time_text time_format(int64_t at_us, enum time_style style);
/* RFC 3339 date-time with any offset ("T" or blank between), or a bare date. */
MUST_CHECK int time_parse(struct slice text, int64_t *at_us);

#endif
