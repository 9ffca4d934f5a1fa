#include "delivery/hours.h"

#include "base/zone.h"

enum { DAYS = 7, EVERY_DAY = (1 << DAYS) - 1, DAY_MINUTES = 24 * 60 };

struct hours {
	unsigned days; /* bit 0 is Sunday */
	int64_t from, to; /* minutes of the day; to <= from runs over midnight        */
	struct slice zone;
};

static int day_find(struct slice word)
{
	static const char *const names[DAYS] = { "sun", "mon", "tue", "wed",
						 "thu", "fri", "sat" };

	for (int i = 0; i < DAYS; i++)
		if (slice_equal_nocase(word, slice_of(names[i])))
			return i;
	return -1;
}

/* "mon", "mon-fri", "fri-mon" */
static int days_add(struct slice word, unsigned *days)
{
	ptrdiff_t dash = slice_find_byte(word, '-');
	int first = day_find(slice_cut(word, 0, dash < 0 ? word.len : (size_t)dash));
	int last = dash < 0 ? first : day_find(slice_from(word, (size_t)dash + 1));

	if (first < 0 || last < 0)
		return -1;
	for (int day = first;; day = (day + 1) % DAYS) {
		*days |= 1u << day;
		if (day == last)
			return 0;
	}
}

static int days_parse(struct slice words, unsigned *out)
{
	struct slice word;

	*out = 0;
	while (words.len && slice_next(&words, ',', &word))
		if (days_add(word, out) != 0)
			return -1;
	return *out ? 0 : -1;
}

static int minute_parse(struct slice text, int64_t *out)
{
	uint64_t hour, minute;

	if (text.len != 5 || text.at[2] != ':' ||
	    slice_to_u64(slice_cut(text, 0, 2), 24, &hour) != 0 ||
	    slice_to_u64(slice_cut(text, 3, 5), 59, &minute) != 0 ||
	    (hour == 24 && minute))
		return -1;
	*out = (int64_t)(hour * 60 + minute);
	return 0;
}

static int row_parse(struct slice row, struct hours *out)
{
	struct slice rest = row, word = { NULL, 0 };
	struct hours hours = { .days = EVERY_DAY, .zone = S("") };
	ptrdiff_t dash;

	if (!slice_next(&rest, ' ', &word))
		return -1;
	if (word.len && !ascii_is_digit(word.at[0])) {
		if (days_parse(word, &hours.days) != 0)
			return -1;
		rest = slice_trim(rest);
		if (!rest.len || !slice_next(&rest, ' ', &word))
			return -1;
	}
	dash = slice_find_byte(word, '-');
	if (dash < 0 || minute_parse(slice_cut(word, 0, (size_t)dash), &hours.from) ||
	    minute_parse(slice_from(word, (size_t)dash + 1), &hours.to) ||
	    hours.from == hours.to || hours.from == DAY_MINUTES)
		return -1;
	hours.zone = slice_trim(rest);
	*out = hours;
	return 0;
}

static int row_read(struct slice row, struct hours *out, struct zone **zone,
		    struct error *err)
{
	if (row_parse(row, out) != 0)
		return error_set(err, ERROR_CONFIG,
				 "[send] window: '" SLICE_FMT
				 "' is no such row; write 'mon-fri 08:00-18:00 "
				 "Europe/Berlin'",
				 SLICE_ARG(row));
	*zone = zone_open(out->zone, err);
	if (*zone)
		return 0;
	err->kind = ERROR_CONFIG;
	return error_context(err, "[send] window");
}

int hours_check(const struct slices *rows, struct error *err)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct hours hours;
		struct zone *zone;

		if (row_read(rows->at[i], &hours, &zone, err) != 0)
			return -1;
		zone_free(zone);
	}
	return 0;
}

static bool is_inside(const struct hours *hours, const struct zone *zone, int64_t at)
{
	struct civil local = civil_of(at + zone_offset_s(zone, at) * SECOND_US);
	int64_t minute = local.hour * 60 + local.minute;
	unsigned today = 1u << local.weekday;
	unsigned before = 1u << (local.weekday + DAYS - 1) % DAYS;

	if (hours->from < hours->to)
		return (hours->days & today) && minute >= hours->from &&
		       minute < hours->to;
	return ((hours->days & today) && minute >= hours->from) ||
	       ((hours->days & before) && minute < hours->to);
}

/* Minute by minute: at most a week of them, and clocks that are put forward or back need
 * no thought. A row that a change of clocks swallows whole comes a week later.          */
static int64_t row_next(const struct hours *hours, const struct zone *zone, int64_t at)
{
	int64_t minute = at - at % MINUTE_US;

	if (is_inside(hours, zone, at))
		return at;
	for (int i = 0; i < 2 * DAYS * DAY_MINUTES; i++) {
		minute += MINUTE_US;
		if (is_inside(hours, zone, minute))
			break;
	}
	return minute;
}

int hours_next(const struct slices *rows, int64_t at, int64_t *out, struct error *err)
{
	int64_t best = INT64_MAX;

	for (size_t i = 0; i < rows->count; i++) {
		struct hours hours;
		struct zone *zone;
		int64_t next;

		if (row_read(rows->at[i], &hours, &zone, err) != 0)
			return -1;
		next = row_next(&hours, zone, at);
		best = next < best ? next : best;
		zone_free(zone);
	}
	*out = rows->count ? best : at;
	return 0;
}
