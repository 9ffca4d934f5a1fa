#include "event/formats.h"

#include "base/cursor.h"
#include "event/format_parts.h"
#include "event/header.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = JSON_DEPTH_MAX + 1, PROGRAMS_MAX = 4, COUNT_MAX = 1000000000 };

/* JSON: `programs` may write it through syslog. Lines: tried in front of the rules. */
static const struct format {
	bool (*json)(struct format_reading *reading);
	bool (*line)(struct format_reading *reading);
	const char *programs[PROGRAMS_MAX];
} FORMATS[] = {
	{ suricata_read, NULL, { "suricata" } },
	{ cowrie_read, NULL, { "cowrie", "twistd" } },
	{ crowdsec_read, crowdsec_line, { "crowdsec" } },
	{ zeek_read, zeek_line, { "zeek", "bro" } },
	{ NULL, fail2ban_line, { NULL } },
	{ tipoff_read, NULL, { "tipoff" } },
	{ access_read, NULL, { "nginx", "apache2", "httpd", "caddy" } },
};

/* What these tell, the log that they read or the service that they watched may tell too. */
static const char *const RETOLD[] = { "suricata", "crowdsec", "crowdsec-log",
				      "zeek",     "fail2ban", "fail2ban-database" };

bool format_is_retold(struct slice rule)
{
	for (size_t i = 0; i < COUNT_OF(RETOLD); i++) {
		if (slice_equal(rule, slice_of(RETOLD[i])))
			return true;
	}
	return false;
}

/* A record that stands indented over several lines, as far as it was read. */
struct pending {
	struct buffer text; /* from the line it begins in, indentation cut off */
	size_t depth; /* of brackets open; 0: nothing is pending        */
	bool in_array; /* and its elements are the records               */
	bool skipped; /* over the cap, or deeper than JSON may be       */
	uint64_t number, offset; /* of the line it begins in                       */
};

struct formats {
	const struct zone *zone;
	struct pending pending;
	struct zeek *zeek;
	struct cowrie cowrie;
};

struct formats *formats_new(const struct zone *zone)
{
	struct formats *formats = calloc(1, sizeof *formats);

	if (formats == NULL)
		abort();
	formats->zone = zone;
	formats->zeek = zeek_new();
	buffer_init(&formats->pending.text, FORMAT_RECORD_MAX);
	return formats;
}

void formats_free(struct formats *formats)
{
	if (formats == NULL)
		return;
	buffer_clear(&formats->pending.text);
	zeek_free(formats->zeek);
	free(formats);
}

/* ---- JSON in one line ---- */

static bool may_write(const struct format *format, struct slice program)
{
	if (program.len == 0)
		return true;
	for (size_t i = 0; i < PROGRAMS_MAX && format->programs[i] != NULL; i++) {
		if (slice_equal(program, slice_of(format->programs[i])))
			return true;
	}
	return false;
}

static bool object_read(struct format_reading *reading, struct slice program)
{
	for (size_t i = 0; i < COUNT_OF(FORMATS); i++) {
		if (FORMATS[i].json != NULL && may_write(&FORMATS[i], program) &&
		    json_is_object(reading->root) && FORMATS[i].json(reading))
			return true;
	}
	return false;
}

/* An object, or an array of them; false where it is no record that is known. */
static bool record_read(struct format_reading *reading, struct slice text,
			struct slice program)
{
	struct error ignored;
	struct json *json = json_read(text, FORMAT_RECORD_MAX, &ignored);
	const struct json_value *root = json_root(json);
	bool known = false;

	for (size_t i = 0; i < json_count(root); i++) {
		reading->root = json_at(root, i);
		known |= object_read(reading, program);
	}
	reading->root = root;
	known |= object_read(reading, program);
	json_free(json);
	return known;
}

/* The JSON of a line, and who wrote it where a syslog header says that. */
static struct slice json_find(struct slice text, struct header *header)
{
	struct slice cee = S("@cee:");

	*header = (struct header){ 0 };
	text = slice_trim(text);
	if (text.len < 2 ||
	    (text.at[text.len - 1] != '}' && text.at[text.len - 1] != ']'))
		return S("");
	if (text.at[0] == '{' || text.at[0] == '[')
		return text;
	if (header_parse(text, header))
		text = slice_trim(header->text);
	if (slice_starts(text, cee))
		text = slice_trim(slice_from(text, cee.len));
	return text.len > 0 && text.at[0] == '{' ? text : S("");
}

