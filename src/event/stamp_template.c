#include "event/stamp_template.h"

#include "base/buffer.h"

#include <string.h>

enum { PATTERN_MAX_BYTES = 16 * 1024, TEMPLATES_MAX = 200, TWIN_WEIGHT = 100 };

#define ZONE_ABBREVIATION "[A-Z](?:[A-Z]{2,4})?"
#define OFFSET "[+-][01]\\d(?::?\\d{2})?"

/* What each field matches; longer names first, so that %Exm is not %E. */
static const struct {
	const char *field;
	const char *body;
} FIELDS[] = {
	{ "ExY", "(?P<Y>20\\d\\d)" },
	{ "Exy", "(?P<y>\\d{2})" },
	{ "Exm", "(?P<m>0[1-9]|1[0-2])" },
	{ "Exd", "(?P<d>[1-2]\\d|0[1-9]|3[0-1])" },
	{ "ExH", "(?P<H>[0-1]\\d|2[0-3])" },
	{ "Exk", " ?(?P<H>[0-1]?\\d|2[0-3])" },
	{ "Exl", " ?(?P<I>1[0-2]|\\d)" },
	{ "ExM", "(?P<M>[0-5]\\d)" },
	{ "ExS", "(?P<S>[0-5]\\d|6[0-1])" },
	{ "ExZ", "(?P<Z>" ZONE_ABBREVIATION ")" },
	{ "Exz", "(?P<z>(?:" ZONE_ABBREVIATION ")?" OFFSET "|" ZONE_ABBREVIATION ")" },
	{ "Y", "(?P<Y>\\d{4})" },
	{ "y", "(?P<y>\\d\\d)" },
	{ "m", "(?P<m>0?[1-9]|1[0-2])" },
	{ "d", "(?P<d>[1-2]\\d|[0 ]?[1-9]|3[0-1])" },
	{ "H", "(?P<H>[0-1]?\\d|2[0-3])" },
	{ "k", " ?(?P<H>[0-2]?\\d)" },
	{ "I", "(?P<I>1[0-2]|0[1-9]|[1-9])" },
	{ "l", " ?(?P<I>1?\\d)" },
	{ "M", "(?P<M>[0-5]?\\d)" },
	{ "S", "(?P<S>[0-5]?\\d|6[0-1])" },
	{ "f", "(?P<f>[0-9]{1,6})" },
	{ "j", "(?P<j>36[0-6]|3[0-5]\\d|[1-2]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|"
	       "[1-9])" },
	{ "U", "(?P<U>5[0-3]|[0-4]\\d|\\d)" },
	{ "W", "(?P<W>5[0-3]|[0-4]\\d|\\d)" },
	{ "w", "(?P<w>[0-6])" },
	{ "p", "(?P<p>am|pm)" },
	{ "a", "(?P<a>mon|tue|wed|thu|fri|sat|sun)" },
	{ "A", "(?P<A>wednesday|thursday|saturday|tuesday|monday|friday|sunday)" },
	{ "b", "(?P<b>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)" },
	{ "B", "(?P<B>september|february|november|december|january|october|august|"
	       "march|april|june|july|may)" },
	{ "z", "(?P<z>Z|UTC|GMT|" OFFSET ")" },
	{ "Z", "(?P<Z>Z|[A-Z]{3,5})" },
	{ "c",
	  "(?P<a>mon|tue|wed|thu|fri|sat|sun)\\s+(?P<b>jan|feb|mar|apr|may|jun|jul|"
	  "aug|sep|oct|nov|dec)\\s+(?P<d>[1-2]\\d|[0 ]?[1-9]|3[0-1])\\s+"
	  "(?P<H>[0-1]?\\d|2[0-3]):(?P<M>[0-5]?\\d):(?P<S>[0-5]?\\d|6[0-1])\\s+"
	  "(?P<Y>\\d{4})" },
	{ "x",
	  "(?P<m>0?[1-9]|1[0-2])/(?P<d>[1-2]\\d|[0 ]?[1-9]|3[0-1])/(?P<y>\\d\\d)" },
	{ "X", "(?P<H>[0-1]?\\d|2[0-3]):(?P<M>[0-5]?\\d):(?P<S>[0-5]?\\d|6[0-1])" },
	{ "%", "%" },
};

