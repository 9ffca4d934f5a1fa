#include "base/clock.h"

#include "base/cursor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const MONTHS[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
				      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const DAYS[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };

/* How fast a clock runs that is not fixed, and since when. */
struct pace {
	int64_t factor, since;
};

#ifdef TIPOFF_CRASH_POINTS

static struct pace pace_read(void)
{
	struct slice rest = slice_of(getenv("TIPOFF_CLOCK")), factor;
	uint64_t times, second;

	if (!slice_next(&rest, '@', &factor) ||
	    slice_to_u64(factor, 1000000, &times) != 0 ||
	    slice_to_u64(rest, UINT32_MAX, &second) != 0 || times == 0)
		return (struct pace){ 1, 0 };
	return (struct pace){ (int64_t)times, (int64_t)second * SECOND_US };
}

#else

static struct pace pace_read(void)
{
	return (struct pace){ 1, 0 };
}

#endif

int64_t clock_now(const struct clock *clock)
{
	struct pace pace;
	struct timespec now;
	int64_t real;

	if (clock->is_fixed)
		return clock->fixed;
	clock_gettime(CLOCK_REALTIME, &now);
	real = (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
	pace = pace_read();
	return pace.since + (real - pace.since) * pace.factor;
}

int64_t clock_wait_ms(int64_t time_us)
{
	struct pace pace = pace_read();

	return time_us <= 0 ? 0 : time_us / 1000 / pace.factor + 1;
}

int64_t clock_ticks(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

/* Days since 1970-01-01, counted in years that begin in March, so that the leap day
 * is the last of its year.                                                           */
static int64_t days_from_civil(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t shifted = month > 2 ? month - 3 : month + 9;
	int64_t day_of_year = (153 * shifted + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

static int64_t floor_divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct civil civil_of(int64_t at_us)
{
	int64_t days = floor_divide(at_us, DAY_US);
	int64_t in_day = at_us - days * DAY_US;
	int64_t z = days + 719468;
	int64_t era = floor_divide(z, 146097);
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t shifted = (5 * doy + 2) / 153;
	struct civil civil;

	civil.day = (int)(doy - (153 * shifted + 2) / 5 + 1);
	civil.month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
	civil.year = (int)(yoe + era * 400 + (civil.month <= 2));
	civil.hour = (int)(in_day / HOUR_US);
	civil.minute = (int)(in_day / MINUTE_US % 60);
	civil.second = (int)(in_day / SECOND_US % 60);
	civil.microsecond = (int)(in_day % SECOND_US);
	civil.weekday = (int)(((days + 4) % 7 + 7) % 7);
	return civil;
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

int civil_to_instant(const struct civil *civil, int64_t *at_us)
{
	int second = civil->second == 60 ? 59 : civil->second;

	if (civil->year < 1 || civil->year > 9999 || civil->month < 1 ||
	    civil->month > 12 || civil->day < 1 ||
	    civil->day > month_days(civil->year, civil->month))
		return -1;
	if (civil->hour < 0 || civil->hour > 23 || civil->minute < 0 ||
	    civil->minute > 59 || second < 0 || second > 59 || civil->microsecond < 0 ||
	    civil->microsecond > 999999)
		return -1;
	*at_us = days_from_civil(civil->year, civil->month, civil->day) * DAY_US +
		 civil->hour * HOUR_US + civil->minute * MINUTE_US +
		 second * SECOND_US + civil->microsecond;
	return 0;
}

static char *digits_put(char *at, int value, int count)
{
	for (int i = count; i-- > 0; value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + count;
}

static char *date_put(const struct civil *c, char *at)
{
	at = digits_put(at, c->year, 4);
	*at++ = '-';
	at = digits_put(at, c->month, 2);
	*at++ = '-';
	return digits_put(at, c->day, 2);
}

static char *clock_put(const struct civil *c, char *at)
{
	at = digits_put(at, c->hour, 2);
	*at++ = ':';
	at = digits_put(at, c->minute, 2);
	*at++ = ':';
	return digits_put(at, c->second, 2);
}

/* What is written again and again, of which the year has four digits: "yyyy-mm-dd hh:mm:ss"
 * with `between` and what comes behind.                                                  */
static void stamp_put(const struct civil *c, char between, const char *behind, char *at)
{
	at = date_put(c, at);
	*at++ = between;
	at = clock_put(c, at);
	memcpy(at, behind, strlen(behind) + 1);
}

struct time_text time_format(int64_t at_us, enum time_style style)
{
	struct civil c = civil_of(at_us);
	struct time_text out = { "" };
	size_t room = sizeof out.text;
	bool is_plain = c.year >= 0 && c.year <= 9999;

	switch (style) {
	case TIME_RFC3339:
		if (c.microsecond == 0 && is_plain)
			stamp_put(&c, 'T', "Z", out.text);
		else if (c.microsecond != 0)
			snprintf(out.text, room, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
				 c.year, c.month, c.day, c.hour, c.minute, c.second,
				 c.microsecond);
		else
			snprintf(out.text, room, "%04d-%02d-%02dT%02d:%02d:%02dZ",
				 c.year, c.month, c.day, c.hour, c.minute, c.second);
		break;
	case TIME_MEMO:
		if (is_plain)
			stamp_put(&c, ' ', " +0000", out.text);
		else
			snprintf(out.text, room, "%04d-%02d-%02d %02d:%02d:%02d +0000",
				 c.year, c.month, c.day, c.hour, c.minute, c.second);
		break;
	case TIME_MINUTE:
		snprintf(out.text, room, "%04d-%02d-%02d %02d:%02d UTC", c.year,
			 c.month, c.day, c.hour, c.minute);
		break;
	case TIME_DATE:
		snprintf(out.text, room, "%04d-%02d-%02d", c.year, c.month, c.day);
		break;
	case TIME_CLOCK:
		snprintf(out.text, room, "%02d:%02d:%02d +0000", c.hour, c.minute,
			 c.second);
		break;
	case TIME_RFC5322:
		snprintf(out.text, room, "%s, %02d %s %04d %02d:%02d:%02d +0000",
			 DAYS[c.weekday], c.day, MONTHS[c.month - 1], c.year, c.hour,
			 c.minute, c.second);
		break;
	}
	return out;
}

static int fixed_digits(struct cursor *cursor, size_t count)
{
	uint64_t value = 0;
	struct slice digits = cursor_take(cursor, count);

	if (!cursor->failed && slice_to_u64(digits, 9999, &value) != 0)
		cursor->failed = true;
	return (int)value;
}

static int fraction_us(struct cursor *cursor)
{
	struct slice digits = cursor_while(cursor, ascii_is_digit, 12);
	int value = 0;

	for (size_t i = 0; i < 6; i++)
		value = value * 10 + (i < digits.len ? digits.at[i] - '0' : 0);
	return value;
}

/* "Z" or "+hh:mm" or "+hhmm", in microseconds east of UTC. */
static int64_t offset_us(struct cursor *cursor)
{
	char sign = cursor_byte(cursor);
	int hours, minutes;

	if (sign == 'Z' || sign == 'z')
		return 0;
	if (sign != '+' && sign != '-')
		cursor->failed = true;
	hours = fixed_digits(cursor, 2);
	cursor_try(cursor, S(":"));
	minutes = fixed_digits(cursor, 2);
	if (hours > 23 || minutes > 59)
		cursor->failed = true;
	return (sign == '-' ? -1 : 1) * (hours * HOUR_US + minutes * MINUTE_US);
}

int time_parse(struct slice text, int64_t *at_us)
{
	struct cursor cursor = cursor_of(text);
	struct civil civil = { 0 };
	int64_t offset = 0, at;

	civil.year = fixed_digits(&cursor, 4);
	cursor_literal(&cursor, S("-"));
	civil.month = fixed_digits(&cursor, 2);
	cursor_literal(&cursor, S("-"));
	civil.day = fixed_digits(&cursor, 2);
	if (!cursor_at_end(&cursor)) {
		if (!cursor_try(&cursor, S("T")) && !cursor_try(&cursor, S("t")))
			cursor_literal(&cursor, S(" "));
		civil.hour = fixed_digits(&cursor, 2);
		cursor_literal(&cursor, S(":"));
		civil.minute = fixed_digits(&cursor, 2);
		cursor_literal(&cursor, S(":"));
		civil.second = fixed_digits(&cursor, 2);
		if (cursor_try(&cursor, S(".")))
			civil.microsecond = fraction_us(&cursor);
		cursor_try(&cursor, S(" "));
		offset = offset_us(&cursor);
	}
	if (cursor.failed || !cursor_at_end(&cursor) || civil_to_instant(&civil, &at))
		return -1;
	*at_us = at - offset;
	return 0;
}
