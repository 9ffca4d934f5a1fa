#include "event/translate.h"

#include "base/buffer.h"
#include "base/cursor.h"
#include "base/escape.h"

#include <string.h>

#define IP4 "(?:::f{4,6}:)?(?P<ip4>(?:\\d{1,3}\\.){3}\\d{1,3})"
#define IP6 "(?P<ip6>(?:[0-9a-fA-F]{1,4}::?|::){1,7}(?:[0-9a-fA-F]{1,4}|(?<=:):))"
#define DNS "(?P<dns>[\\w\\-.^_]*\\w)"
#define CIDR "(?P<cidr>\\d+)"
#define ADDR "\\[?(?:" IP4 "|" IP6 ")\\]?"

static const struct {
	const char *tag;
	const char *body;
} TAGS[] = {
	{ "IP4", IP4 },
	{ "F-IP4/", IP4 },
	{ "IP6", IP6 },
	{ "F-IP6/", IP6 },
	{ "ADDR", ADDR },
	{ "F-ADDR/", ADDR },
	{ "CIDR", CIDR },
	{ "F-CIDR/", CIDR },
	{ "SUBNET", "\\[?(?:" IP4 "|" IP6 ")(?:/" CIDR ")?\\]?" },
	{ "F-SUBNET/", "\\[?(?:" IP4 "|" IP6 ")(?:/" CIDR ")?\\]?" },
	{ "DNS", DNS },
	{ "F-DNS/", DNS },
	{ "F-ID/", "(?P<fid>\\S+)" },
	{ "F-PORT/", "(?P<fport>\\w+)" },
};

enum { OPEN_MAX = 64 };

struct tags {
	struct buffer *out;
	unsigned flags;
	unsigned skiplines;
	struct slice open[OPEN_MAX]; /* names of F- tags opened so far */
	size_t open_count;
};

static bool is_tag_byte(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-';
}

static bool is_group_byte(char c)
{
	return (c >= 'A' && c <= 'Z') || ascii_is_digit(c) || c == '_' || c == '-';
}

/* The tag at the front of `text` with its angle brackets; empty where none begins. */
static struct slice tag_at(struct slice text)
{
	struct cursor cursor = cursor_of(text);

	cursor_literal(&cursor, S("<"));
	cursor_try(&cursor, S("/"));
	cursor_while(&cursor, is_tag_byte, text.len);
	cursor_try(&cursor, S("/"));
	cursor_literal(&cursor, S(">"));
	if (cursor.failed)
		return (struct slice){ 0 };
	return slice_cut(text, 0, (size_t)(cursor.at - text.at));
}

static bool is_open(const struct tags *tags, struct slice name)
{
	for (size_t i = 0; i < tags->open_count; i++) {
		if (slice_equal(tags->open[i], name))
			return true;
	}
	return false;
}

static void group_open(struct tags *tags, struct slice name)
{
	if (!is_open(tags, name) && tags->open_count < OPEN_MAX)
		tags->open[tags->open_count++] = name;
	buffer_add(tags->out, S("(?P<"));
	if (slice_equal(name, S("ID")))
		buffer_add(tags->out, S("fid"));
	else if (slice_equal(name, S("PORT")))
		buffer_add(tags->out, S("fport"));
	else
		for (size_t i = 0; i < name.len; i++)
			buffer_add_byte(tags->out, ascii_lower(name.at[i]));
	buffer_add(tags->out, S(">"));
}

/* <F-NAME> and </F-NAME>; false: it stays text. */
static bool group_tag(struct tags *tags, struct slice name)
{
	bool closes = slice_starts(name, S("/"));

	name = slice_from(name, closes ? 1 : 0);
	if (!slice_starts(name, S("F-")) || name.len < 3)
		return false;
	name = slice_from(name, 2);
	for (size_t i = 0; i < name.len; i++) {
		if (!is_group_byte(name.at[i]))
			return false;
	}
	if (!closes) {
		group_open(tags, name);
		return true;
	}
	if (!is_open(tags, name))
		return false;
	buffer_add(tags->out, S(")"));
	return true;
}