/* The shapes that are looked for by default, in the order in which they are tried. */
static const char *const DEFAULTS[] = {
	/* 2005-01-23T21:59:59.981+0100, 2005/01/23 21:59:59 */
	"%ExY(?P<_sep>[-/.])%m(?P=_sep)%d(?:T|  ?)%H:%M:%S(?:[.,]%f)?(?:\\s*%z)?",
	/* [Sun ]Jan 23 21:59:59[.011][ 2005] */
	"(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?",
	/* [Sun ]Jan 23 2005 21:59:59 */
	"(?:%a )?%b %d %ExY %k:%M:%S(?:\\.%f)?",
	/* 23/01/2005 21:59:59, 23-01-05 21:59:59 */
	"%d(?P<_sep>[-/])%m(?P=_sep)(?:%ExY|%Exy) %k:%M:%S",
	/* 23/Jan/2005:21:59:59 +0100 */
	"%d(?P<_sep>[-/])%b(?P=_sep)%ExY[ :]?%H:%M:%S(?:\\.%f)?(?: %z)?",
	/* 01/23/2005:21:59:59 */
	"%m/%d/%ExY:%H:%M:%S",
	/* 01-23-2005 21:59:59 */
	"%m-%d-%ExY %k:%M:%S(?:\\.%f)?",
	"EPOCH",
	"{^LN-BEG}%H:%M:%S",
	/* <01/23/05@21:59:59> */
	"^<%m/%d/%Exy@%H:%M:%S>",
	/* 050123 21:59:59 */
	"%Exy%Exm%Exd  ?%H:%M:%S",
	/* Jan 23, 2005 9:59:59 PM */
	"%b %d, %ExY %I:%M:%S %p",
	/* Jan-23-05 21:59:59 */
	"^%b-%d-%Exy %k:%M:%S",
	/* 20050123T215959 */
	"%ExY%Exm%Exd(?:T|  ?)%ExH%ExM%ExS(?:[.,]%f)?(?:\\s*%z)?",
	/* PDT Jan 23 21:59:59 */
	"(?:%Z )?(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?",
	/* +00:00 Jan 23 21:59:59 */
	"(?:%z )?(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?",
	"TAI64N",
};

enum bound { BOUND_NONE, BOUND_WORD, BOUND_LINE };

struct shape {
	enum bound begin;
	bool end;
	enum stamp_kind kind;
	unsigned value_group;
	unsigned weight;
};

/* --- the word boundaries, by fail2ban's rules -------------------------------------- */

static struct slice skip_flags(struct slice text)
{
	size_t i = 2;

	if (!slice_starts(text, S("(?")))
		return text;
	while (i < text.len && (ascii_is_alnum(text.at[i]) || text.at[i] == '_'))
		i++;
	return i > 2 && i < text.len && text.at[i] == ')' ? slice_from(text, i + 1)
							  : text;
}

static struct slice skip_open(struct slice text)
{
	while (slice_starts(text, S("(")) && !slice_starts(text, S("(?")))
		text = slice_from(text, 1);
	return text;
}

static bool begins_with_caret(struct slice text)
{
	return slice_starts(text, S("^")) || slice_starts(text, S("(^")) ||
	       slice_starts(text, S("(?:^"));
}

/* The pattern says itself where it begins. */
static bool begin_is_given(struct slice text)
{
	struct slice inner = skip_open(skip_flags(skip_open(text)));

	return begins_with_caret(skip_flags(skip_open(text))) ||
	       begins_with_caret(inner) || slice_starts(inner, S("**"));
}

static bool is_escaped(struct slice text, size_t at)
{
	return at > 0 && at <= text.len && text.at[at - 1] == '\\';
}

static bool ends_unescaped(struct slice text, struct slice end)
{
	return slice_ends(text, end) && !is_escaped(text, text.len - end.len);
}

static struct slice cut_closing(struct slice text)
{
	while (slice_ends(text, S(")")))
		text = slice_cut(text, 0, text.len - 1);
	return text;
}

static bool end_is_given(struct slice text)
{
	return ends_unescaped(text, S("$")) || ends_unescaped(text, S("$)")) ||
	       ends_unescaped(text, S("\\b")) || ends_unescaped(text, S("\\s")) ||
	       ends_unescaped(cut_closing(text), S("**"));
}

