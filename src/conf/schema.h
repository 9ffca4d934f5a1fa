/* conf/schema.h - every key of the configuration as a row.
 *
 * The one place that knows section, key, type, bounds, default and help: settings.c reads
 * by it, `tipoff init` and tipoff.conf(5)'s test walk it.                                */
#ifndef CONF_SCHEMA_H
#define CONF_SCHEMA_H

#include "conf/settings.h"

enum schema_type {
	SCHEMA_TEXT, /* struct slice, one line                                    */
	SCHEMA_LIST, /* struct slices, separated by blanks or newlines            */
	SCHEMA_LINES, /* struct slices, one a line (may hold blanks)               */
	SCHEMA_COUNT, /* int64_t                                                   */
	SCHEMA_DURATION, /* int64_t microseconds: "90 s", "15m", "24 h", "3 d"        */
	SCHEMA_BOOL, /* bool: yes or no, or the two of `choices` */
	SCHEMA_CONSENT, /* enum consent: ask, yes or no                              */
	SCHEMA_CHOICE, /* struct slice, one of `choices`                            */
};

struct schema_row {
	const char *section, *key;
	enum schema_type type;
	size_t offset; /* into struct settings; of "contact" into settings_contact  */
	int64_t least, most; /* bounds of counts and of durations (in seconds)       */
	const char
		*otherwise; /* default as it would be written; "" for none          */
	const char *choices; /* "sendmail|smtp", NULL                                */
	const char *help; /* one sentence for tipoff.conf(5)                      */
};
extern const char schema_report_formats[]; /* what [contact] format may be */
extern const struct schema_row schema[];
extern const size_t schema_count;

#endif
