#include "event/conditional.h"

#include "base/buffer.h"
#include "base/cursor.h"

#include <string.h>

enum { DEPTH_MAX = 60, GROUPS_MAX = 16, LITERAL_MAX = 32, TEXT_MAX = 1024 * 1024 };

struct named { /* a group with a name */
	struct slice name;
	const char *inside; /* where its content begins */
	bool in_look_around;
	bool is_twice;
};

/* A conditional outside of all groups. */
struct asked {
	struct slice name, literal;
};

struct reading {
	struct cursor at;
	struct named groups[GROUPS_MAX];
	size_t group_count;
	struct asked asked[GROUPS_MAX];
	size_t asked_count;
	bool looks[DEPTH_MAX]; /* the group of each depth is a look-around */
	size_t depth;
	bool lost; /* something stands there with which nothing is sure */
};

static bool is_word_byte(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

static bool is_plain_byte(char c)
{
	return ascii_is_print(c) && !strchr("\\^$.|?*+()[]{}", c);
}

static void class_skip(struct cursor *at)
{
	cursor_byte(at);
	cursor_try(at, S("^"));
	cursor_try(at, S("]"));
	while (!at->failed && cursor_peek(at) != ']')
		if (cursor_byte(at) == '\\')
			cursor_byte(at);
	cursor_literal(at, S("]"));
}

static void name_add(struct reading *reading, struct slice name)
{
	for (size_t i = 0; i < reading->group_count; i++) {
		if (!slice_equal(reading->groups[i].name, name))
			continue;
		reading->groups[i].is_twice = true;
		return;
	}
	if (reading->group_count == GROUPS_MAX)
		return;
	reading->groups[reading->group_count] =
		(struct named){ .name = name, .inside = reading->at.at };
	for (size_t i = 0; i < reading->depth; i++)
		reading->groups[reading->group_count].in_look_around |=
			reading->looks[i];
	reading->group_count++;
}

/* The text that a conditional's first branch begins with. */
static void asked_add(struct reading *reading, struct slice name)
{
	struct cursor probe = reading->at;
	struct slice literal = { probe.at, 0 };

	while (literal.len < LITERAL_MAX && is_plain_byte(cursor_peek(&probe))) {
		cursor_byte(&probe);
		literal.len++;
	}
	/* the last byte may be one that need not be there */
	if (literal.len > 0 && strchr("?*{", cursor_peek(&probe)))
		literal.len--;
	if (reading->depth != 0 || literal.len < 2)
		return;
	if (reading->asked_count < GROUPS_MAX)
		reading->asked[reading->asked_count++] =
			(struct asked){ name, literal };
}

/* What stands behind "(": which kind of group. */
static void group_open(struct reading *reading)
{
	struct cursor *at = &reading->at;
	bool look = false;

	cursor_byte(at);
	if (cursor_try(at, S("?P<"))) {
		struct slice name = cursor_while(at, is_word_byte, 64);

		cursor_literal(at, S(">"));
		name_add(reading, name);
	} else if (cursor_try(at, S("?("))) {
		struct slice name = cursor_while(at, is_word_byte, 64);

		cursor_literal(at, S(")"));
		/* DEFINE, R, R1: PCRE2's own */
		reading->lost |=
			slice_equal(name, S("DEFINE")) || slice_starts(name, S("R"));
		asked_add(reading, name);
	} else if (cursor_try(at, S("?=")) || cursor_try(at, S("?!")) ||
		   cursor_try(at, S("?<=")) || cursor_try(at, S("?<!"))) {
		look = true;
	} else if (!cursor_try(at, S("?:")) && cursor_peek(at) == '?') {
		reading->lost = true; /* atomic, flags, or unknown */
	}
	if (reading->depth == DEPTH_MAX)
		reading->lost = true;
	else
		reading->looks[reading->depth++] = look;
}

/* A quantifier may follow: a possessive one makes everything unsure. */
static void quantifier_check(struct reading *reading)
{
	struct cursor probe = reading->at;

	if (cursor_peek(&probe) == '{') {
		cursor_until(&probe, '}', 16);
	} else if (!cursor_at_end(&probe) && strchr("?*+", cursor_peek(&probe))) {
		cursor_byte(&probe);
	} else {
		return;
	}
	reading->lost |= !probe.failed && cursor_peek(&probe) == '+';
}

/* A conditional that need not be passed, or is passed again, asks for nothing. */
static void group_close(struct reading *reading)
{
	struct cursor *at = &reading->at;

	cursor_byte(at);
	if (reading->depth == 0) {
		reading->lost = true;
		return;
	}
	reading->depth--;
	if (reading->depth == 0 && reading->asked_count > 0 && !cursor_at_end(at) &&
	    strchr("?*{", cursor_peek(at)))
		reading->lost = true;
}

static void step(struct reading *reading)
{
	struct cursor *at = &reading->at;
	char c = cursor_peek(at);

	if (c == '\\') {
		cursor_byte(at);
		c = cursor_byte(at); /* quotes what follows, or calls a group */
		reading->lost |= c == 'Q' || c == 'E' || c == 'g';
	} else if (c == '[') {
		class_skip(at);
	} else if (c == '(') {
		group_open(reading);
		return;
	} else if (c == ')') {
		group_close(reading);
	} else {
		reading->lost |= c == '|' && reading->depth == 0;
		cursor_byte(at);
	}
	quantifier_check(reading);
}

static const struct asked *asked_for(const struct reading *reading, size_t group)
{
	const struct named *named = &reading->groups[group];

	for (size_t i = 0; i < reading->asked_count; i++)
		if (slice_equal(reading->asked[i].name, named->name) &&
		    reading->asked[i].name.at > named->inside && !named->is_twice &&
		    !named->in_look_around)
			return &reading->asked[i];
	return NULL;
}

static struct slice rewritten(struct arena *arena, const struct reading *reading,
			      struct slice text)
{
	const char *from = text.at;
	struct buffer out;
	struct slice copy;

	buffer_init(&out, TEXT_MAX);
	for (size_t i = 0; i < reading->group_count; i++) {
		const struct asked *asked = asked_for(reading, i);
		const char *inside = reading->groups[i].inside;

		if (asked == NULL)
			continue;
		buffer_add(&out, (struct slice){ from, (size_t)(inside - from) });
		buffer_add(&out, S("(?=(?s:.*)"));
		buffer_add(&out, asked->literal);
		buffer_add(&out, S(")"));
		from = inside;
	}
	buffer_add(&out, slice_from(text, (size_t)(from - text.at)));
	copy = out.failed ? text : arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return copy;
}

struct slice conditional_hasten(struct arena *arena, struct slice text)
{
	struct reading reading = { .at = cursor_of(text) };

	if (slice_find(text, S("(?(")) < 0)
		return text;
	while (!reading.lost && !reading.at.failed && !cursor_at_end(&reading.at))
		step(&reading);
	if (reading.lost || reading.at.failed || reading.depth > 0)
		return text;
	return rewritten(arena, &reading, text);
}
