#include "base/zone.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"

enum {
	TZIF_MAX_BYTES = 256 * 1024,
	TZIF_HEADER_BYTES = 44,
	NAME_MAX_BYTES = 128,
	OFFSET_MAX_S = 26 * 3600,
	DAY_S = 86400,
};

struct transition {
	int64_t at_s; /* UTC */
	int32_t offset_s; /* from then on */
};

/* One date of a POSIX TZ rule. */
struct change {
	char form; /* 'M' month, week, day; 'J' day 1 to 365, no leap day; '0' day 0 to 365 */
	int month, week, day;
	int32_t time_s; /* local wall clock before the change */
};

struct posix_rule {
	bool present, has_summer;
	int32_t winter_s, summer_s; /* offsets east of UTC */
	struct change begin, end; /* of summer time */
};

struct zone {
	struct arena *arena;
	const char *name;
	int32_t first_s; /* before the first transition */
	struct transition *transitions;
	size_t count;
	struct posix_rule rule; /* after the last */
};

/* --- POSIX TZ strings (RFC 8536 section 3.3.1) ----------------------------------------- */

static bool is_name_byte(char c)
{
	return ascii_is_alpha(c);
}

static bool is_quoted_name_byte(char c)
{
	return ascii_is_alnum(c) || c == '+' || c == '-';
}

static void abbreviation_skip(struct cursor *cursor)
{
	if (cursor_try(cursor, S("<"))) {
		cursor_while(cursor, is_quoted_name_byte, 32);
		cursor_literal(cursor, S(">"));
	} else if (cursor_while(cursor, is_name_byte, 32).len < 3) {
		cursor->failed = true;
	}
}

/* [+-]h[h[h]][:mm[:ss]] in seconds. */
static int32_t hms_read(struct cursor *cursor)
{
	bool negative = cursor_try(cursor, S("-"));
	uint64_t seconds;

	if (!negative)
		cursor_try(cursor, S("+"));
	seconds = cursor_u64(cursor, 167) * 3600;
	if (cursor_try(cursor, S(":")))
		seconds += cursor_u64(cursor, 59) * 60;
	if (cursor_try(cursor, S(":")))
		seconds += cursor_u64(cursor, 59);
	return negative ? -(int32_t)seconds : (int32_t)seconds;
}

static struct change change_read(struct cursor *cursor)
{
	struct change change = { .form = '0', .time_s = 2 * 3600 };

	cursor_literal(cursor, S(","));
	if (cursor_try(cursor, S("M"))) {
		change.form = 'M';
		change.month = (int)cursor_u64(cursor, 12);
		cursor_literal(cursor, S("."));
		change.week = (int)cursor_u64(cursor, 5);
		cursor_literal(cursor, S("."));
		change.day = (int)cursor_u64(cursor, 6);
		cursor->failed = cursor->failed || change.month < 1 || change.week < 1;
	} else {
		change.form = cursor_try(cursor, S("J")) ? 'J' : '0';
		change.day = (int)cursor_u64(cursor, 365);
		cursor->failed =
			cursor->failed || (change.form == 'J' && change.day < 1);
	}
	if (cursor_try(cursor, S("/")))
		change.time_s = hms_read(cursor);
	return change;
}

static int posix_parse(struct slice text, struct posix_rule *out)
{
	struct cursor cursor = cursor_of(text);
	struct posix_rule rule = { .present = true };
	static const struct change begin = { 'M', 3, 2, 0, 2 * 3600 };
	static const struct change end = { 'M', 11, 1, 0, 2 * 3600 };

	abbreviation_skip(&cursor);
	rule.winter_s = -hms_read(&cursor);
	if (!cursor_at_end(&cursor)) {
		rule.has_summer = true;
		abbreviation_skip(&cursor);
		rule.summer_s = rule.winter_s + 3600;
		rule.begin = begin; /* the rule of the United States, as in POSIX */
		rule.end = end;
		if (!cursor_at_end(&cursor) && cursor_peek(&cursor) != ',')
			rule.summer_s = -hms_read(&cursor);
	}
	if (!cursor_at_end(&cursor)) {
		rule.begin = change_read(&cursor);
		rule.end = change_read(&cursor);
	}
	if (cursor.failed || !cursor_at_end(&cursor) ||
	    abs(rule.winter_s) > OFFSET_MAX_S || abs(rule.summer_s) > OFFSET_MAX_S)
		return -1;
	*out = rule;
	return 0;
}

