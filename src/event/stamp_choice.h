/* event/stamp_choice.h - the date templates that a log uses, tried before all others.
 *
 * A choice grows in the ordered commit only (stamp_choice_learn()), from the first dated
 * lines of a log on; a copy of it is what threads match with. What it decides depends on
 * the line and on the choice alone, so any split of the log gives the same dates.
 *
 * stamp_choice_find  STAMP_FOUND: `at` and `basis` are set, [start, end) is to be cut out.
 *                    STAMP_NONE: the choice cannot tell; stamp_find() has to, in order.
 *                    Of several templates the one nearest to the line's begin counts, and
 *                    one that stands farther off than stamp_find() ever took it from is
 *                    not believed: a date inside a message is text somebody chose.
 *
 * A memo belongs to one thread: neighbouring lines share their date. It remembers the
 * first bytes of a line that decide the match whatever follows them, and what they mean. */
#ifndef EVENT_STAMP_CHOICE_H
#define EVENT_STAMP_CHOICE_H

#include "event/stamp.h"

enum { STAMP_CHOICES_MAX = 8, STAMP_MEMO_BYTES = 96 };

struct stamp_choice {
	size_t count;
	struct {
		size_t template; /* index into the set                       */
		size_t far; /* the farthest begin it was taken from     */
	} at[STAMP_CHOICES_MAX];
};

struct stamp_memo {
	const struct stamp_template *template; /* NULL: nothing kept         */
	struct stamp stamp;
	size_t decided_len; /* of the prefix: the bytes that decide the match */
	size_t tail; /* which length behind the date served last       */
	char prefix[STAMP_MEMO_BYTES];
	/* Where the digits of the second and of its fraction stand, which may be others in
	 * a line that begins alike; length 0: they may not.                             */
	struct stamp_digits {
		size_t at, len;
	} second, fraction;
	int64_t minute_at; /* the instant at which the minute began          */
	/* The last text with an instant, wherever it stood. */
	const struct stamp_template *text_template;
	size_t text_len;
	char text[STAMP_MEMO_BYTES];
	struct stamp text_stamp;
	unsigned misses; /* in a row: dates that never repeat are not worth keeping */
};

struct stamp_reading {
	const struct stamp_set *set;
	const struct stamp_context *context;
	const struct stamp_choice *choice;
	struct stamp_memo *memo;
	struct expression_scratch *scratch;
};

enum stamp_result stamp_choice_find(const struct stamp_reading *reading,
				    struct slice text, bool ascii, struct stamp *out);

/* What stamp_find() found. True where the choice grew by a template: what was decided by
 * a copy of it made before may be decided otherwise now.                              */
bool stamp_choice_learn(struct stamp_choice *choice, size_t template, size_t begin);

#endif
