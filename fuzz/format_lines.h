/* fuzz/format_lines.h - what the targets of the structured formats share. */
#ifndef FUZZ_FORMAT_LINES_H
#define FUZZ_FORMAT_LINES_H

#include "event/formats.h"

#include <assert.h>

static const struct zone *format_zone;

static void format_line_read(struct formats *formats, struct arena *arena,
			     struct line *line)
{
	struct events events = { 0 };
	bool taken = formats_line(formats, arena, line, &events);

	assert(taken || events.count == 0);
	for (size_t i = 0; i < events.count; i++) {
		const struct event *event = &events.at[i];

		assert(event->source.family != FAMILY_NONE ||
		       event->source_name.len > 0);
		assert(event->rule.len > 0 || event->line.file.len > 0);
		assert(event->line.text.len <= LINE_MAX_BYTES);
	}
}

/* A state saved behind each line and taken back must go on as if nothing had been. */
static struct formats *format_state_turn(struct formats *formats)
{
	struct buffer state, again;
	struct formats *next = formats_new(format_zone);

	buffer_init(&state, FORMAT_STATE_MAX + 64);
	buffer_init(&again, FORMAT_STATE_MAX + 64);
	formats_save(formats, &state);
	assert(formats_load(next, buffer_slice(&state)).len == 0);
	formats_save(next, &again);
	assert(slice_equal(buffer_slice(&state), buffer_slice(&again)));
	buffer_clear(&state);
	buffer_clear(&again);
	formats_free(formats);
	return next;
}

static void format_lines_read(struct slice text)
{
	struct line line = { .file = S("fuzz"), .number = 1 };
	struct arena *arena = arena_new();
	struct formats *formats;
	struct error err;

	if (!format_zone)
		format_zone = zone_open(S("UTC"), &err);
	formats = formats_new(format_zone);
	if (slice_starts(text, S("tipoff-formats")))
		text = formats_load(formats, text);
	while (text.len > 0 && slice_next(&text, '\n', &line.text)) {
		size_t len = line.text.len;

		format_line_read(formats, arena, &line);
		formats = format_state_turn(formats);
		line.number++;
		line.offset += len + 1;
		arena_reset(arena);
	}
	formats_free(formats);
	arena_free(arena);
}

#endif
