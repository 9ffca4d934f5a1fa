#include "event/literal.h"

#include "base/cursor.h"

#include <string.h>

enum { DEPTH_MAX = 60, RUN_MAX = 64 };

struct scan {
	struct arena *arena;
	struct cursor at;
	bool joins; /* a blank between letters may stand in a literal */
	bool lost; /* something this reader does not know: no literal is safe */
	bool wants_all; /* sets, not the best one alone */
	unsigned depth;
};

struct found {
	struct slices best;
	struct literal_sets all; /* `best` among them; empty where nobody wants them */
};

struct sequence {
	struct found found;
	char run[RUN_MAX];
	size_t run_len;
	/* Groups that are read as part of it, and the case in which what follows them goes on. */
	size_t open;
	bool outer[DEPTH_MAX];
};

static struct found alternation_read(struct scan *scan, bool nocase);

static bool is_word(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

static size_t shortest(const struct slices *set)
{
	size_t least = set->count ? SIZE_MAX : 0;

	for (size_t i = 0; i < set->count; i++)
		least = set->at[i].len < least ? set->at[i].len : least;
	return least < 12 ? least : 12;
}

static bool is_better(const struct slices *a, const struct slices *b)
{
	if (a->count == 0 || b->count == 0)
		return a->count > 0;
	if (shortest(a) != shortest(b))
		return shortest(a) > shortest(b);
	return a->count < b->count;
}

/* Short as they are, these stand in few lines. */
static bool is_rare(char c)
{
	return strchr("\"{}<>%$#@!&*+;?\\^|~'`", c) != NULL;
}

static void best_keep(struct found *found, const struct slices *set)
{
	if (is_better(set, &found->best))
		found->best = *set;
}

static void run_end(struct scan *scan, struct sequence *sequence)
{
	struct slices own = { 0 };

	if (sequence->run_len > 1 && sequence->run[sequence->run_len - 1] == ' ')
		sequence->run_len--;

	if (sequence->run_len >= LITERAL_MIN_BYTES ||
	    (sequence->run_len == 1 && is_rare(sequence->run[0]))) {
		struct slice run = { sequence->run, sequence->run_len };

		*LIST_ADD(scan->arena, &own) = arena_copy(scan->arena, run);
		best_keep(&sequence->found, &own);
		if (scan->wants_all)
			*LIST_ADD(scan->arena, &sequence->found.all) = own;
	}
	sequence->run_len = 0;
}

/* How often the atom before must come at least: 1 also where nothing is said. */
static bool quantifier_may_be_none(struct cursor *at, bool *present)
{
	bool none = false;
	char c = cursor_peek(at);

	*present = c == '?' || c == '*' || c == '+' || c == '{';
	if (c == '{') {
		struct cursor probe = *at;

		cursor_byte(&probe);
		if (!ascii_is_digit(cursor_peek(&probe))) { /* a plain '{' */
			*present = false;
			return false;
		}
		none = cursor_u64(&probe, 100000) == 0;
		cursor_until(&probe, '}', 16);
		*at = probe;
	} else if (*present) {
		none = c != '+';
		cursor_byte(at);
	}
	if (*present && (cursor_peek(at) == '?' || cursor_peek(at) == '+'))
		cursor_byte(at);
	return none;
}

static void byte_add(struct scan *scan, struct sequence *sequence, char c)
{
	size_t len = sequence->run_len;
	char last = len > 0 ? sequence->run[len - 1] : '\0';
	bool joins = scan->joins && len > 1 &&
		     (c == ' ' ? ascii_is_alpha(last) : last == ' ');

	/* "connect " goes on with a letter only; " from" begins a run of its own */
	if (last == ' ' && joins && !ascii_is_alpha(c)) {
		run_end(scan, sequence);
		if (is_word(c))
			sequence->run[sequence->run_len++] = ' ';
	} else if ((!is_word(c) && !joins) || len == RUN_MAX) {
		run_end(scan, sequence);
	}
	sequence->run[sequence->run_len++] = c;
}

static void char_read(struct scan *scan, struct sequence *sequence, char c, bool nocase)
{
	bool present;
	bool none = quantifier_may_be_none(&scan->at, &present);
	/* Without regard to case, k and s have twins beyond ASCII (U+212A, U+017F). */
	bool known = (c & 0x80) == 0 && !(nocase && strchr("kKsS", c) != NULL);

	if (!known || none) {
		run_end(scan, sequence);
		return;
	}
	byte_add(scan, sequence, ascii_lower(c));
	if (present)
		run_end(scan, sequence);
}

static void class_skip(struct scan *scan)
{
	cursor_try(&scan->at, S("^"));
	cursor_try(&scan->at, S("]"));
	while (!cursor_at_end(&scan->at) && cursor_peek(&scan->at) != ']') {
		if (cursor_byte(&scan->at) == '\\')
			cursor_byte(&scan->at);
	}
	cursor_byte(&scan->at);
}

static void escape_read(struct scan *scan, struct sequence *sequence, bool nocase)
{
	bool present;
	char c = cursor_byte(&scan->at);

	if (!ascii_is_alnum(c)) {
		char_read(scan, sequence, c, nocase);
		return;
	}
	run_end(scan, sequence);
	if (c == 'x')
		for (size_t i = 0; i < 2 && ascii_is_xdigit(cursor_peek(&scan->at));
		     i++)
			cursor_byte(&scan->at);
	else if (strchr("dDwWsSbBAzntrfva", c) == NULL)
		scan->lost = true;
	quantifier_may_be_none(&scan->at, &present);
}

/* Past the ')' that closes the group whose '(' has been read. */
static void group_skip(struct scan *scan)
{
	unsigned depth = 1;

	while (depth > 0 && !cursor_at_end(&scan->at)) {
		char c = cursor_byte(&scan->at);

		if (c == '\\')
			cursor_byte(&scan->at);
		else if (c == '[')
			class_skip(scan);
		else
			depth += c == '(' ? 1U : c == ')' ? -1U : 0U;
	}
}

/* The head after "(?": true: alternatives follow; false: the group has been skipped. */
static bool group_head(struct scan *scan, bool *nocase, bool *flags_only)
{
	bool off = false;

	if (cursor_try(&scan->at, S("P<"))) {
		cursor_until(&scan->at, '>', 64);
		return true;
	}
	if (cursor_try(&scan->at, S(">"))) /* atomic */
		return true;
	if (strchr("=!<(#P", cursor_peek(&scan->at)) != NULL) {
		group_skip(scan);
		return false;
	}
	while (!cursor_at_end(&scan->at)) {
		char c = cursor_byte(&scan->at);

		if (c == ':')
			return true;
		if (c == ')') {
			*flags_only = true;
			return false;
		}
		off = off || c == '-';
		if (c == 'i')
			*nocase = !off;
		else if (c == 'x')
			scan->lost = true;
	}
	return false;
}

/* "(?P<name>", "(?:", "(?>" and "(" alone. */
static bool plain_head(struct cursor *at)
{
	if (!cursor_try(at, S("?")))
		return true;
	if (cursor_try(at, S("P<"))) {
		cursor_until(at, '>', 64);
		return !at->failed;
	}
	return cursor_try(at, S(":")) || cursor_try(at, S(">"));
}

/* Whether the group whose head has been read has one alternative and comes once: then it
 * changes nothing in what must stand there.                                            */
static bool is_one_and_once(const struct scan *scan)
{
	struct scan ahead = *scan;
	bool present = true;

	while (!cursor_at_end(&ahead.at) && cursor_peek(&ahead.at) != '|') {
		char c = cursor_byte(&ahead.at);

		if (c == ')') {
			quantifier_may_be_none(&ahead.at, &present);
			return !present;
		}
		if (c == '\\')
			cursor_byte(&ahead.at);
		else if (c == '[')
			class_skip(&ahead);
		else if (c == '(')
			group_skip(&ahead);
	}
	return false;
}

/* The run of letters goes on in such a group, and behind it. */
static bool group_opens(struct scan *scan, struct sequence *sequence, bool nocase)
{
	struct scan ahead = *scan;

	if (scan->depth + sequence->open >= DEPTH_MAX || !plain_head(&ahead.at) ||
	    !is_one_and_once(&ahead))
		return false;
	scan->at = ahead.at;
	sequence->outer[sequence->open++] = nocase;
	return true;
}

static void group_read(struct scan *scan, struct sequence *sequence, bool *nocase)
{
	bool inner = *nocase, flags_only = false, present;
	struct found own = { 0 };

	if (group_opens(scan, sequence, *nocase))
		return;
	run_end(scan, sequence);
	if (!cursor_try(&scan->at, S("?")) || group_head(scan, &inner, &flags_only)) {
		own = alternation_read(scan, inner);
		cursor_byte(&scan->at); /* ')' */
	}
	if (flags_only) {
		*nocase = inner;
		return;
	}
	if (quantifier_may_be_none(&scan->at, &present))
		return;
	best_keep(&sequence->found, &own.best);
	for (size_t i = 0; i < own.all.count; i++)
		*LIST_ADD(scan->arena, &sequence->found.all) = own.all.at[i];
}

static void other_read(struct scan *scan, struct sequence *sequence, char c,
		       bool *nocase)
{
	bool present;

	if (c == '\\') {
		escape_read(scan, sequence, *nocase);
	} else if (c == '(') {
		group_read(scan, sequence, nocase);
	} else if (c == '[' || c == '.' || c == '^' || c == '$') {
		run_end(scan, sequence);
		if (c == '[')
			class_skip(scan);
		quantifier_may_be_none(&scan->at, &present);
	} else {
		char_read(scan, sequence, c, *nocase);
	}
}

static struct found sequence_read(struct scan *scan, bool nocase)
{
	struct sequence sequence = { .run_len = 0 };

	while (!cursor_at_end(&scan->at) && !scan->at.failed && !scan->lost) {
		char c = cursor_peek(&scan->at);

		if (c == '|' || (c == ')' && sequence.open == 0))
			break;
		cursor_byte(&scan->at);
		if (c == ')')
			nocase = sequence.outer[--sequence.open];
		else
			other_read(scan, &sequence, c, &nocase);
	}
	scan->lost = scan->lost || sequence.open > 0;
	run_end(scan, &sequence);
	return sequence.found;
}

/* What one alternative needs alone does not count where there are others. */
static struct found alternation_read(struct scan *scan, bool nocase)
{
	struct found found;
	struct slices all = { 0 };
	size_t branches = 0;
	bool known = true;

	if (++scan->depth > DEPTH_MAX)
		scan->lost = true;
	do {
		struct found one = sequence_read(scan, nocase);

		known = known && one.best.count > 0;
		for (size_t i = 0; known && i < one.best.count; i++)
			*LIST_ADD(scan->arena, &all) = one.best.at[i];
		found = one;
		branches++;
	} while (!scan->lost && cursor_try(&scan->at, S("|")));
	scan->depth--;
	if (branches == 1 && found.best.count <= LITERAL_SET_MAX)
		return found;
	found = (struct found){ 0 };
	if (!known || all.count > LITERAL_SET_MAX)
		return found;
	found.best = all;
	if (scan->wants_all)
		*LIST_ADD(scan->arena, &found.all) = all;
	return found;
}

static struct found required(struct scan *scan)
{
	struct found found = alternation_read(scan, false);

	if (scan->lost || scan->at.failed || !cursor_at_end(&scan->at))
		return (struct found){ 0 };
	return found;
}

struct slices literal_required(struct arena *arena, struct slice text, bool joins)
{
	struct scan scan = { .arena = arena, .joins = joins, .at = cursor_of(text) };

	return required(&scan).best;
}

struct literal_sets literal_all_required(struct arena *arena, struct slice text,
					 bool joins)
{
	struct scan scan = {
		.arena = arena, .joins = joins, .wants_all = true, .at = cursor_of(text)
	};

	return required(&scan).all;
}
