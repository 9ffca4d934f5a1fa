/* event/stamp_template.h - what a time stamp may look like: date patterns, compiled.
 *
 * stamp_set_new  an empty `datepattern`: the default templates, each preceded by a twin
 *                that is anchored to the line's begin. Otherwise one pattern a line, as
 *                fail2ban reads them: %-fields (also %Ex..), {DATE}, {DEFAULT},
 *                {^LN-BEG}, {UNB}, {NONE}, ** (no word boundary), EPOCH, LEPOCH,
 *                {EPOCH}, TAI64N, and any expression around them. Group 1, or the whole
 *                pattern where it has none, is what is cut out of the line.
 * Immutable once made. ERROR_SYNTAX names the pattern.                               */
#ifndef EVENT_STAMP_TEMPLATE_H
#define EVENT_STAMP_TEMPLATE_H

#include "event/expression.h"
#include "event/stamp_fields.h"

enum stamp_kind {
	STAMP_FIELDS,
	STAMP_EPOCH,
	STAMP_LONG_EPOCH, /* 13 digits are milliseconds, 16 microseconds */
	STAMP_TAI64N,
};

struct stamp_template {
	struct slice text; /* of the expression; tells templates apart */
	struct slice pattern; /* as people write it: with %-fields     */
	enum stamp_kind kind;
	bool anchored; /* to the begin or end of the line              */
	bool is_default; /* no pattern of a filter's: digits of seconds are all alike */
	unsigned weight;
	unsigned value_group; /* of epoch seconds                      */
	unsigned groups[FIELD_COUNT];
	struct expression *expression;
};

struct stamp_set {
	struct arena *arena;
	struct slice pattern; /* as given */
	struct stamp_template *at;
	size_t count, room;
	bool may_cut_words; /* a date may end before a letter or digit */
	bool keeps_blanks; /* none stands between two letters with a blank less */
	struct slice adding; /* the pattern that is being compiled */
	bool adding_default; /* it is one of ours */
};

MUST_CHECK struct stamp_set *stamp_set_new(struct slice datepattern, struct error *err);
void stamp_set_free(struct stamp_set *set); /* NULL is fine */

#endif
