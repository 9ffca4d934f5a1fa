#include "event/stamp_fields.h"

#include "base/clock.h"
#include "base/cursor.h"

const char *const STAMP_FIELD_NAMES[FIELD_COUNT] = {
	[FIELD_YEAR] = "Y",
	[FIELD_YEAR2] = "y",
	[FIELD_MONTH] = "m",
	[FIELD_MONTH_NAME] = "B",
	[FIELD_MONTH_ABBREVIATION] = "b",
	[FIELD_DAY] = "d",
	[FIELD_HOUR] = "H",
	[FIELD_HOUR12] = "I",
	[FIELD_HALF] = "p",
	[FIELD_MINUTE] = "M",
	[FIELD_SECOND] = "S",
	[FIELD_FRACTION] = "f",
	[FIELD_YEAR_DAY] = "j",
	[FIELD_WEEKDAY_NAME] = "A",
	[FIELD_WEEKDAY_ABBREVIATION] = "a",
	[FIELD_WEEKDAY] = "w",
	[FIELD_WEEK_SUNDAY] = "U",
	[FIELD_WEEK_MONDAY] = "W",
	[FIELD_OFFSET] = "z",
	[FIELD_ZONE] = "Z",
};

static const char *const MONTHS[] = { "jan", "feb", "mar", "apr", "may", "jun",
				      "jul", "aug", "sep", "oct", "nov", "dec" };
