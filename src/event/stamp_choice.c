#include "event/stamp_choice.h"

#include "base/clock.h"
#include "event/stamp_instant.h"

#include <string.h>

/* How many bytes behind a date may be needed to know that it ends there, tried in turn
 * from the one that served last. */
static const size_t TAILS[] = { 1, 2, 6, 16 };
/* After this many lines in a row that share no date, memos are made only now and then. */
enum { MISSES_MAX = 64, MISSES_RETRY = 1024 };

static bool same_bytes(const struct stamp_memo *memo, struct slice text, size_t from,
		       size_t to)
{
	return bytes_equal(text.at + from, memo->prefix + from, to - from);
}

/* The digits as microseconds, the first of them worth `unit`; false: not all are digits. */
static bool digits_read(struct slice text, struct stamp_digits digits, int64_t unit,
			int64_t *at)
{
	for (size_t i = 0; i < digits.len; i++, unit /= 10) {
		char c = text.at[digits.at + i];

		if (!ascii_is_digit(c))
			return false;
		*at += (c - '0') * unit;
	}
	return true;
}

/* The line begins as the kept one does, but for digits within its minute. */
static bool memo_moves(const struct stamp_memo *memo, struct slice text, int64_t *at)
{
	const struct stamp_digits *second = &memo->second, *fraction = &memo->fraction;
	size_t behind = second->at + second->len;

	if (second->len == 0 || text.at[second->at] > '5' ||
	    !same_bytes(memo, text, 0, second->at))
		return false;
	*at = memo->minute_at;
	if (!digits_read(text, *second, 10 * SECOND_US, at))
		return false;
	if (fraction->len == 0)
		return same_bytes(memo, text, behind, memo->decided_len);
	return same_bytes(memo, text, behind, fraction->at) &&
	       digits_read(text, *fraction, SECOND_US / 10, at) &&
	       same_bytes(memo, text, fraction->at + fraction->len, memo->decided_len);
}

static bool memo_serves(const struct stamp_memo *memo, struct slice text,
			struct stamp *out)
{
	int64_t at = memo->stamp.at;

	if (memo->template == NULL || text.len < memo->decided_len ||
	    (!same_bytes(memo, text, 0, memo->decided_len) &&
	     !memo_moves(memo, text, &at)))
		return false;
	*out = memo->stamp;
	out->at = at;
	return true;
}

/* Whether all of a stamp's minute become instants in the same way: its zone does not change
 * near it, and a year that was inferred stays the same, as it does unless the minute is near
 * to where the log ends, or a year before that (stamp_fields.c).                        */
static bool minute_is_whole(const struct stamp_reading *reading,
			    const struct stamp *stamp)
{
	const struct zone *zone = reading->context->zone;
	int64_t latest = reading->context->written_at + DAY_US;

	if (stamp->basis == TIME_BASIS_FULL)
		return true;
	if (zone_offset_s(zone, stamp->at - DAY_US) !=
	    zone_offset_s(zone, stamp->at + DAY_US))
		return false;
	if (stamp->basis != TIME_BASIS_YEAR)
		return true;
	return stamp->at + MINUTE_US < latest && stamp->at + 363 * DAY_US > latest;
}

static struct stamp_digits digits_of(const struct stamp_reading *reading,
				     struct slice text, unsigned group)
{
	struct slice digits = expression_capture(reading->scratch, group);

	if (group == 0 || digits.len == 0)
		return (struct stamp_digits){ 0, 0 };
	return (struct stamp_digits){ (size_t)(digits.at - text.at), digits.len };
}

/* The scratch holds the match of `stamp`. */
static void memo_loosen(const struct stamp_reading *reading,
			const struct stamp_template *template, struct slice text,
			const struct stamp *stamp)
{
	struct stamp_memo *memo = reading->memo;
	int64_t within = 0;

	memo->second = memo->fraction = (struct stamp_digits){ 0, 0 };
	if (!template->is_default || template->kind != STAMP_FIELDS ||
	    template->groups[FIELD_DAY] == 0 || !minute_is_whole(reading, stamp))
		return;
	memo->fraction = digits_of(reading, text, template->groups[FIELD_FRACTION]);
	memo->second = digits_of(reading, text, template->groups[FIELD_SECOND]);
	if (memo->second.len == 2 && text.at[memo->second.at] <= '5' &&
	    digits_read(text, memo->second, 10 * SECOND_US, &within) &&
	    digits_read(text, memo->fraction, SECOND_US / 10, &within))
		memo->minute_at = stamp->at - within;
	else
		memo->second.len = 0;
}

/* Whether a match of `whole` at the line's begin comes out whatever stands behind the
 * first `len` bytes: PCRE2 says so where it need not look past them.                  */
static bool is_decided(const struct stamp_template *template,
		       struct expression_scratch *scratch, struct slice text,
		       bool ascii, size_t len, size_t end)
{
	size_t found_end;

	if (len > text.len || len > STAMP_MEMO_BYTES)
		return false;
	return expression_match_decided(template->expression, scratch,
					slice_cut(text, 0, len), ascii, &found_end) &&
	       found_end == end;
}