static void tag_add(struct tags *tags, struct slice tag)
{
	struct slice name = slice_cut(tag, 1, tag.len - 1);

	if (slice_equal(name, S("HOST"))) {
		bool names = (tags->flags & TRANSLATE_NAMES) != 0;

		buffer_add(tags->out, names ? S("(?:" ADDR "|" DNS ")") : S(ADDR));
		return;
	}
	if (slice_equal(name, S("SKIPLINES"))) {
		buffer_printf(tags->out, "\\n(?P<skiplines%u>(?:(?:.*\\n)*?))",
			      tags->skiplines++);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(TAGS); i++) {
		if (slice_equal(name, slice_of(TAGS[i].tag))) {
			buffer_add(tags->out, slice_of(TAGS[i].body));
			return;
		}
	}
	if (!group_tag(tags, name))
		buffer_add(tags->out, tag);
}

static void tags_expand(struct slice pattern, unsigned flags, struct buffer *out)
{
	struct tags tags = { .out = out, .flags = flags };

	while (pattern.len > 0) {
		struct slice tag = { 0 };

		if (pattern.at[0] == '<' && !(flags & TRANSLATE_NO_TAGS))
			tag = tag_at(pattern);
		if (tag.len > 0)
			tag_add(&tags, tag);
		else
			buffer_add_byte(out, pattern.at[0]);
		pattern = slice_from(pattern, tag.len > 0 ? tag.len : 1);
	}
}

/* The length of "(?flags)" at the front of `text`, 0 where it is something else. */
static size_t flags_at(struct slice text)
{
	size_t i = 2;

	if (!slice_starts(text, S("(?")))
		return 0;
	while (i < text.len && text.at[i] >= 'a' && text.at[i] <= 'z')
		i++;
	return i > 2 && i < text.len && text.at[i] == ')' ? i + 1 : 0;
}

/* Python's u is what the UTF code does anyhow. */
static void flags_add(struct slice flags, bool scoped, struct buffer *out)
{
	bool any = false;

	for (size_t i = 2; i + 1 < flags.len; i++)
		any = any || flags.at[i] != 'u';
	if (!any && !scoped)
		return;
	buffer_add(out, S("(?"));
	for (size_t i = 2; i + 1 < flags.len; i++) {
		if (flags.at[i] != 'u')
			buffer_add_byte(out, flags.at[i]);
	}
	buffer_add_byte(out, scoped ? ':' : ')');
}

/* "(" outside a class: bytes taken. */
static size_t group_add(struct slice text, struct buffer *out)
{
	size_t head = slice_starts(text, S("(?:(?")) ? 3 : 1;
	size_t inner = flags_at(slice_from(text, head));
	size_t own = flags_at(text);

	if (own > 0) {
		flags_add(slice_cut(text, 0, own), false, out);
		return own;
	}
	if (inner > 0) { /* "((?i)x)" means "(?i:x)" to fail2ban */
		flags_add(slice_cut(text, head, head + inner), true, out);
		return head + inner;
	}
	buffer_add_byte(out, '(');
	return 1;
}

/* \u and four hex digits, \U and eight, as the character: bytes taken, 0 where it is neither. */
static size_t unicode_add(struct slice text, struct buffer *out)
{
	size_t digits = text.at[1] == 'u' ? 4 : text.at[1] == 'U' ? 8 : 0;
	uint32_t code = 0;

	if (digits == 0 || text.len < 2 + digits)
		return 0;
	for (size_t i = 2; i < 2 + digits; i++) {
		int digit = ascii_hex_value(text.at[i]);

		if (digit < 0)
			return 0;
		code = code << 4 | (uint32_t)digit;
	}
	if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	if (code < 0x80)
		buffer_printf(out, "\\x%02x", (unsigned)code);
	else
		utf8_encode(out, code);
	return 2 + digits;
}

