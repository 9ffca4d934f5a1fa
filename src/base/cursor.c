#include "base/cursor.h"

#include <string.h>

struct slice cursor_until(struct cursor *cursor, char stop, size_t max)
{
	struct slice rest = cursor_rest(cursor);
	ptrdiff_t hit = slice_find_byte(rest, stop);

	if (hit < 0 || (size_t)hit > max) {
		cursor->failed = true;
		return (struct slice){ NULL, 0 };
	}
	cursor->at += hit + 1;
	return slice_cut(rest, 0, (size_t)hit);
}

uint64_t cursor_u64(struct cursor *cursor, uint64_t max)
{
	const char *before = cursor->at;
	struct slice digits = cursor_while(cursor, ascii_is_digit, 20);
	uint64_t value = 0;

	if (!cursor->failed && slice_to_u64(digits, max, &value) != 0) {
		cursor->at = before;
		cursor->failed = true;
	}
	return value;
}

void cursor_spaces(struct cursor *cursor)
{
	while (!cursor_at_end(cursor) && (*cursor->at == ' ' || *cursor->at == '\t'))
		cursor->at++;
}

bool cursor_line(struct cursor *cursor, struct slice *line)
{
	struct slice rest = cursor_rest(cursor);
	ptrdiff_t hit;

	if (rest.len == 0)
		return false;
	hit = slice_find_byte(rest, '\n');
	*line = hit < 0 ? rest : slice_cut(rest, 0, (size_t)hit);
	cursor->at += hit < 0 ? rest.len : (size_t)hit + 1;
	if (line->len && line->at[line->len - 1] == '\r')
		line->len--;
	return true;
}