/* Keeps the find for lines that begin alike. Only ASCII, so that no character is cut. */
static void memo_make(const struct stamp_reading *reading,
		      const struct stamp_template *template, struct slice text,
		      size_t end, const struct stamp *stamp)
{
	struct stamp_memo *memo = reading->memo;

	memo->template = NULL;
	if (memo->misses++ >= MISSES_MAX && memo->misses % MISSES_RETRY != 0)
		return;
	memo_loosen(reading, template, text, stamp);
	for (size_t tries = 0; tries < COUNT_OF(TAILS); tries++) {
		size_t i = (memo->tail + tries) % COUNT_OF(TAILS);
		size_t len = end + TAILS[i];

		if (!is_decided(template, reading->scratch, text, true, len, end))
			continue;
		memo->tail = i;
		memcpy(memo->prefix, text.at, len);
		memo->decided_len = len;
		memo->template = template;
		memo->stamp = *stamp;
		return;
	}
}

/* What the scratch's last match means; neighbours with the same text share it. */
static int instant_read(const struct stamp_reading *reading,
			const struct stamp_template *template, struct stamp *stamp)
{
	struct stamp_memo *memo = reading->memo;
	struct slice whole = expression_capture(reading->scratch, 0);

	if (memo->text_template == template &&
	    slice_equal((struct slice){ memo->text, memo->text_len }, whole)) {
		stamp->at = memo->text_stamp.at;
		stamp->basis = memo->text_stamp.basis;
		return 0;
	}
	if (stamp_instant(template, reading->context, reading->scratch, &stamp->at,
			  &stamp->basis) != 0)
		return -1;
	memo->text_template = NULL;
	if (whole.len > STAMP_MEMO_BYTES)
		return 0;
	memcpy(memo->text, whole.at, whole.len);
	memo->text_len = whole.len;
	memo->text_template = template;
	memo->text_stamp = *stamp;
	return 0;
}

/* The last match of the scratch as a stamp; -1 where it is no date, or an empty one. */
static int stamp_read(const struct stamp_reading *reading, size_t index,
		      struct slice text, struct stamp *out)
{
	struct slice whole = expression_capture(reading->scratch, 0);
	struct slice cut = expression_capture(reading->scratch, 1);
	struct stamp stamp = { .template = index };

	if (cut.at == NULL || cut.len == 0 ||
	    instant_read(reading, &reading->set->at[index], &stamp) != 0)
		return -1;
	stamp.begin = (size_t)(whole.at - text.at);
	stamp.start = (size_t)(cut.at - text.at);
	stamp.end = stamp.start + cut.len;
	*out = stamp;
	return 0;
}

/* The begin and end of a template's match, searched in the whole line. */
static bool template_hits(const struct stamp_reading *reading, size_t index,
			  struct slice text, bool ascii, struct slice *whole)
{
	if (expression_match(reading->set->at[index].expression, reading->scratch, text,
			     ascii, 0) != EXPRESSION_HIT)
		return false;
	*whole = expression_capture(reading->scratch, 0);
	return true;
}

/* The one nearest to the line's begin; `count` where there is none. The scratch holds
 * the match of the one that was asked last.                                           */
static size_t nearest(const struct stamp_reading *reading, struct slice text,
		      bool ascii, size_t *asked, struct slice *match)
{
	const struct stamp_choice *choice = reading->choice;
	size_t best = choice->count;

	for (size_t i = 0; i < choice->count; i++) {
		struct slice whole;

		*asked = i;
		if (!template_hits(reading, choice->at[i].template, text, ascii,
				   &whole))
			continue;
		if (best < choice->count && whole.at >= match->at)
			continue;
		best = i;
		*match = whole;
		if (whole.at == text.at)
			break;
	}
	return best;
}

enum stamp_result stamp_choice_find(const struct stamp_reading *reading,
				    struct slice text, bool ascii, struct stamp *out)
{
	const struct stamp_choice *choice = reading->choice;
	size_t asked = 0, best, template;
	struct slice match = { 0 };

	if (memo_serves(reading->memo, text, out)) {
		reading->memo->misses = 0;
		return STAMP_FOUND;
	}
	best = nearest(reading, text, ascii, &asked, &match);
	if (best == choice->count ||
	    (size_t)(match.at - text.at) > choice->at[best].far)
		return STAMP_NONE;
	template = choice->at[best].template;
	if ((asked != best && !template_hits(reading, template, text, ascii, &match)) ||
	    stamp_read(reading, template, text, out) != 0)
		return STAMP_NONE;
	if (ascii && match.at == text.at && best == 0)
		memo_make(reading, &reading->set->at[template], text, match.len, out);
	return STAMP_FOUND;
}

bool stamp_choice_learn(struct stamp_choice *choice, size_t template, size_t begin)
{
	for (size_t i = 0; i < choice->count; i++) {
		if (choice->at[i].template != template)
			continue;
		if (choice->at[i].far < begin)
			choice->at[i].far = begin;
		return false;
	}
	if (choice->count == STAMP_CHOICES_MAX)
		return false;
	choice->at[choice->count].template = template;
	choice->at[choice->count++].far = begin;
	return true;
}