/* Anchored to the line's begin or end: found once, it is enough. */
static bool is_anchored(struct slice text)
{
	struct slice head = skip_flags(text);
	size_t dollar = slice_ends(text, S("$)")) ? text.len - 2 : text.len - 1;
	bool begin = slice_starts(head, S("^")) ||
		     (slice_starts(head, S("(^")) && !slice_starts(head, S("(^|"))) ||
		     (slice_starts(head, S("(?:^")) && !slice_starts(head, S("(?:^|")));

	if (begin)
		return true;
	return (slice_ends(text, S("$")) || slice_ends(text, S("$)"))) && dollar > 0 &&
	       text.at[dollar - 1] != '\\' && text.at[dollar - 1] != '|';
}

/* A plain "(" that captures. */
static bool has_group(struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '(' && !is_escaped(text, i) &&
		    !(i + 1 < text.len && text.at[i + 1] == '?') &&
		    !(i > 1 && text.at[i - 1] == '?' && text.at[i - 2] == '('))
			return true;
	}
	return false;
}

static void group_wrap(struct buffer *out, struct slice text)
{
	struct slice head = skip_flags(text), body;
	bool dollar = slice_ends(text, S("$"));

	if (slice_starts(head, S("^")))
		head = slice_from(head, 1);
	body = skip_flags(head);
	buffer_add(out, slice_cut(text, 0, (size_t)(body.at - text.at)));
	buffer_add_byte(out, '(');
	buffer_add(out, slice_cut(body, 0, body.len - (dollar && body.len > 0)));
	buffer_add(out, dollar ? S(")$") : S(")"));
}

/* "**" at either end has said "no boundary here" and goes. */
static void stars_drop(struct arena *arena, struct slice *text)
{
	struct slice head = skip_open(skip_flags(skip_open(*text)));
	struct slice tail = cut_closing(*text);
	struct slice none = { 0 };
	struct slice before = slice_cut(*text, 0, (size_t)(head.at - text->at));

	if (slice_starts(head, S("**"))) {
		*text = arena_printf(arena, SLICE_FMT SLICE_FMT, SLICE_ARG(before),
				     SLICE_ARG(slice_from(head, 2)));
		tail = cut_closing(*text);
	}
	if (ends_unescaped(tail, S("**")))
		none = slice_from(*text, tail.len);
	if (ends_unescaped(tail, S("**")))
		*text = arena_printf(arena, SLICE_FMT SLICE_FMT,
				     SLICE_ARG(slice_cut(tail, 0, tail.len - 2)),
				     SLICE_ARG(none));
}

/* --- one template ------------------------------------------------------------------- */

static bool is_known(const struct stamp_set *set, struct slice text)
{
	for (size_t i = 0; i < set->count; i++) {
		if (slice_equal(set->at[i].text, text))
			return true;
	}
	return false;
}

static int template_compile(struct stamp_set *set, struct slice text,
			    const struct shape *shape, bool anchored, struct error *err)
{
	struct stamp_template *template;
	struct expression *expression;

	if (is_known(set, text))
		return 0;
	if (set->count == TEMPLATES_MAX)
		return error_set(err, ERROR_LIMIT, "over %d date patterns: drop some",
				 TEMPLATES_MAX);
	expression = expression_new(set->arena, text, EXPRESSION_NO_TAGS, err);
	if (expression == NULL)
		return -1;
	template = LIST_ADD(set->arena, set);
	*template = (struct stamp_template){
		.text = text,
		.pattern = set->adding,
		.kind = shape->kind,
		.anchored = anchored,
		.is_default = set->adding_default,
		.weight = shape->weight,
		.value_group = shape->value_group,
		.expression = expression,
	};
	for (size_t i = 0; i < FIELD_COUNT; i++)
		template->groups[i] =
			expression_group(expression, STAMP_FIELD_NAMES[i]);
	return 0;
}

