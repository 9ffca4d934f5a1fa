#include "cli/rule_output.h"

#include <inttypes.h>

static void row_print(struct printer *out, const struct row *row)
{
	struct buffer text;

	buffer_init(&text, 1 << 20);
	row_write(row, &text);
	print_text(out, SLICE_FMT, SLICE_ARG(buffer_slice(&text)));
	buffer_clear(&text);
}

static bool is_one_of(struct slice token, const char *const *names)
{
	for (size_t i = 0; names[i]; i++) {
		if (slice_equal(token, slice_of(names[i])))
			return true;
	}
	return false;
}

/* What a token stands for; a NULL pointer where it is no group of this match. */
static struct slice token_value(struct arena *arena, struct slice token,
				const struct row *row, struct slice line)
{
	static const char *const sources[] = { "id", "fid", "ip", "host", NULL };
	static const char *const lines[] = { "msg", "matches", NULL };
	const struct witness_group *group;

	if (is_one_of(token, sources))
		return row->source;
	if (is_one_of(token, lines))
		return line;
	if (slice_equal(token, S("time")))
		return row->dated ? arena_printf(arena, "%" PRId64, row->at_s)
				  : (struct slice){ 0 };
	if (slice_starts(token, S("F-")))
		token = arena_lower(arena, slice_from(token, 2));
	group = witness_group_find(&row->groups, token);
	return group ? group->value : (struct slice){ 0 };
}

/* A group that took no part is empty; tags that mean nothing stay as they are. */
static struct slice absent_text(struct slice tail, size_t close)
{
	if (slice_starts(tail, S("F-")))
		return S("");
	return slice_cut((struct slice){ tail.at - 1, tail.len + 1 }, 0, close + 2);
}

static void format_print(struct printer *out, struct arena *arena, struct slice format,
			 const struct row *row, struct slice line)
{
	while (format.len > 0) {
		ptrdiff_t open = slice_find_byte(format, '<');
		struct slice tail = slice_from(format, (size_t)(open + 1)), value;
		ptrdiff_t close = open < 0 ? -1 : slice_find_byte(tail, '>');

		if (close < 0) {
			print_slice(out, format);
			return;
		}
		print_slice(out, slice_cut(format, 0, (size_t)open));
		value = token_value(arena, slice_cut(tail, 0, (size_t)close), row,
				    line);
		format = slice_from(tail, (size_t)close + 1);
		if (value.at == NULL)
			value = absent_text(tail, (size_t)close);
		print_slice(out, value);
	}
}

void rule_output_print(struct printer *out, struct arena *arena, struct slice token,
		       const struct row *row, struct slice line)
{
	if (slice_equal(token, S("row"))) {
		row_print(out, row);
	} else if (slice_find_byte(token, '<') >= 0) {
		format_print(out, arena, token, row, line);
	} else {
		struct slice value = token_value(arena, token, row, line);

		print_slice(out, value.at ? value : S("None"));
	}
	print_text(out, "\n");
}