static int64_t day_of(int year, int month, int day)
{
	struct civil civil = { .year = year, .month = month, .day = day };
	int64_t at = 0;

	if (civil_to_instant(&civil, &at) != 0)
		return 0;
	return at / DAY_US;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Week 5 is the last one of the month. */
static int64_t month_change_day(const struct change *change, int year)
{
	int64_t first = day_of(year, change->month, 1);
	int64_t next = change->month == 12 ? day_of(year, 12, 31) + 1
					   : day_of(year, change->month + 1, 1);
	int weekday = civil_of(first * DAY_US).weekday;
	int64_t day = first + (change->day - weekday + 7) % 7 + (change->week - 1) * 7;

	return day < next ? day : day - 7;
}

/* The local time of a change, in seconds since 1970 as if it were UTC. */
static int64_t change_local_s(const struct change *change, int year)
{
	int64_t day;

	if (change->form == 'M')
		day = month_change_day(change, year);
	else if (change->form == 'J')
		day = day_of(year, 1, 1) + change->day - 1 +
		      (is_leap(year) && change->day > 59);
	else
		day = day_of(year, 1, 1) + change->day;
	return day * DAY_S + change->time_s;
}

static int32_t posix_offset(const struct posix_rule *rule, int64_t utc_s)
{
	int64_t begin, end;
	int year;
	bool summer;

	if (!rule->has_summer)
		return rule->winter_s;
	year = civil_of((utc_s + rule->winter_s) * SECOND_US).year;
	if (year < 2 || year > 9998)
		return rule->winter_s;
	begin = change_local_s(&rule->begin, year) - rule->winter_s;
	end = change_local_s(&rule->end, year) - rule->summer_s;
	if (begin <= end)
		summer = utc_s >= begin && utc_s < end;
	else
		summer = utc_s >= begin || utc_s < end;
	return summer ? rule->summer_s : rule->winter_s;
}

/* --- TZif files (RFC 8536) ---------------------------------------------------------------- */

struct tzif_header {
	char version;
	uint32_t isut, isstd, leaps, times, types, chars;
};

static uint32_t u32_read(struct cursor *cursor)
{
	struct slice bytes = cursor_take(cursor, 4);
	uint32_t value = 0;

	for (size_t i = 0; i < bytes.len; i++)
		value = value << 8 | (uint8_t)bytes.at[i];
	return value;
}

static int64_t time_read(struct cursor *cursor, size_t width)
{
	uint64_t high;

	if (width == 4)
		return (int32_t)u32_read(cursor);
	high = u32_read(cursor);
	return (int64_t)(high << 32 | u32_read(cursor));
}

static struct tzif_header header_read(struct cursor *cursor)
{
	struct tzif_header header;

	cursor_literal(cursor, S("TZif"));
	header.version = cursor_byte(cursor);
	cursor_take(cursor, 15);
	header.isut = u32_read(cursor);
	header.isstd = u32_read(cursor);
	header.leaps = u32_read(cursor);
	header.times = u32_read(cursor);
	header.types = u32_read(cursor);
	header.chars = u32_read(cursor);
	if (header.types < 1 || header.types > 256 ||
	    header.times > TZIF_MAX_BYTES / 5 || header.chars > TZIF_MAX_BYTES ||
	    header.leaps > TZIF_MAX_BYTES / 8 || header.isut > header.types ||
	    header.isstd > header.types)
		cursor->failed = true;
	return header;
}

static void block_skip(struct cursor *cursor, const struct tzif_header *header)
{
	cursor_take(cursor, (size_t)header->times * 5 + (size_t)header->types * 6 +
				    header->chars + (size_t)header->leaps * 8 +
				    header->isstd + header->isut);
}

static void block_read(struct zone *zone, struct cursor *cursor,
		       const struct tzif_header *header, size_t width)
{
	int32_t offsets[256] = { 0 };
	struct slice kinds;

	if (cursor->failed)
		return;
	zone->transitions = ARENA_ARRAY(zone->arena, struct transition, header->times);
	zone->count = header->times;
	for (size_t i = 0; i < header->times; i++) {
		zone->transitions[i].at_s = time_read(cursor, width);
		if (i > 0 && zone->transitions[i].at_s <= zone->transitions[i - 1].at_s)
			cursor->failed = true;
	}
	kinds = cursor_take(cursor, header->times);
	for (size_t i = 0; i < header->types; i++) {
		offsets[i] = (int32_t)u32_read(cursor);
		cursor_take(cursor, 2);
		if (offsets[i] < -OFFSET_MAX_S || offsets[i] > OFFSET_MAX_S)
			cursor->failed = true;
	}
	for (size_t i = 0; i < kinds.len; i++) {
		if ((uint8_t)kinds.at[i] >= header->types)
			cursor->failed = true;
		zone->transitions[i].offset_s = offsets[(uint8_t)kinds.at[i]];
	}
	zone->first_s = offsets[0];
	cursor_take(cursor, header->chars + header->leaps * (width + 4) +
				    header->isstd + header->isut);
}

static void footer_read(struct zone *zone, struct cursor *cursor)
{
	struct slice text;

	cursor_literal(cursor, S("\n"));
	text = cursor_until(cursor, '\n', NAME_MAX_BYTES);
	if (!cursor->failed && text.len > 0 && posix_parse(text, &zone->rule) != 0)
		cursor->failed = true;
}

static struct zone *zone_new(struct slice name)
{
	struct arena *arena = arena_new();
	struct zone *zone = ARENA_NEW(arena, struct zone);

	zone->arena = arena;
	zone->name = arena_cstr(arena, name);
	return zone;
}

struct zone *zone_read(struct slice tzif, struct slice name, struct error *err)
{
	struct zone *zone = zone_new(name);
	struct cursor cursor = cursor_of(tzif);
	struct tzif_header header = header_read(&cursor);

	if (header.version >= '2') {
		block_skip(&cursor, &header);
		header = header_read(&cursor);
		block_read(zone, &cursor, &header, 8);
		footer_read(zone, &cursor);
	} else {
		block_read(zone, &cursor, &header, 4);
	}
	if (!cursor.failed && tzif.len <= TZIF_MAX_BYTES)
		return zone;
	error_set(err, ERROR_SYNTAX,
		  "the time zone file of '" SLICE_FMT "' is damaged (RFC 8536): "
		  "reinstall tzdata",
		  SLICE_ARG(name));
	zone_free(zone);
	return NULL;
}

/* --- opening by name ------------------------------------------------------------------------ */

static bool is_zone_name_byte(char c)
{
	return ascii_is_alnum(c) || c == '/' || c == '_' || c == '-' || c == '+';
}

static bool is_zone_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++) {
		if (!is_zone_name_byte(name.at[i]))
			return false;
	}
	return name.len > 0 && name.at[0] != '/' && name.len <= NAME_MAX_BYTES;
}