static const char *const DAYS[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

enum { LEAP_YEARS_BACK = 8, NO_OFFSET = INT32_MAX };

static int number(struct slice text, int otherwise)
{
	uint64_t value;

	if (slice_to_u64(slice_trim(text), 9999, &value) != 0)
		return otherwise;
	return (int)value;
}

static uint32_t three_letters(const char *at)
{
	return (uint32_t)(uint8_t)ascii_lower(at[0]) << 16 |
	       (uint32_t)(uint8_t)ascii_lower(at[1]) << 8 | (uint8_t)ascii_lower(at[2]);
}

/* The first three letters tell months and days apart, abbreviated or not. */
static int name_index(struct slice text, const char *const *names, size_t count)
{
	uint32_t wanted = text.len >= 3 ? three_letters(text.at) : 0;

	for (size_t i = 0; i < count; i++) {
		if (three_letters(names[i]) == wanted)
			return (int)i;
	}
	return -1;
}

static int hour_of(const struct stamp_fields *fields)
{
	int hour = number(fields->at[FIELD_HOUR12], -1);
	struct slice half = fields->at[FIELD_HALF];

	if (hour < 0)
		return number(fields->at[FIELD_HOUR], 0);
	if (slice_starts_nocase(half, S("p")))
		return hour == 12 ? 12 : hour + 12;
	return hour == 12 ? 0 : hour;
}

static int microsecond_of(struct slice digits)
{
	int value = 0;

	for (size_t i = 0; i < 6; i++)
		value = value * 10 + (i < digits.len ? digits.at[i] - '0' : 0);
	return value;
}

static int month_of(const struct stamp_fields *fields)
{
	struct slice name = fields->at[FIELD_MONTH_ABBREVIATION];

	if (name.len == 0)
		name = fields->at[FIELD_MONTH_NAME];
	if (name.len > 0)
		return name_index(name, MONTHS, COUNT_OF(MONTHS)) + 1;
	return number(fields->at[FIELD_MONTH], 0);
}

static int year_of(const struct stamp_fields *fields)
{
	int year = number(fields->at[FIELD_YEAR], 0);

	if (year == 0 && fields->at[FIELD_YEAR2].len > 0)
		year = 2000 + number(fields->at[FIELD_YEAR2], 0);
	return year;
}

/* 0 is Sunday; -1 unknown. */
static int weekday_of(const struct stamp_fields *fields)
{
	struct slice name = fields->at[FIELD_WEEKDAY_ABBREVIATION];

	if (name.len == 0)
		name = fields->at[FIELD_WEEKDAY_NAME];
	if (name.len > 0)
		return name_index(name, DAYS, COUNT_OF(DAYS));
	return number(fields->at[FIELD_WEEKDAY], -1);
}

static int weekday_of_new_year(int year)
{
	struct civil first = { .year = year, .month = 1, .day = 1 };
	int64_t at = 0;

	if (civil_to_instant(&first, &at) != 0)
		return 0;
	return civil_of(at).weekday;
}

/* The week of the year, weeks beginning on Sunday or Monday; -1 unknown. */
static int week_of(const struct stamp_fields *fields, bool monday)
{
	return number(fields->at[monday ? FIELD_WEEK_MONDAY : FIELD_WEEK_SUNDAY], -1);
}

static bool has_year_day(const struct stamp_fields *fields)
{
	bool week = week_of(fields, true) >= 0 || week_of(fields, false) >= 0;

	return fields->at[FIELD_YEAR_DAY].len > 0 || (week && weekday_of(fields) >= 0);
}

/* The day of the year, from 1, by %j or by week and weekday. Week 1 begins with the
 * year's first Sunday (or Monday), the days before are of week 0.                    */
static int year_day_of(const struct stamp_fields *fields, int year)
{
	bool monday = week_of(fields, true) >= 0;
	int week = week_of(fields, monday), first, day;

	if (fields->at[FIELD_YEAR_DAY].len > 0)
		return number(fields->at[FIELD_YEAR_DAY], 0);
	first = (weekday_of_new_year(year) + (monday ? 6 : 0)) % 7;
	day = (weekday_of(fields) + (monday ? 6 : 0)) % 7;
	if (first == 0 && week > 0)
		week--;
	return week * 7 + day - first + 1;
}

/* Month and day by the day of the year, where the stamp does not give both. */
static void civil_set_day(struct civil *civil, const struct stamp_fields *fields)
{
	struct civil first = { .year = civil->year, .month = 1, .day = 1 }, that;
	int64_t at = 0;
	int year_day;

	if ((civil->month != 0 && civil->day != 0) || !has_year_day(fields) ||
	    civil_to_instant(&first, &at) != 0)
		return;
	year_day = year_day_of(fields, civil->year);
	that = civil_of(at + (year_day - 1) * DAY_US);
	civil->year = that.year;
	civil->month = that.month;
	civil->day = that.day;
}

static int two_digits(struct cursor *cursor)
{
	return number(cursor_take(cursor, 2), 99);
}

/* Seconds east of UTC, or NO_OFFSET where the stamp has none that can be relied on. */
static int32_t offset_of(struct slice text)
{
	struct cursor cursor = cursor_of(text);
	bool utc = cursor_try(&cursor, S("UTC")) || cursor_try(&cursor, S("GMT")) ||
		   cursor_try(&cursor, S("utc")) || cursor_try(&cursor, S("gmt")) ||
		   cursor_try(&cursor, S("Z")) || cursor_try(&cursor, S("z"));
	char sign;
	int hours, minutes = 0;

	if (utc && cursor_at_end(&cursor))
		return 0;
	sign = cursor_byte(&cursor);
	hours = two_digits(&cursor);
	cursor_try(&cursor, S(":"));
	if (!cursor_at_end(&cursor))
		minutes = two_digits(&cursor);
	if (cursor.failed || !cursor_at_end(&cursor) || (sign != '+' && sign != '-') ||
	    hours > 19 || minutes > 59)
		return NO_OFFSET;
	return (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

/* Abbreviations that stand for one offset wherever the zone database has them today. CST,
 * IST, PST (also Manila's) and their like are left out: the log's own zone counts.      */
static const struct {
	const char *name;
	int16_t minutes;
} ABBREVIATIONS[] = {
	{ "ACDT", 630 }, { "ACST", 570 },  { "ADT", -180 },  { "AEDT", 660 },
	{ "AEST", 600 }, { "AKDT", -480 }, { "AKST", -540 }, { "AWST", 480 },
	{ "CAT", 120 },  { "CEST", 120 },  { "CET", 60 },    { "EAT", 180 },
	{ "EDT", -240 }, { "EEST", 180 },  { "EET", 120 },   { "EST", -300 },
	{ "HKT", 480 },  { "HST", -600 },  { "IDT", 180 },   { "JST", 540 },
	{ "KST", 540 },  { "MDT", -360 },  { "MSK", 180 },   { "MST", -420 },
	{ "NDT", -150 }, { "NST", -210 },  { "NZDT", 780 },  { "NZST", 720 },
	{ "PDT", -420 }, { "PKT", 300 },   { "SAST", 120 },  { "WAT", 60 },
	{ "WEST", 60 },  { "WET", 0 },     { "WIB", 420 },   { "WIT", 540 },
	{ "WITA", 480 },
};

static int32_t abbreviation_offset(struct slice text)
{
	for (size_t i = 0; i < COUNT_OF(ABBREVIATIONS); i++) {
		if (slice_equal_nocase(text, slice_of(ABBREVIATIONS[i].name)))
			return ABBREVIATIONS[i].minutes * 60;
	}
	return NO_OFFSET;
}

static int32_t stamp_offset(const struct stamp_fields *fields)
{
	struct slice text = fields->at[FIELD_OFFSET];
	int32_t offset_s;

	if (text.len == 0)
		text = fields->at[FIELD_ZONE];
	if (text.len == 0)
		return NO_OFFSET;
	offset_s = offset_of(text);
	return offset_s == NO_OFFSET ? abbreviation_offset(text) : offset_s;
}

static int civil_to_utc(const struct civil *civil, const struct zone *zone,
			int32_t offset_s, int64_t *at)
{
	int64_t local;

	if (civil_to_instant(civil, &local) != 0)
		return -1;
	*at = offset_s == NO_OFFSET ? zone_to_utc(zone, local)
				    : local - offset_s * SECOND_US;
	return 0;
}

/* The latest year that does not put the stamp more than a day after the log's end;
 * 29 February needs a leap year.                                                     */
static int year_infer(const struct civil *civil, const struct stamp_fields *fields,
		      const struct stamp_context *context, int32_t offset_s,
		      int64_t *at)
{
	int latest = civil_of(context->written_at + DAY_US).year;

	for (int back = 0; back <= LEAP_YEARS_BACK; back++) {
		struct civil that = *civil;

		that.year = latest - back;
		civil_set_day(&that, fields);
		if (civil_to_utc(&that, context->zone, offset_s, at) == 0 &&
		    *at <= context->written_at + DAY_US)
			return 0;
	}
	return -1;
}

/* A time alone is of the day the log was last written to, or of the day before. */
static int day_infer(struct civil *civil, const struct stamp_context *context,
		     int32_t offset_s, int64_t *at)
{
	int64_t end = context->written_at;
	int64_t east =
		offset_s == NO_OFFSET ? zone_offset_s(context->zone, end) : offset_s;

	for (int back = 0; back < 2; back++) {
		struct civil day = civil_of(end + east * SECOND_US - back * DAY_US);

		civil->year = day.year;
		civil->month = day.month;
		civil->day = day.day;
		if (civil_to_utc(civil, context->zone, offset_s, at) == 0 && *at <= end)
			return 0;
	}
	return -1;
}

int stamp_fields_instant(const struct stamp_fields *fields,
			 const struct stamp_context *context, int64_t *at,
			 enum time_basis *basis)
{
	int32_t offset_s = stamp_offset(fields);
	struct civil civil = {
		.year = year_of(fields),
		.month = month_of(fields),
		.day = number(fields->at[FIELD_DAY], 0),
		.hour = hour_of(fields),
		.minute = number(fields->at[FIELD_MINUTE], 0),
		.second = number(fields->at[FIELD_SECOND], 0),
		.microsecond = microsecond_of(fields->at[FIELD_FRACTION]),
	};

	if (civil.second > 59) /* leap seconds, and 61 as strptime has it */
		civil.second = 59;
	*basis = offset_s == NO_OFFSET ? TIME_BASIS_ZONE : TIME_BASIS_FULL;
	if (civil.year != 0) {
		civil_set_day(&civil, fields);
		return civil_to_utc(&civil, context->zone, offset_s, at);
	}
	*basis = TIME_BASIS_YEAR;
	if (civil.month == 0 && civil.day == 0 && !has_year_day(fields))
		return day_infer(&civil, context, offset_s, at);
	return year_infer(&civil, fields, context, offset_s, at);
}
