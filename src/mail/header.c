#include "mail/header.h"

static bool is_fold(struct slice rest)
{
	return rest.len && (rest.at[0] == ' ' || rest.at[0] == '\t');
}

struct slice header_block(struct slice message)
{
	struct slice rest = slice_cut(message, 0, HEADER_MAX), line, from = rest;

	while (rest.len && slice_next(&rest, '\n', &line))
		if (!slice_trim(line).len)
			return slice_cut(from, 0, (size_t)(line.at - from.at));
	return from;
}

static bool is_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] <= ' ' || name.at[i] > '~')
			return false;
	return name.len > 0;
}

/* Its lines as one: what a line ends in and begins with becomes one blank. */
static struct slice unfold(struct arena *arena, struct slice field)
{
	size_t len = 0, room = slice_cut(field, 0, HEADER_FIELD_MAX).len;
	char *text = ARENA_ARRAY(arena, char, room + 1);
	struct slice line;

	while (field.len && slice_next(&field, '\n', &line)) {
		line = slice_trim(line);
		if (len && line.len && len < room)
			text[len++] = ' ';
		line = slice_cut(line, 0, room - len);
		if (line.len)
			memcpy(text + len, line.at, line.len);
		len += line.len;
	}
	return (struct slice){ text, len };
}

bool header_next(struct arena *arena, struct slice *rest, struct header_field *out)
{
	struct slice line, text, from = *rest;
	ptrdiff_t colon;

	if (!rest->len || !slice_next(rest, '\n', &line) || !slice_trim(line).len)
		return false;
	text = slice_trim(slice_cut(line, 0, HEADER_FIELD_MAX));
	if (is_fold(*rest)) {
		while (is_fold(*rest) && slice_next(rest, '\n', &line))
			;
		text = unfold(arena, slice_cut(from, 0,
					       (size_t)(line.at + line.len - from.at)));
	}
	colon = slice_find_byte(text, ':');
	out->name = slice_trim(slice_cut(text, 0, colon < 0 ? 0 : (size_t)colon));
	out->value = slice_trim(slice_from(text, (size_t)(colon + 1)));
	if (!is_name(out->name))
		*out = (struct header_field){ .value = text };
	return true;
}
