/* report/text.h - the shape of a memo: fields, paragraphs, lines; 76 columns.
 *
 * Everything given here is escaped already (text_clean); a column is one code point.
 * No line ends in a blank. A word longer than the line stands alone on its own.       */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "base/arena.h"
#include "base/buffer.h"

enum { TEXT_WIDTH = 76, TEXT_FIELD_INDENT = 13 };

/* Through the mail body's escaper, trimmed, at most `max` bytes ("..." shows the cut). */
struct slice text_clean(struct arena *arena, struct slice text, size_t max);
/* "Key:         value", further lines indented to the value. */
void text_field(struct buffer *out, const char *key, struct slice value);
/* Words joined anew, an empty line behind. */
void text_paragraph(struct buffer *out, struct slice text);

/* Trimmed, and every run of white space one blank. */
struct slice text_joined(struct arena *arena, struct slice text);

/* A rendered template (report/template.h) in its shape: words of a paragraph joined anew,
 * a field's further lines indented to its value, lines between the marks as they are, a
 * line that ends in a backslash ends there, one empty line between paragraphs. The marks
 * are controls, which no escaped value holds.                                          */
enum { TEXT_AS_IS_BEGIN = 1, TEXT_AS_IS_END = 2 };
void text_layout(struct slice text, struct buffer *out);

/* Our own sentences with {names} in them; a name without a value stays as it is. */
struct text_value {
	const char *name;
	struct slice value;
};
struct slice text_fill(struct arena *arena, const char *template,
		       const struct text_value *values, size_t count);
/* FILL(arena, "{a} at {b}", { "a", first() }, { "b", second() }): each value once. */
#define FILL(arena, template, ...)                                                 \
	text_fill((arena), (template), (const struct text_value[]){ __VA_ARGS__ }, \
		  COUNT_OF(((const struct text_value[]){ __VA_ARGS__ })))
/* "a", "a and b", "a, b and c"; at most `max`, then "a, b and 7 more". */
struct slice text_list(struct arena *arena, const struct slices *items, size_t max);

#endif