/* A backslash and what belongs to it: bytes taken. */
static size_t escape_add(struct slice text, bool in_class, struct buffer *out)
{
	char c = text.at[1];
	size_t taken = unicode_add(text, out);

	if (taken > 0)
		return taken;
	if (c == 's')
		buffer_add(out, in_class ? S("\\s\\x1c-\\x1f") : S("[\\s\\x1c-\\x1f]"));
	else if (c == 'S' && !in_class)
		buffer_add(out, S("[^\\s\\x1c-\\x1f]"));
	else if (c == 'Z' && !in_class)
		buffer_add(out, S("\\z"));
	else if (c == 'v') /* one character, not PCRE2's vertical space */
		buffer_add(out, S("\\x0b"));
	else
		buffer_add(out, slice_cut(text, 0, 2));
	return 2;
}

/* "{,n}" is {0,n} to Python and plain text to PCRE2 before 10.43. */
static bool is_open_repeat(struct slice text)
{
	size_t i = 2;

	if (!slice_starts(text, S("{,")))
		return false;
	while (i < text.len && ascii_is_digit(text.at[i]))
		i++;
	return i < text.len && text.at[i] == '}';
}

/* The head of a class, with a ']' that stands first as a member: bytes taken. What is
 * "[:alpha:]" to PCRE2, and wrong outside of a class, is one of these six to Python.  */
static size_t class_open(struct slice text, struct buffer *out)
{
	size_t taken = 1;

	buffer_add_byte(out, '[');
	if (taken < text.len && slice_find_byte(S(":.="), text.at[taken]) >= 0)
		buffer_add_byte(out, '\\');
	if (taken < text.len && text.at[taken] == '^') {
		buffer_add_byte(out, '^');
		taken++;
	}
	if (taken < text.len && text.at[taken] == ']') {
		buffer_add(out, S("\\]"));
		taken++;
	}
	return taken;
}

static size_t dialect_step(struct slice text, bool *in_class, struct buffer *out)
{
	char c = text.at[0];

	if (c == '\\' && text.len > 1)
		return escape_add(text, *in_class, out);
	if (*in_class) {
		*in_class = c != ']';
		if (c == '[')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, c);
		return 1;
	}
	if (c == '(')
		return group_add(text, out);
	if (c == '[') {
		*in_class = true;
		return class_open(text, out);
	}
	if (is_open_repeat(text)) {
		buffer_add(out, S("{0"));
		return 1;
	}
	buffer_add_byte(out, c);
	return 1;
}

static int dialect_rewrite(struct slice text, struct buffer *out, struct error *err)
{
	bool in_class = false;

	while (text.len > 0) {
		if (!in_class && slice_starts(text, S("(*")))
			return error_set(
				err, ERROR_SYNTAX,
				"'(*' begins no group: write '\\(*' or drop it");
		text = slice_from(text, dialect_step(text, &in_class, out));
	}
	return 0;
}

int translate_expression(struct arena *arena, struct slice pattern, unsigned flags,
			 struct slice *out, struct error *err)
{
	struct buffer tags, text;
	int result;

	buffer_init(&tags, TRANSLATE_MAX_BYTES);
	buffer_init(&text, TRANSLATE_MAX_BYTES);
	tags_expand(pattern, flags, &tags);
	result = dialect_rewrite(buffer_slice(&tags), &text, err);
	if (result == 0 && (tags.failed || text.failed))
		result = error_set(err, ERROR_LIMIT,
				   "the expression is over %d bytes: split it",
				   TRANSLATE_MAX_BYTES);
	if (result == 0)
		*out = arena_copy(arena, buffer_slice(&text));
	buffer_clear(&tags);
	buffer_clear(&text);
	return result;
}