static int template_add(struct stamp_set *set, struct slice body,
			const struct shape *shape, bool nocase, struct error *err)
{
	bool begin, end, anchored;
	struct buffer out;
	struct slice text;

	if (!nocase && !slice_starts(body, S(" ?"))) /* the blank of %k is its own */
		body = slice_trim(body);
	begin = shape->begin != BOUND_NONE && !begin_is_given(body);
	end = shape->end && !end_is_given(body);
	buffer_init(&out, PATTERN_MAX_BYTES);
	if (begin)
		buffer_add(&out, shape->begin == BOUND_LINE ? S("^(?:\\W{0,2})?")
							    : S("(?=^|\\b|\\W)"));
	if (has_group(body))
		buffer_add(&out, body);
	else
		group_wrap(&out, body);
	if (end)
		buffer_add(&out, S("(?=\\b|\\W|$)"));
	text = arena_copy(set->arena, buffer_slice(&out));
	buffer_clear(&out);
	anchored = (begin && shape->begin == BOUND_LINE) || is_anchored(text);
	stars_drop(set->arena, &text);
	if (nocase)
		text = arena_printf(set->arena, "(?i)" SLICE_FMT, SLICE_ARG(text));
	return template_compile(set, text, shape, anchored, err);
}

static const char *field_body(struct slice text, size_t *taken)
{
	for (size_t i = 0; i < COUNT_OF(FIELDS); i++) {
		struct slice field = slice_of(FIELDS[i].field);

		if (slice_starts(text, field)) {
			*taken = field.len;
			return FIELDS[i].body;
		}
	}
	return NULL;
}

/* Fields to expressions; true in *nocase where one of them is a name. */
static int fields_expand(struct arena *arena, struct slice pattern, struct slice *text,
			 bool *nocase, struct error *err)
{
	struct buffer out;

	buffer_init(&out, PATTERN_MAX_BYTES);
	while (pattern.len > 0) {
		size_t taken = 0;
		struct slice rest = slice_from(pattern, 1);
		bool is_field = pattern.at[0] == '%';
		const char *body = is_field ? field_body(rest, &taken) : NULL;

		if (is_field && body == NULL) {
			buffer_clear(&out);
			return error_set(err, ERROR_SYNTAX,
					 "'" SLICE_FMT "' is no field: write %%%% for "
					 "a percent sign",
					 SLICE_ARG(slice_cut(pattern, 0, 4)));
		}
		if (body == NULL)
			buffer_add_byte(&out, pattern.at[0]);
		else
			buffer_add(&out, slice_of(body));
		if (body != NULL && rest.at[0] != '%' && strchr("aAbBpc", rest.at[0]))
			*nocase = true;
		pattern = slice_from(pattern, 1 + taken);
	}
	*text = arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return 0;
}

static int fields_add(struct stamp_set *set, struct slice pattern, unsigned weight,
		      struct error *err)
{
	struct shape shape = { .begin = BOUND_WORD, .end = true, .weight = weight };
	bool nocase = false;

	if (slice_starts(pattern, S("{UNB}"))) {
		pattern = slice_from(pattern, 5);
		shape.begin = BOUND_NONE;
		shape.end = false;
	} else if (slice_starts(pattern, S("{^LN-BEG}"))) {
		pattern = slice_from(pattern, 9);
		shape.begin = BOUND_LINE;
	}
	if (fields_expand(set->arena, pattern, &pattern, &nocase, err) != 0)
		return -1;
	return template_add(set, pattern, &shape, nocase, err);
}

/* --- seconds since 1970, TAI64N ------------------------------------------------------ */

#define EPOCH_DIGITS "\\d{10,11}\\b(?:\\.\\d{3,6})?"
#define LONG_EPOCH_DIGITS "\\d{10,11}(?:\\d{3}(?:\\.\\d{1,6}|\\d{3})?)?"

static int epoch_add(struct stamp_set *set, bool long_form, bool line_begin,
		     unsigned weight, struct error *err)
{
	struct shape shape = {
		.begin = line_begin ? BOUND_LINE : BOUND_NONE,
		.end = true,
		.kind = long_form ? STAMP_LONG_EPOCH : STAMP_EPOCH,
		.value_group = 1,
		.weight = weight,
	};
	const char *digits = long_form ? LONG_EPOCH_DIGITS : EPOCH_DIGITS;
	struct slice body;

	if (line_begin)
		body = arena_printf(set->arena,
				    "((?P<square>(?<=^\\[))?%s)(?(square)(?=\\]))",
				    digits);
	else
		body = arena_printf(set->arena,
				    "((?:^|(?P<square>(?<=^\\[))|"
				    "(?P<selinux>(?<=\\baudit\\()))%s)"
				    "(?:(?(selinux)(?=:\\d+\\)))|(?(square)(?=\\])))",
				    digits);
	return template_add(set, body, &shape, false, err);
}

