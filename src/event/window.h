/* event/window.h - the last lines of a log, for rules that look at several (maxlines).
 *
 * Lines stand one after the other, each with its newline. A match takes its lines away
 * but those that <SKIPLINES> skipped. Over WINDOW_MAX_BYTES the oldest lines go.       */
#ifndef EVENT_WINDOW_H
#define EVENT_WINDOW_H

#include "base/buffer.h"
#include "base/cursor.h"
#include "event/expression.h"

enum { WINDOW_MAX_BYTES = 128 * 1024 };

struct window;

struct window *window_new(unsigned max_lines); /* at most RULE_LINES_MAX */
void window_free(struct window *window); /* NULL is fine */
void window_push(struct window *window, struct slice line); /* ends in a newline */
struct slice window_text(const struct window *window); /* until the next change */
/* After a hit of `expression` in window_text(): the lines it took, in `arena`. */
struct slice window_take(struct window *window, struct arena *arena,
			 const struct expression *expression,
			 const struct expression_scratch *scratch);
void window_clear(struct window *window);

/* In the saved state; load reads one line's record. */
void window_save(const struct window *window, size_t rule, struct buffer *out);
void window_load(struct window *window, struct cursor *cursor);

#endif