static ssize_t file_read(const char *path, char *bytes, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t len = 0;
	ssize_t got;

	if (fd < 0)
		return -1;
	while (len < room && (got = read(fd, bytes + len, room - len)) != 0) {
		if (got < 0 && errno != EINTR)
			break;
		len += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	return (ssize_t)len;
}

static struct zone *file_open(const char *path, struct slice name, struct error *err)
{
	char *bytes = malloc(TZIF_MAX_BYTES + 1);
	struct zone *zone = NULL;
	ssize_t len;

	if (bytes == NULL)
		abort();
	len = file_read(path, bytes, TZIF_MAX_BYTES + 1);
	if (len <= 0)
		error_set(err, ERROR_NOT_FOUND,
			  "no time zone '" SLICE_FMT "': use a name such as "
			  "'Europe/Berlin', an offset such as '+0200', or 'UTC'",
			  SLICE_ARG(name));
	else
		zone = zone_read((struct slice){ bytes, (size_t)len }, name, err);
	free(bytes);
	return zone;
}

static struct zone *named_open(struct slice name, struct error *err)
{
	char path[sizeof ZONE_FOLDER + NAME_MAX_BYTES];

	memcpy(path, ZONE_FOLDER, sizeof ZONE_FOLDER);
	memcpy(path + sizeof ZONE_FOLDER - 1, name.at, name.len);
	path[sizeof ZONE_FOLDER - 1 + name.len] = '\0';
	return file_open(path, name, err);
}

/* "UTC", "Z", "GMT-5", "+0200", "-05:00": hours east, as people write them. */
static int fixed_parse(struct slice name, struct posix_rule *out)
{
	struct cursor cursor = cursor_of(name);
	bool utc = cursor_try(&cursor, S("UTC")) || cursor_try(&cursor, S("GMT")) ||
		   cursor_try(&cursor, S("Z"));
	struct slice digits;
	uint64_t hours, minutes = 0;
	bool west;

	*out = (struct posix_rule){ .present = true };
	if (utc && cursor_at_end(&cursor))
		return 0;
	west = cursor_try(&cursor, S("-"));
	if (!west)
		cursor_literal(&cursor, S("+"));
	digits = cursor_while(&cursor, ascii_is_digit, 4);
	if (cursor_try(&cursor, S(":")) && digits.len <= 2)
		minutes = cursor_u64(&cursor, 59);
	else if (digits.len > 2)
		cursor.failed = cursor.failed ||
				slice_to_u64(slice_from(digits, digits.len - 2), 59,
					     &minutes) != 0;
	if (slice_to_u64(slice_cut(digits, 0, digits.len > 2 ? digits.len - 2 : 2), 19,
			 &hours) != 0 ||
	    cursor.failed || !cursor_at_end(&cursor))
		return -1;
	out->winter_s = (int32_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
	return 0;
}

static struct zone *rule_open(struct slice name, const struct posix_rule *rule)
{
	struct zone *zone = zone_new(name);

	zone->rule = *rule;
	return zone;
}

static struct zone *given_open(struct slice name, struct error *err)
{
	struct posix_rule rule;
	struct zone *zone;

	if (fixed_parse(name, &rule) == 0)
		return rule_open(name, &rule);
	if (is_zone_name(name)) {
		zone = named_open(name, err);
		if (zone != NULL || err->kind != ERROR_NOT_FOUND)
			return zone;
	}
	if (posix_parse(name, &rule) == 0) {
		error_clear(err);
		return rule_open(name, &rule);
	}
	if (!is_zone_name(name))
		error_set(err, ERROR_SYNTAX,
			  "'" SLICE_FMT "' is no time zone: use a name such as "
			  "'Europe/Berlin', an offset such as '+0200', or 'UTC'",
			  SLICE_ARG(name));
	return NULL;
}

static struct zone *system_open(struct error *err)
{
	const char *variable = getenv("TZ");
	struct slice name = slice_of(variable);
	struct posix_rule utc = { .present = true };

	if (variable == NULL && access("/etc/localtime", F_OK) == 0)
		return file_open("/etc/localtime", S("local"), err);
	if (slice_starts(name, S(":")))
		name = slice_from(name, 1);
	if (name.len == 0)
		return rule_open(S("UTC"), &utc);
	if (name.at[0] == '/') /* a path of the user's own environment */
		return file_open(name.at, name, err);
	return given_open(name, err);
}

struct zone *zone_open(struct slice name, struct error *err)
{
	if (name.len == 0 || slice_equal(name, S("local")))
		return system_open(err);
	return given_open(name, err);
}

void zone_free(struct zone *zone)
{
	if (zone != NULL)
		arena_free(zone->arena);
}

const char *zone_name(const struct zone *zone)
{
	return zone->name;
}

/* --- use ---------------------------------------------------------------------------------------- */

/* The last transition at or before utc_s, as an index plus 1. */
static size_t transition_before(const struct zone *zone, int64_t utc_s)
{
	size_t low = 0, high = zone->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->transitions[middle].at_s <= utc_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int64_t floor_seconds(int64_t us)
{
	return us / SECOND_US - (us % SECOND_US < 0);
}

static int32_t offset_at(const struct zone *zone, int64_t utc_s)
{
	size_t before = transition_before(zone, utc_s);

	if (before == zone->count && zone->rule.present)
		return posix_offset(&zone->rule, utc_s);
	return before == 0 ? zone->first_s : zone->transitions[before - 1].offset_s;
}

int32_t zone_offset_s(const struct zone *zone, int64_t utc_us)
{
	return offset_at(zone, floor_seconds(utc_us));
}

int64_t zone_to_utc(const struct zone *zone, int64_t local_us)
{
	int64_t local_s = floor_seconds(local_us);
	int32_t before = offset_at(zone, local_s - DAY_S);
	int32_t after = offset_at(zone, local_s + DAY_S);
	bool before_holds = offset_at(zone, local_s - before) == before;
	bool after_holds = offset_at(zone, local_s - after) == after;

	/* In a gap neither holds: the offset before it moves the time forward. Where both
	 * hold, the time happens twice: the greater offset came first.                   */
	if (after_holds && (!before_holds || after > before))
		before = after;
	return local_us - before * SECOND_US;
}