static int tai64n_add(struct stamp_set *set, bool line_begin, unsigned weight,
		      struct error *err)
{
	struct shape shape = {
		.begin = line_begin ? BOUND_LINE : BOUND_NONE,
		.end = true,
		.kind = STAMP_TAI64N,
		.value_group = 1,
		.weight = weight,
	};

	return template_add(set, S("@[0-9a-f]{24}"), &shape, false, err);
}

/* "...{EPOCH}...": the whole match is cut out, the digits are group 2. */
static int epoch_pattern_add(struct stamp_set *set, struct slice pattern,
			     bool long_form, struct error *err)
{
	struct slice tag = long_form ? S("{LEPOCH}") : S("{EPOCH}");
	ptrdiff_t at = slice_find_nocase(pattern, tag);
	struct shape shape = {
		.begin = BOUND_WORD,
		.end = true,
		.kind = long_form ? STAMP_LONG_EPOCH : STAMP_EPOCH,
		.value_group = 2,
		.weight = 1,
	};
	struct slice body =
		arena_printf(set->arena, "(" SLICE_FMT "(%s)" SLICE_FMT ")",
			     SLICE_ARG(slice_cut(pattern, 0, (size_t)at)),
			     long_form ? LONG_EPOCH_DIGITS : EPOCH_DIGITS,
			     SLICE_ARG(slice_from(pattern, (size_t)at + tag.len)));

	return template_add(set, body, &shape, false, err);
}

/* --- patterns -------------------------------------------------------------------------- */

struct keyword {
	const char *name;
	bool tai64n, long_form, line_begin;
};

static const struct keyword KEYWORDS[] = {
	{ "EPOCH", false, false, false },
	{ "{^LN-BEG}EPOCH", false, false, true },
	{ "^EPOCH", false, false, true },
	{ "LEPOCH", false, true, false },
	{ "{^LN-BEG}LEPOCH", false, true, true },
	{ "^LEPOCH", false, true, true },
	{ "TAI64N", true, false, false },
	{ "{^LN-BEG}TAI64N", true, false, true },
	{ "^TAI64N", true, false, true },
};

static const struct keyword *keyword_find(struct slice pattern)
{
	for (size_t i = 0; i < COUNT_OF(KEYWORDS); i++) {
		if (slice_equal_nocase(pattern, slice_of(KEYWORDS[i].name)))
			return &KEYWORDS[i];
	}
	return NULL;
}

static int pattern_add(struct stamp_set *set, struct slice pattern, unsigned weight,
		       struct error *err)
{
	const struct keyword *keyword = keyword_find(pattern);

	set->adding = pattern;
	if (keyword && keyword->tai64n)
		return tai64n_add(set, keyword->line_begin, weight, err);
	if (keyword)
		return epoch_add(set, keyword->long_form, keyword->line_begin, weight,
				 err);
	if (slice_find_nocase(pattern, S("{LEPOCH}")) >= 0)
		return epoch_pattern_add(set, pattern, true, err);
	if (slice_find_nocase(pattern, S("{EPOCH}")) >= 0)
		return epoch_pattern_add(set, pattern, false, err);
	return fields_add(set, pattern, weight, err);
}

static bool is_line_bound(struct slice pattern)
{
	return slice_starts(pattern, S("{^LN-BEG}")) || slice_starts(pattern, S("^"));
}

/* Twins at the line's begin first, then (unless only those are asked for) the rest. */
static int defaults_compile(struct stamp_set *set, bool line_begin_only,
			    struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(DEFAULTS); i++) {
		struct slice pattern = slice_of(DEFAULTS[i]);
		struct slice twin = arena_printf(set->arena, "{^LN-BEG}" SLICE_FMT,
						 SLICE_ARG(pattern));

		if (!is_line_bound(pattern) &&
		    pattern_add(set, twin, TWIN_WEIGHT, err) != 0)
			return -1;
	}
	for (size_t i = 0; i < COUNT_OF(DEFAULTS); i++) {
		struct slice pattern = slice_of(DEFAULTS[i]);

		if ((!line_begin_only || is_line_bound(pattern)) &&
		    pattern_add(set, pattern, 1, err) != 0)
			return -1;
	}
	return 0;
}

