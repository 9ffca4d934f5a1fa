#include "proxy/answer.h"

#include "base/cursor.h"
#include "base/escape.h"
#include "registry/charset.h"

#include <inttypes.h>
#include <stdio.h>

/* Tabs are text here; all other controls are escaped. */
static void line_write(struct buffer *out, struct slice line)
{
	struct slice part;
	bool first = true;

	while (slice_next(&line, '\t', &part)) {
		if (!first)
			buffer_add_byte(out, '\t');
		escape_terminal(out, part);
		first = false;
	}
	buffer_add(out, S("\r\n"));
}

static void part_write(struct buffer *out, struct arena *arena,
		       const struct whois_part *part)
{
	struct cursor cursor = cursor_of(charset_to_utf8(arena, part->text));
	struct slice line;

	buffer_add(out, S("% server: "));
	line_write(out, part->server);
	buffer_add(out, S("\r\n"));
	while (cursor_line(&cursor, &line)) {
		while (slice_ends(line, S("\r")))
			line.len--;
		line_write(out, line);
	}
	if (part->truncated)
		buffer_add(out, S("% cut here: the server sent more than 1 MiB\r\n"));
	buffer_add(out, S("\r\n"));
}

void answer_text_write(struct buffer *out, struct arena *arena,
		       const struct whois_parts *parts)
{
	for (size_t i = 0; i < parts->count && !out->failed; i++)
		part_write(out, arena, &parts->at[i]);
	if (!out->failed)
		return;
	out->failed = false;
	out->max += 64;
	buffer_add(out, S("\r\n% cut here: the servers sent too much\r\n\r\n"));
}

struct slice answer_servers(struct arena *arena, const struct whois_parts *parts)
{
	struct slice text = { "", 0 };

	for (size_t i = 0; i < parts->count; i++)
		text = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT, SLICE_ARG(text),
				    i ? ", " : "", SLICE_ARG(parts->at[i].server));
	return text;
}

/* The end of a line always fits, whatever is cut before it. */
static size_t head_end(char head[HEAD_MAX], int len)
{
	size_t at = len < 0 ? 0 : (size_t)len;

	if (at > HEAD_MAX - 5)
		at = HEAD_MAX - 5;
	memcpy(head + at, "\r\n\r\n", 4);
	return at + 4;
}

size_t answer_head_write(char head[HEAD_MAX], const struct cache_answer *answer,
			 const struct answer_head *about)
{
	static const char *const words[] = {
		[FROM_CACHE] = "hit", [FROM_SERVERS] = "miss", [FROM_STALE] = "stale"
	};
	int len = snprintf(head, HEAD_MAX - 4,
			   "%% cache: %s; age %" PRId64 " s; servers " SLICE_FMT
			   "%s" SLICE_FMT "%s" SLICE_FMT,
			   words[about->source], about->age_us / SECOND_US,
			   SLICE_ARG(slice_cut(answer->servers, 0, 400)),
			   about->asked.len ? "; asked for " : "",
			   SLICE_ARG(slice_cut(about->asked, 0, 100)),
			   about->problem.len ? "; " : "",
			   SLICE_ARG(slice_cut(about->problem, 0, 300)));

	return head_end(head, len);
}

size_t answer_remark_write(char head[HEAD_MAX], const char *text)
{
	struct buffer escaped;
	int len;

	buffer_init(&escaped, 2 * HEAD_MAX);
	escape_terminal(&escaped, slice_cut(slice_of(text), 0, HEAD_MAX / 8));
	len = snprintf(head, HEAD_MAX - 4, "%% tipoff: " SLICE_FMT,
		       SLICE_ARG(buffer_slice(&escaped)));
	buffer_clear(&escaped);
	return head_end(head, len);
}
