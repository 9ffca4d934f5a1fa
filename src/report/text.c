#include "report/text.h"

#include "base/escape.h"

#include <string.h>

enum { CLEAN_MAX_BYTES = 512 * 1024 };

struct slice text_clean(struct arena *arena, struct slice text, size_t max)
{
	struct buffer out;
	struct slice trimmed = slice_trim(text), copy;
	bool cut = trimmed.len > max;

	buffer_init(&out, CLEAN_MAX_BYTES);
	escape_mail_body(&out, slice_cut(trimmed, 0, max));
	if (cut)
		buffer_add(&out, S("..."));
	copy = arena_copy(arena, slice_trim(buffer_slice(&out)));
	buffer_clear(&out);
	return copy;
}

struct slice text_joined(struct arena *arena, struct slice text)
{
	char *copy = arena_cstr(arena, text);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (!ascii_is_space(text.at[i]))
			copy[len++] = text.at[i];
		else if (len && copy[len - 1] != ' ')
			copy[len++] = ' ';
	}
	return slice_trim((struct slice){ copy, len });
}

static size_t text_columns(struct slice text)
{
	size_t columns = 0;

	for (size_t i = 0; i < text.len; i++)
		columns += ((unsigned char)text.at[i] & 0xc0) != 0x80;
	return columns;
}

/* Adds the words of `text` from column `at` on, further lines behind `indent` blanks. */
static void add_words(struct buffer *out, struct slice text, size_t at, size_t indent)
{
	struct slice word;
	bool begun = false;

	while (slice_next(&text, ' ', &word)) {
		size_t columns = text_columns(word);

		if (!word.len)
			continue;
		if (begun && at + 1 + columns > TEXT_WIDTH) {
			buffer_printf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (begun) {
			buffer_add_byte(out, ' ');
			at++;
		}
		buffer_add(out, word);
		at += columns;
		begun = true;
	}
	buffer_add_byte(out, '\n');
}

void text_field(struct buffer *out, const char *key, struct slice value)
{
	int blanks = TEXT_FIELD_INDENT - 1 - (int)strlen(key);

	buffer_printf(out, "%s:%*s", key, blanks, "");
	add_words(out, value, TEXT_FIELD_INDENT, TEXT_FIELD_INDENT);
}

void text_paragraph(struct buffer *out, struct slice text)
{
	add_words(out, text, 0, 0);
	buffer_add_byte(out, '\n');
}

/* ---- the shape of a whole memo ---- */

struct layout {
	struct buffer *out;
	struct buffer words; /* of the paragraph or field at hand                     */
	bool gap; /* an empty line is due                                    */
	bool begun;
};

static void layout_gap(struct layout *layout)
{
	if (layout->gap && layout->begun)
		buffer_add_byte(layout->out, '\n');
	layout->gap = false;
	layout->begun = true;
}

static void layout_flush(struct layout *layout)
{
	if (layout->words.len) {
		layout_gap(layout);
		add_words(layout->out, buffer_slice(&layout->words), 0, 0);
	}
	buffer_reset(&layout->words);
}

/* Where the value of "Compromise:  no" begins; 0: it is no field. */
static size_t field_value(struct slice line)
{
	size_t at = 0;

	if (!line.len || line.at[0] < 'A' || line.at[0] > 'Z')
		return 0;
	while (at < line.len && at < TEXT_FIELD_INDENT &&
	       (ascii_is_alpha(line.at[at]) || line.at[at] == '-'))
		at++;
	if (at == line.len || line.at[at++] != ':' || at + 2 > line.len ||
	    line.at[at] != ' ' || line.at[at + 1] != ' ')
		return 0;
	while (at < line.len && line.at[at] == ' ')
		at++;
	return at;
}

static void layout_line(struct layout *layout, struct slice line)
{
	bool ends = slice_ends(slice_trim(line), S("\\"));
	size_t value = field_value(line);

	line = slice_trim(line);
	line.len -= ends;
	if (!line.len) {
		layout_flush(layout);
		layout->gap |= !ends;
		return;
	}
	if (value) {
		layout_flush(layout);
		layout_gap(layout);
		buffer_add(layout->out, slice_cut(line, 0, value));
		add_words(layout->out, slice_from(line, value), value, value);
		return;
	}
	buffer_add(&layout->words, line);
	buffer_add_byte(&layout->words, ' ');
	if (ends)
		layout_flush(layout);
}

static void layout_as_is(struct layout *layout, struct slice lines)
{
	layout_flush(layout);
	layout_gap(layout);
	buffer_add(layout->out, lines);
	if (!slice_ends(lines, S("\n")))
		buffer_add_byte(layout->out, '\n');
}

void text_layout(struct slice text, struct buffer *out)
{
	struct layout layout = { .out = out };

	buffer_init(&layout.words, CLEAN_MAX_BYTES);
	while (text.len) {
		ptrdiff_t as_is = slice_find_byte(text, TEXT_AS_IS_BEGIN), end;
		struct slice plain =
			slice_cut(text, 0, as_is < 0 ? text.len : (size_t)as_is);
		struct slice line;

		while (plain.len && slice_next(&plain, '\n', &line))
			if (plain.at || line.len)
				layout_line(&layout, line);
		if (as_is < 0)
			break;
		text = slice_from(text, (size_t)as_is + 1);
		end = slice_find_byte(text, TEXT_AS_IS_END);
		layout_as_is(&layout,
			     slice_cut(text, 0, end < 0 ? text.len : (size_t)end));
		text = slice_from(text, end < 0 ? text.len : (size_t)end + 1);
		if (text.len && text.at[0] == '\n')
			text = slice_from(text, 1);
	}
	layout_flush(&layout);
	buffer_clear(&layout.words);
}

static const struct text_value *value_of(const struct text_value *values, size_t count,
					 struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(slice_of(values[i].name), name))
			return &values[i];
	return NULL;
}

struct slice text_fill(struct arena *arena, const char *template,
		       const struct text_value *values, size_t count)
{
	struct slice rest = slice_of(template), copy;
	struct buffer out;

	buffer_init(&out, CLEAN_MAX_BYTES);
	while (rest.len) {
		ptrdiff_t open = slice_find_byte(rest, '{');
		ptrdiff_t close = slice_find_byte(rest, '}');
		const struct text_value *value = NULL;

		if (open < 0 || close < open)
			break;
		value = value_of(values, count,
				 slice_cut(rest, (size_t)open + 1, (size_t)close));
		buffer_add(&out, slice_cut(rest, 0, (size_t)open));
		buffer_add(&out,
			   value ? value->value
				 : slice_cut(rest, (size_t)open, (size_t)close + 1));
		rest = slice_from(rest, (size_t)close + 1);
	}
	buffer_add(&out, rest);
	copy = arena_copy(arena, buffer_slice(&out));
	buffer_clear(&out);
	return copy;
}

struct slice text_list(struct arena *arena, const struct slices *items, size_t max)
{
	size_t shown = items->count > max ? max : items->count;
	struct slice out = { "", 0 };

	for (size_t i = 0; i < shown; i++) {
		bool last = i + 1 == items->count;
		const char *glue = i == 0 ? "" : last ? " and " : ", ";

		out = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT, SLICE_ARG(out),
				   glue, SLICE_ARG(items->at[i]));
	}
	if (shown < items->count)
		out = arena_printf(arena, SLICE_FMT " and %zu more", SLICE_ARG(out),
				   items->count - shown);
	return out;
}