static int defaults_add(struct stamp_set *set, bool line_begin_only, struct error *err)
{
	int result;

	set->adding_default = true;
	result = defaults_compile(set, line_begin_only, err);
	set->adding_default = false;
	return result;
}

/* Each default in the place of {DATE}; those without fields only stand there alone, or
 * at the line's begin.                                                              */
static int date_tag_add(struct stamp_set *set, struct slice pattern, struct error *err)
{
	ptrdiff_t at = slice_find_nocase(pattern, S("{DATE}"));

	for (size_t i = 0; i < COUNT_OF(DEFAULTS); i++) {
		struct slice body = slice_of(DEFAULTS[i]), whole;

		if (slice_starts(body, S("{^LN-BEG}")))
			body = slice_from(body, 9);
		whole = arena_printf(set->arena, SLICE_FMT SLICE_FMT SLICE_FMT,
				     SLICE_ARG(slice_cut(pattern, 0, (size_t)at)),
				     SLICE_ARG(body),
				     SLICE_ARG(slice_from(pattern, (size_t)at + 6)));
		if (slice_find(body, S("%")) < 0 && !keyword_find(whole))
			continue;
		if (pattern_add(set, whole, 1, err) != 0)
			return -1;
	}
	return 0;
}

/* What follows the date may then begin with a letter: "**" and {UNB} say so, and behind
 * "...\]" there is a word boundary anyhow.                                            */
static bool may_cut_words(struct slice pattern)
{
	struct slice end = pattern;

	while (ends_unescaped(end, S(")")))
		end.len--;
	return slice_find(pattern, S("**")) >= 0 || slice_starts(pattern, S("{UNB}")) ||
	       (end.len > 1 && is_escaped(end, end.len - 1) &&
		!ascii_is_alnum(end.at[end.len - 1]));
}

static int line_add(struct stamp_set *set, struct slice pattern, struct error *err)
{
	set->may_cut_words = set->may_cut_words || may_cut_words(pattern);
	if (slice_equal_nocase(pattern, S("{NONE}")))
		return fields_add(set, S("{UNB}^"), 1, err);
	if (slice_equal_nocase(pattern, S("{DEFAULT}")))
		return defaults_add(set, false, err);
	if (slice_equal_nocase(pattern, S("{^LN-BEG}")))
		return defaults_add(set, true, err);
	if (slice_find_nocase(pattern, S("{DATE}")) >= 0)
		return date_tag_add(set, pattern, err);
	return pattern_add(set, pattern, 1, err);
}

static int lines_add(struct stamp_set *set, struct slice datepattern, struct error *err)
{
	struct slice line;

	while (slice_next(&datepattern, '\n', &line)) {
		line = slice_trim(line);
		if (line.len > 0 && line_add(set, line, err) != 0)
			return error_context(err, "date pattern '" SLICE_FMT "'",
					     SLICE_ARG(line));
	}
	return set->count > 0 ? 0 : defaults_add(set, false, err);
}

static bool all_anchored(const struct stamp_set *set)
{
	bool all = true;

	for (size_t i = 0; i < set->count; i++)
		all = all && set->at[i].anchored;
	return all;
}

struct stamp_set *stamp_set_new(struct slice datepattern, struct error *err)
{
	struct arena *arena = arena_new();
	struct stamp_set *set = ARENA_NEW(arena, struct stamp_set);

	set->arena = arena;
	set->pattern = arena_copy(arena, datepattern);
	if (datepattern.len > PATTERN_MAX_BYTES / 4) {
		error_set(err, ERROR_LIMIT,
			  "the date pattern is over %d bytes: shorten it",
			  PATTERN_MAX_BYTES / 4);
		stamp_set_free(set);
		return NULL;
	}
	if (lines_add(set, set->pattern, err) != 0) {
		stamp_set_free(set);
		return NULL;
	}
	set->keeps_blanks = datepattern.len == 0 || all_anchored(set);
	return set;
}

void stamp_set_free(struct stamp_set *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->count; i++)
		expression_free(set->at[i].expression);
	arena_free(set->arena);
}