static struct format_reading reading_of(struct formats *formats, struct arena *arena,
					const struct line *line, struct events *out)
{
	return (struct format_reading){ .zone = formats->zone,
					.zeek = formats->zeek,
					.cowrie = &formats->cowrie,
					.arena = arena,
					.line = *line,
					.out = out };
}

static bool json_line(struct formats *formats, struct arena *arena, struct line *line,
		      struct events *out)
{
	struct header header;
	struct slice text = json_find(line->text, &header);
	struct format_reading reading = reading_of(formats, arena, line, out);

	if (text.len == 0)
		return false;
	reading.host = header.host;
	if (!record_read(&reading, text, header.program))
		return false;
	if (reading.rewritten.len == 0)
		return true;
	line->text = reading.rewritten;
	return false;
}

/* ---- JSON over many lines ---- */

static bool is_bracket_line(struct slice text)
{
	static const char *const texts[] = { "{",  "}",  "},",  "[",  "]",
					     "],", "{}", "{},", "[]", "[]," };

	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		if (slice_equal(text, slice_of(texts[i])))
			return true;
	}
	return false;
}

/* Brackets outside of strings: a string never goes over the end of a line. */
static void depth_follow(struct pending *pending, struct slice text)
{
	bool quoted = false;

	for (size_t i = 0; i < text.len && pending->depth > 0; i++) {
		char c = text.at[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			pending->depth += pending->depth < LINE_MAX_BYTES;
		else if (!quoted && (c == '}' || c == ']'))
			pending->depth--;
		if (pending->depth > DEPTH_MAX)
			pending->skipped = true;
	}
}

static void record_begin(struct pending *pending, const struct line *line)
{
	buffer_reset(&pending->text);
	pending->skipped = false;
	pending->number = line->number;
	pending->offset = line->offset;
}

static void record_end(struct formats *formats, struct arena *arena,
		       const struct line *line, struct events *out)
{
	struct pending *pending = &formats->pending;
	struct slice text = arena_copy(arena, buffer_slice(&pending->text));
	struct line whole = { slice_cut(text, 0, LINE_MAX_BYTES), line->file,
			      pending->number, pending->offset };
	struct format_reading reading = reading_of(formats, arena, &whole, out);

	if (slice_ends(text, S(",")))
		text = slice_cut(text, 0, text.len - 1);
	if (!pending->skipped && !pending->text.failed)
		(void)record_read(&reading, text, S(""));
}

/* Nothing pending: does a record begin here? */
static bool pending_begin(struct formats *formats, const struct line *line)
{
	struct pending *pending = &formats->pending;
	bool is_array = slice_equal(line->text, S("["));

	if (!is_array && !slice_equal(line->text, S("{")))
		return false;
	record_begin(pending, line);
	pending->in_array = is_array;
	pending->depth = 1;
	if (!is_array)
		buffer_add(&pending->text, line->text);
	return true;
}

/* A line of the record: indented, or a bracket alone. */
static bool pending_line(struct formats *formats, struct arena *arena,
			 const struct line *line, struct events *out)
{
	struct pending *pending = &formats->pending;
	size_t between = pending->in_array ? 1 : 0;
	struct slice text = slice_trim(line->text);

	if (pending->depth == 0)
		return pending_begin(formats, line);
	if (text.len == 0 || (!is_bracket_line(text) && line->text.at[0] != ' ' &&
			      line->text.at[0] != '\t')) {
		pending->depth = 0;
		return false;
	}
	if (pending->depth == between)
		record_begin(pending, line);
	depth_follow(pending, text);
	if (pending->text.len > 0)
		buffer_add_byte(&pending->text, ' ');
	buffer_add(&pending->text, text);
	if (pending->depth == between && pending->text.len > 1)
		record_end(formats, arena, line, out);
	return true;
}

/* ---- lines ---- */

static bool other_line(struct formats *formats, struct arena *arena,
		       const struct line *line, struct events *out)
{
	struct format_reading reading = reading_of(formats, arena, line, out);

	for (size_t i = 0; i < COUNT_OF(FORMATS); i++) {
		if (FORMATS[i].line != NULL && FORMATS[i].line(&reading))
			return true;
	}
	return false;
}

bool formats_line(struct formats *formats, struct arena *arena, struct line *line,
		  struct events *out)
{
	if (line->text.len == 0)
		return false;
	return pending_line(formats, arena, line, out) ||
	       other_line(formats, arena, line, out) ||
	       json_line(formats, arena, line, out);
}

bool formats_may_begin(const struct formats *formats, const struct input_chunk *chunk)
{
	struct slice bytes = chunk->bytes;

	if (formats->pending.depth > 0 || zeek_is_begun(formats->zeek))
		return true;
	if (chunk->offset == 0 && slice_starts(bytes, S("#separator")))
		return true;
	if (slice_equal(chunk->file, S("-")) && slice_find(bytes, S("#separator")) >= 0)
		return true;
	return slice_ends(slice_trim(bytes), S("[")) || format_trace(bytes);
}

/* ---- what lines leave behind ---- */

#define STATE_WORD "tipoff-formats "
#define STATE_HEAD STATE_WORD "2 "

/* Three parts, each behind its length: what one of them holds ends no other. */
static void part_save(struct buffer *state, struct buffer *part)
{
	buffer_printf(state, "%zu\n", part->len);
	buffer_add(state, buffer_slice(part));
	buffer_reset(part);
}

static void pending_save(const struct pending *pending, struct buffer *out)
{
	buffer_printf(out, "%zu %d %d %llu %llu\n", pending->depth, pending->in_array,
		      pending->skipped || pending->text.failed,
		      (unsigned long long)pending->number,
		      (unsigned long long)pending->offset);
	if (pending->depth > 0)
		buffer_add(out, buffer_slice(&pending->text));
}

void formats_save(const struct formats *formats, struct buffer *out)
{
	struct buffer state, part;

	buffer_init(&state, FORMAT_STATE_MAX);
	buffer_init(&part, FORMAT_STATE_MAX);
	zeek_save(formats->zeek, &part);
	part_save(&state, &part);
	cowrie_save(&formats->cowrie, &part);
	part_save(&state, &part);
	pending_save(&formats->pending, &part);
	part_save(&state, &part);
	buffer_printf(out, STATE_HEAD "%zu\n", state.len);
	buffer_add(out, buffer_slice(&state));
	buffer_clear(&state);
	buffer_clear(&part);
}

static void pending_load(struct pending *pending, struct slice part)
{
	struct cursor cursor = cursor_of(part);
	struct pending read = *pending;

	read.depth = cursor_u64(&cursor, LINE_MAX_BYTES);
	cursor_literal(&cursor, S(" "));
	read.in_array = cursor_u64(&cursor, 1) == 1;
	cursor_literal(&cursor, S(" "));
	read.skipped = cursor_u64(&cursor, 1) == 1;
	cursor_literal(&cursor, S(" "));
	read.number = cursor_u64(&cursor, UINT64_MAX);
	cursor_literal(&cursor, S(" "));
	read.offset = cursor_u64(&cursor, UINT64_MAX);
	cursor_literal(&cursor, S("\n"));
	if (cursor.failed)
		return;
	*pending = read;
	buffer_reset(&pending->text);
	buffer_add(&pending->text, cursor_rest(&cursor));
}

static struct slice part_load(struct cursor *state)
{
	size_t len = cursor_u64(state, FORMAT_STATE_MAX);

	cursor_literal(state, S("\n"));
	return cursor_take(state, len);
}

static void state_load(struct formats *formats, struct slice state)
{
	struct cursor cursor = cursor_of(state);
	struct slice header = part_load(&cursor), sessions = part_load(&cursor),
		     pending = part_load(&cursor);

	if (cursor.failed)
		return;
	zeek_load(formats->zeek, header);
	cowrie_load(&formats->cowrie, sessions);
	pending_load(&formats->pending, pending);
}

struct slice formats_load(struct formats *formats, struct slice state)
{
	struct cursor cursor = cursor_of(state);
	bool is_ours = slice_starts(state, S(STATE_HEAD));
	struct slice own;

	if (!cursor_try(&cursor, S(STATE_WORD)))
		return state;
	cursor_u64(&cursor, UINT16_MAX);
	cursor_literal(&cursor, S(" "));
	own.len = cursor_u64(&cursor, FORMAT_STATE_MAX);
	cursor_literal(&cursor, S("\n"));
	own = cursor_take(&cursor, own.len);
	if (cursor.failed)
		return S("");
	if (is_ours)
		state_load(formats, own);
	return cursor_rest(&cursor);
}
