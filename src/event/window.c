#include "event/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 100, SKIP_GROUPS_MAX = 10 };

struct window {
	unsigned max_lines, count;
	size_t len;
	size_t ends[LINES_MAX]; /* offset behind each line's newline */
	char text[WINDOW_MAX_BYTES];
};

struct window *window_new(unsigned max_lines)
{
	struct window *window = calloc(1, sizeof *window);

	if (window == NULL)
		abort();
	window->max_lines = max_lines < LINES_MAX ? max_lines : LINES_MAX;
	return window;
}

void window_free(struct window *window)
{
	free(window);
}

struct slice window_text(const struct window *window)
{
	return (struct slice){ window->text, window->len };
}

void window_clear(struct window *window)
{
	window->count = 0;
	window->len = 0;
}

static size_t line_start(const struct window *window, size_t index)
{
	return index == 0 ? 0 : window->ends[index - 1];
}

static void line_remove(struct window *window, size_t index)
{
	size_t start = line_start(window, index);
	size_t size = window->ends[index] - start;

	memmove(window->text + start, window->text + start + size,
		window->len - start - size);
	window->len -= size;
	window->count--;
	for (size_t i = index; i < window->count; i++)
		window->ends[i] = window->ends[i + 1] - size;
}

void window_push(struct window *window, struct slice line)
{
	while (window->count > 0 && (window->count == window->max_lines ||
				     window->len + line.len > WINDOW_MAX_BYTES))
		line_remove(window, 0);
	if (line.len > WINDOW_MAX_BYTES)
		return;
	memcpy(window->text + window->len, line.at, line.len);
	window->len += line.len;
	window->ends[window->count++] = window->len;
}

static bool is_skipped(const struct window *window, size_t index,
		       const struct slice *skips, size_t count)
{
	const char *start = window->text + line_start(window, index);
	const char *end = window->text + window->ends[index];

	for (size_t i = 0; i < count; i++) {
		if (start >= skips[i].at && end <= skips[i].at + skips[i].len)
			return true;
	}
	return false;
}

static size_t skips_read(const struct expression *expression,
			 const struct expression_scratch *scratch, struct slice *skips)
{
	size_t count = 0;

	for (unsigned i = 0; i < SKIP_GROUPS_MAX; i++) {
		char name[sizeof "skiplines" + 10];
		unsigned group;

		snprintf(name, sizeof name, "skiplines%u", i);
		group = expression_group(expression, name);
		if (group == 0)
			break;
		skips[count] = expression_capture(scratch, group);
		count += skips[count].len > 0;
	}
	return count;
}

/* The lines that go are taken out of the window, in their order. */
static struct slice lines_take(struct window *window, struct arena *arena,
			       const bool *gone)
{
	char *taken = ARENA_ARRAY(arena, char, window->len + 1);
	size_t len = 0;

	for (size_t i = 0; i < window->count; i++) {
		size_t start = line_start(window, i);

		if (!gone[i])
			continue;
		memcpy(taken + len, window->text + start, window->ends[i] - start);
		len += window->ends[i] - start;
	}
	for (size_t i = window->count; i > 0; i--) {
		if (gone[i - 1])
			line_remove(window, i - 1);
	}
	return (struct slice){ taken, len };
}

struct slice window_take(struct window *window, struct arena *arena,
			 const struct expression *expression,
			 const struct expression_scratch *scratch)
{
	struct slice whole = expression_capture(scratch, 0), skips[SKIP_GROUPS_MAX];
	size_t skip_count = skips_read(expression, scratch, skips);
	size_t start = (size_t)(whole.at - window->text), end = start + whole.len;
	bool gone[LINES_MAX] = { false };

	if (start < window->len && window->text[start] == '\n')
		start++; /* a match that begins with a newline begins on the next line */
	for (size_t i = 0; i < window->count; i++) {
		bool inside =
			window->ends[i] > start &&
			(line_start(window, i) < end || line_start(window, i) == start);

		gone[i] = inside && !is_skipped(window, i, skips, skip_count);
	}
	return lines_take(window, arena, gone);
}

void window_save(const struct window *window, size_t rule, struct buffer *out)
{
	for (size_t i = 0; i < window->count; i++) {
		size_t start = line_start(window, i), size = window->ends[i] - start;

		buffer_printf(out, "window %zu %zu:", rule, size);
		buffer_add(out, (struct slice){ window->text + start, size });
	}
}

void window_load(struct window *window, struct cursor *cursor)
{
	size_t size = cursor_u64(cursor, WINDOW_MAX_BYTES);
	struct slice line;

	cursor_literal(cursor, S(":"));
	line = cursor_take(cursor, size);
	if (!slice_ends(line, S("\n")))
		cursor->failed = true;
	if (!cursor->failed)
		window_push(window, line);
}
