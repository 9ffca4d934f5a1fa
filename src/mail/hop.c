#include "mail/hop.h"

#include "base/clock.h"
#include "base/cursor.h"

enum { COMMENTS_MAX = 8, DEPTH_MAX = 4, WORDS_MAX = 64 };

/* ---- the date ---- */

static const char *const MONTHS[] = { "jan", "feb", "mar", "apr", "may", "jun",
				      "jul", "aug", "sep", "oct", "nov", "dec" };

static bool month_read(struct cursor *cursor, int *month)
{
	struct slice word = cursor_while(cursor, ascii_is_alpha, 9);

	for (size_t i = 0; i < COUNT_OF(MONTHS); i++)
		if (word.len == 3 && slice_equal_nocase(word, slice_of(MONTHS[i])))
			*month = (int)i + 1;
	return *month != 0;
}

/* RFC 5322 section 4.3: minutes east of UTC. */
static bool zone_read(struct cursor *cursor, int64_t *minutes)
{
	static const struct {
		const char *name;
		int hours;
	} names[] = { { "UT", 0 },   { "UTC", 0 },  { "GMT", 0 },  { "Z", 0 },
		      { "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 },
		      { "MST", -7 }, { "MDT", -6 }, { "PST", -8 }, { "PDT", -7 } };
	char sign = cursor_peek(cursor);
	struct slice digits;
	uint64_t number = 0;

	if (sign == '+' || sign == '-') {
		(void)cursor_byte(cursor);
		digits = cursor_while(cursor, ascii_is_digit, 4);
		if (digits.len != 4 || slice_to_u64(digits, 1459, &number) != 0)
			return false;
		*minutes = (int64_t)(number / 100 * 60 + number % 100);
		*minutes = sign == '-' ? -*minutes : *minutes;
		return number % 100 < 60;
	}
	digits = cursor_while(cursor, ascii_is_alpha, 5);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (slice_equal_nocase(digits, slice_of(names[i].name))) {
			*minutes = names[i].hours * INT64_C(60);
			return true;
		}
	return false;
}

static void clock_read(struct cursor *cursor, struct civil *civil)
{
	civil->hour = (int)cursor_u64(cursor, 23);
	cursor_literal(cursor, S(":"));
	civil->minute = (int)cursor_u64(cursor, 59);
	if (cursor_try(cursor, S(":")))
		civil->second = (int)cursor_u64(cursor, 60);
	cursor_spaces(cursor);
}

int hop_date(struct slice text, int64_t *at)
{
	struct cursor cursor = cursor_of(slice_trim(text));
	ptrdiff_t comma = slice_find_byte(text, ',');
	struct civil civil = { .month = 0 };
	int64_t minutes = 0, instant;

	if (comma >= 0)
		cursor = cursor_of(slice_from(text, (size_t)comma + 1));
	cursor_spaces(&cursor);
	civil.day = (int)cursor_u64(&cursor, 31);
	cursor_spaces(&cursor);
	if (!month_read(&cursor, &civil.month))
		return -1;
	cursor_spaces(&cursor);
	civil.year = (int)cursor_u64(&cursor, 9999);
	cursor_spaces(&cursor);
	clock_read(&cursor, &civil);
	if (!zone_read(&cursor, &minutes) || cursor.failed || civil.year < 1970 ||
	    civil_to_instant(&civil, &instant) != 0)
		return -1;
	cursor_spaces(&cursor);
	if (!cursor_at_end(&cursor) && cursor_peek(&cursor) != '(')
		return -1;
	*at = instant - minutes * MINUTE_US;
	return 0;
}

/* ---- the words ---- */

static bool ends_word(char c)
{
	return ascii_is_space(c) || c == '(' || c == ')' || c == ';';
}

static bool in_word(char c)
{
	return !ends_word(c);
}

/* What stands between a '(' and its ')'. A backslash could hide either. */
static struct slice comment_take(struct cursor *cursor)
{
	struct slice rest = cursor_rest(cursor);
	size_t depth = 0;

	for (size_t i = 0; i < rest.len; i++) {
		if (rest.at[i] == '\\')
			break;
		if (rest.at[i] == '(' && ++depth > DEPTH_MAX)
			break;
		if (rest.at[i] == ')' && --depth == 0) {
			(void)cursor_take(cursor, i + 1);
			cursor_spaces(cursor);
			return slice_cut(rest, 1, i);
		}
	}
	cursor->failed = true;
	return (struct slice){ NULL, 0 };
}

static struct slice word_take(struct cursor *cursor)
{
	struct slice word = cursor_while(cursor, in_word, 512);

	cursor_spaces(cursor);
	return word;
}

struct comments {
	struct slice at[COMMENTS_MAX];
	size_t count;
};

static void comments_take(struct cursor *cursor, struct comments *out)
{
	while (cursor_peek(cursor) == '(') {
		if (out->count == COMMENTS_MAX) {
			cursor->failed = true;
			return;
		}
		out->at[out->count++] = comment_take(cursor);
	}
}

/* The rest up to the date: a second "from" or "by" makes it unclear. */
static bool rest_read(struct cursor *cursor, struct hop *out)
{
	bool is_protocol = false;

	for (int words = 0; words < WORDS_MAX; words++) {
		struct slice word;

		while (cursor_peek(cursor) == '(')
			(void)comment_take(cursor);
		if (cursor_at_end(cursor) || cursor_peek(cursor) == ';')
			return !cursor->failed;
		word = word_take(cursor);
		if (slice_equal_nocase(word, S("by")) ||
		    slice_equal_nocase(word, S("from")))
			return false;
		if (is_protocol && !out->protocol.len)
			out->protocol = word;
		is_protocol = slice_equal_nocase(word, S("with"));
	}
	return false;
}

/* ---- the peer ---- */

/* "203.0.113.9", "IPv6:2001:db8::1". */
static bool bare_read(struct slice text, struct address *out)
{
	if (slice_starts_nocase(text, S("IPv6:")))
		text = slice_from(text, 5);
	return address_parse(text, out) == 0;
}

/* "[203.0.113.9]" or "[203.0.113.9]:port" at the front; what follows is left in *rest. */
static bool bracketed_read(struct slice *rest, struct address *out)
{
	ptrdiff_t close = slice_find_byte(*rest, ']');
	size_t end;

	if (close < 0 || rest->at[0] != '[' ||
	    !bare_read(slice_cut(*rest, 1, (size_t)close), out))
		return false;
	end = (size_t)close + 1;
	if (end < rest->len && rest->at[end] == ':') {
		end++;
		while (end < rest->len && ascii_is_digit(rest->at[end]))
			end++;
	}
	*rest = slice_from(*rest, end);
	return true;
}

static bool has_no_bracket(struct slice text)
{
	return slice_find_byte(text, '[') < 0 && slice_find_byte(text, ']') < 0;
}

/* "NAME [ADDRESS]", "NAME [ADDRESS] (may be forged)". */
static bool named_read(struct slice comment, struct address *out)
{
	ptrdiff_t blank = slice_find_byte(comment, ' ');
	struct slice rest = slice_from(comment, (size_t)(blank + 1));

	return blank > 0 && has_no_bracket(slice_cut(comment, 0, (size_t)blank)) &&
	       rest.len && bracketed_read(&rest, out) &&
	       (!rest.len || slice_equal(rest, S(" (may be forged)")));
}

/* "[ADDRESS]", "[ADDRESS] helo=HELO", with " ident=WHO" and "port=..." as Exim has them. */
static bool exim_read(struct slice comment, struct address *out)
{
	struct slice part;

	if (!comment.len || !bracketed_read(&comment, out))
		return false;
	if (!comment.len)
		return true;
	if (comment.at[0] != ' ')
		return false;
	comment = slice_from(comment, 1);
	while (comment.len && slice_next(&comment, ' ', &part))
		if (!slice_starts(part, S("helo=")) &&
		    !slice_starts(part, S("ident=")) && !slice_starts(part, S("port=")))
			return false;
	return true;
}

static bool qmail_read(const struct comments *comments, struct address *out)
{
	struct slice last = comments->at[1];
	ptrdiff_t at = slice_find_last_byte(last, '@');

	return comments->count == 2 && slice_starts(comments->at[0], S("HELO ")) &&
	       bare_read(slice_from(last, (size_t)(at + 1)), out);
}

static bool peer_read(const struct comments *comments, struct hop *out)
{
	struct slice first = comments->at[0], from = out->from;

	if (slice_starts(first, S("HELO ")))
		return qmail_read(comments, &out->peer);
	if (slice_starts(first, S("helo=")))
		return bracketed_read(&from, &out->peer) && !from.len &&
		       slice_find_byte(first, ' ') < 0;
	if (slice_starts(first, S("[")))
		return exim_read(first, &out->peer);
	if (slice_equal(out->protocol, S("Microsoft")) && bare_read(first, &out->peer))
		return true;
	return named_read(first, &out->peer);
}

static struct slice undotted(struct slice host)
{
	return slice_ends(host, S(".")) ? slice_cut(host, 0, host.len - 1) : host;
}

/* Everything before the date. */
static enum hop_shape shape_read(struct slice field, struct hop *out)
{
	struct cursor cursor = cursor_of(field);
	struct comments comments = { .count = 0 };
	bool is_from;

	is_from = slice_starts_nocase(field, S("from "));
	if (is_from) {
		(void)cursor_take(&cursor, 5);
		cursor_spaces(&cursor);
		out->from = word_take(&cursor);
		comments_take(&cursor, &comments);
	}
	if (!slice_starts_nocase(cursor_rest(&cursor), S("by ")))
		return HOP_UNCLEAR;
	(void)cursor_take(&cursor, 3);
	cursor_spaces(&cursor);
	out->by = undotted(word_take(&cursor));
	if (!rest_read(&cursor, out) || cursor.failed)
		return HOP_UNCLEAR;
	if (!is_from)
		return HOP_LOCAL;
	if (!comments.count)
		return HOP_NO_PEER;
	return peer_read(&comments, out) ? HOP_PEER : HOP_UNCLEAR;
}

void hop_read(struct slice field, struct hop *out)
{
	ptrdiff_t date = slice_find_last_byte(field, ';');
	struct slice text = slice_from(field, (size_t)(date + 1));

	*out = (struct hop){ .shape = HOP_UNCLEAR };
	out->shape = shape_read(
		slice_cut(field, 0, date < 0 ? field.len : (size_t)date), out);
	out->is_dated = date >= 0 && hop_date(text, &out->at) == 0;
}
