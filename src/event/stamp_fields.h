/* event/stamp_fields.h - the parts of a time stamp, and the instant they mean.
 *
 * Each part is the text of one %-field, borrowed; empty where the stamp has none. The
 * expression that found them has checked their shape, the calendar is checked here.
 * A zone is taken from the stamp where it is "Z", "UTC", "GMT", an offset, or one of the
 * abbreviations that mean one offset only (PDT, CET, ...): those such as CST or IST mean
 * several zones, so the log's own zone counts.                                        */
#ifndef EVENT_STAMP_FIELDS_H
#define EVENT_STAMP_FIELDS_H

#include "base/slice.h"
#include "base/zone.h"
#include "event/event.h"

enum stamp_field {
	FIELD_YEAR,
	FIELD_YEAR2,
	FIELD_MONTH,
	FIELD_MONTH_NAME,
	FIELD_MONTH_ABBREVIATION,
	FIELD_DAY,
	FIELD_HOUR,
	FIELD_HOUR12,
	FIELD_HALF, /* am, pm */
	FIELD_MINUTE,
	FIELD_SECOND,
	FIELD_FRACTION,
	FIELD_YEAR_DAY,
	FIELD_WEEKDAY_NAME,
	FIELD_WEEKDAY_ABBREVIATION,
	FIELD_WEEKDAY, /* 0 is Sunday */
	FIELD_WEEK_SUNDAY, /* week of the year, weeks begin on Sunday */
	FIELD_WEEK_MONDAY,
	FIELD_OFFSET,
	FIELD_ZONE,
	FIELD_COUNT,
};
/* The name of the group that holds a field: its letter after %. */
extern const char *const STAMP_FIELD_NAMES[FIELD_COUNT];

struct stamp_fields {
	struct slice at[FIELD_COUNT];
};

struct stamp_context {
	const struct zone *zone;
	int64_t written_at; /* no stamp without a year lies a day after this */
};

MUST_CHECK int stamp_fields_instant(const struct stamp_fields *fields,
				    const struct stamp_context *context, int64_t *at,
				    enum time_basis *basis);

#endif
