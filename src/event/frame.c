#include "event/frame.h"

#include "event/finding.h"
#include "event/frame_field.h"
#include "event/hostile.h"
#include "event/rule.h"

#include <stdlib.h>
#include <string.h>

struct framer {
	const struct rules *rules; /* the rule alone */
	struct frame_reader alone, whole; /* whole.matcher may be NULL */
	struct arena *kept, *sample, *line; /* how long each lives: see the name */
	struct contexts {
		uint64_t *at;
		size_t count, room;
	} contexts; /* of the fields tried already */
	struct frame_tally tally;
};

/* One sample while its fields are tried. */
struct trial {
	struct framer *framer;
	struct slice line;
	const struct event *truth;
	struct slice innocent;
	const struct frame_field *field;
	bool is_name; /* what is tried is an odd but honest user name */
};

static struct frame_reader reader_new(const struct rules *rules,
				      const struct matcher_options *options)
{
	struct frame_reader reader = { .matcher = matcher_new(rules, options),
				       .arena = arena_new() };

	return reader;
}

static void reader_free(struct frame_reader *reader)
{
	matcher_free(reader->matcher);
	arena_free(reader->arena);
}

struct framer *framer_new(const struct rules *alone, const struct rules *whole,
			  const struct matcher_options *options)
{
	struct framer *framer = calloc(1, sizeof *framer);

	if (framer == NULL)
		abort();
	framer->rules = alone;
	framer->alone = reader_new(alone, options);
	if (whole != NULL)
		framer->whole = reader_new(whole, options);
	framer->kept = arena_new();
	framer->sample = arena_new();
	framer->line = arena_new();
	return framer;
}

void framer_free(struct framer *framer)
{
	if (framer == NULL)
		return;
	reader_free(&framer->alone);
	if (framer->whole.matcher != NULL)
		reader_free(&framer->whole);
	arena_free(framer->kept);
	arena_free(framer->sample);
	arena_free(framer->line);
	free(framer);
}

struct frame_tally framer_tally(const struct framer *framer)
{
	return framer->tally;
}

bool framer_reads(struct framer *framer, struct slice line)
{
	struct event event;

	return frame_read(&framer->alone, line, &event) && !event.contested;
}

/* --- reading a forged line ---------------------------------------------------------------- */

enum outcome_of_line { LINE_NOTHING, LINE_CONTESTED, LINE_KEPT, LINE_FRAMED };

static enum outcome_of_line outcome_of(struct frame_reader *reader, struct slice line,
				       const struct event *truth, struct event *event)
{
	if (!frame_read(reader, line, event))
		return LINE_NOTHING;
	if (event->contested)
		return LINE_CONTESTED;
	return finding_same_source(event, truth) ? LINE_KEPT : LINE_FRAMED;
}

static void framed_note(struct framer *framer, struct slice line,
			const struct event *event)
{
	struct frame_tally *tally = &framer->tally;
	struct address_text text = address_format(&event->source);

	if (tally->line.len > 0 && tally->line.len <= line.len)
		return;
	tally->line = arena_copy(framer->kept, line);
	tally->read_by = arena_copy(framer->kept, event->rule);
	tally->named =
		arena_copy(framer->kept, event->source.family ? slice_of(text.text)
							      : event->source_name);
}

static enum outcome_of_line line_try(struct framer *framer, struct slice line,
				     const struct event *truth)
{
	struct event event;
	enum outcome_of_line alone, whole = LINE_NOTHING;

	alone = outcome_of(&framer->alone, line, truth, &event);
	if (alone == LINE_FRAMED)
		framed_note(framer, line, &event);
	if (framer->whole.matcher != NULL)
		whole = outcome_of(&framer->whole, line, truth, &event);
	if (whole == LINE_FRAMED)
		framed_note(framer, line, &event);
	if (alone == LINE_FRAMED || whole == LINE_FRAMED)
		return LINE_FRAMED;
	return whole == LINE_CONTESTED ? LINE_CONTESTED : alone;
}

/* The field holds `a`, `b`, `c`, `d` one after the other. */
static void payload_try(const struct trial *trial, struct slice a, struct slice b,
			struct slice c, struct slice d)
{
	struct framer *framer = trial->framer;
	struct frame_tally *tally = &framer->tally;
	const struct slice parts[] = {
		slice_cut(trial->line, 0, trial->field->start), a, b, c, d,
		slice_from(trial->line, trial->field->end)
	};
	bool is_host_payload = frame_is_host_text(a) && frame_is_host_text(b) &&
			       frame_is_host_text(c) && frame_is_host_text(d);
	enum outcome_of_line outcome;
	struct slice line;

	arena_reset(framer->line);
	line = frame_joined(framer->line, parts, COUNT_OF(parts));
	if (line.len > LINE_MAX_BYTES || (trial->field->is_host && !is_host_payload))
		return;
	outcome = line_try(framer, line, trial->truth);
	tally->lines++;
	tally->kept += outcome == LINE_KEPT;
	tally->contested += outcome == LINE_CONTESTED;
	tally->nothing += outcome == LINE_NOTHING;
	tally->framed += outcome == LINE_FRAMED;
	tally->names += trial->is_name;
	tally->names_lost += trial->is_name && outcome != LINE_KEPT;
}

/* --- what is put into a field ------------------------------------------------------------- */

static const struct slice NONE = { "", 0 };

static void with_own_words(const struct trial *trial, struct slice text)
{
	struct slice field =
		slice_cut(trial->line, trial->field->start, trial->field->end);

	payload_try(trial, text, NONE, NONE, NONE);
	if (field.len == 0)
		return;
	payload_try(trial, field, S(" "), text, NONE);
	payload_try(trial, text, S(" "), field, NONE);
}

static void table_try(const struct trial *trial)
{
	for (size_t i = 0; i < hostile_count(); i++) {
		struct trial one = *trial;
		struct slice text =
			hostile_text(trial->framer->sample, i, trial->innocent);

		one.is_name = hostile_kind(i) == HOSTILE_NAME && trial->field->is_user;
		if (hostile_kind(i) == HOSTILE_NAME)
			payload_try(&one, text, NONE, NONE, NONE);
		else
			with_own_words(&one, text);
	}
}

/* Each part once to a field: alone, behind its words or before them, by turns. */
static void parts_try(const struct trial *trial, const struct slices *parts)
{
	struct framer *framer = trial->framer;
	struct slice field =
		slice_cut(trial->line, trial->field->start, trial->field->end);

	for (size_t i = 0; i < parts->count; i++) {
		struct slice text =
			frame_accusing(framer->sample, parts->at[i], trial->innocent);
		/* three parts are one sample's: its turns differ too */
		size_t turn =
			field.len == 0 ? 0 : (i + i / 3 + framer->tally.fields) % 3;

		if (turn == 0)
			payload_try(trial, text, NONE, NONE, NONE);
		else if (turn == 1)
			payload_try(trial, field, S(" "), text, NONE);
		else
			payload_try(trial, text, S(" "), field, NONE);
	}
}

/* The line itself as its writer knows it, accusing the innocent, cut at every word. */
static void echo_try(const struct trial *trial)
{
	struct arena *arena = trial->framer->sample;
	struct slice field =
		slice_cut(trial->line, trial->field->start, trial->field->end);
	struct slice start =
		frame_replaced(arena, slice_cut(trial->line, 0, trial->field->start),
			       trial->truth, trial->innocent);
	struct slice rest =
		frame_replaced(arena, slice_from(trial->line, trial->field->end),
			       trial->truth, trial->innocent);
	struct slice message = slice_from(frame_replaced(arena, trial->line,
							 trial->truth, trial->innocent),
					  frame_head_bytes(trial->line));

	payload_try(trial, start, field, rest, NONE);
	payload_try(trial, message, NONE, NONE, NONE);
	payload_try(trial, field, S(" "), message, NONE);
	for (size_t cut = 0; cut <= rest.len; cut = frame_next_cut(rest, cut)) {
		payload_try(trial, field, slice_cut(rest, 0, cut), NONE, NONE);
		payload_try(trial, field, slice_cut(rest, 0, cut), S(" "), message);
	}
	for (size_t cut = 0; cut < start.len; cut = frame_next_cut(start, cut)) {
		struct slice lead = slice_from(start, cut);

		payload_try(trial, lead, field, NONE, NONE);
		payload_try(trial, lead, field, rest, NONE);
		payload_try(trial, field, rest, lead, NONE);
		payload_try(trial, field, rest, lead, field);
	}
}

/* Fields of many samples are one field of the product: what stands around it tells. */
static bool is_new_context(struct framer *framer, struct slice line,
			   const struct frame_field *field)
{
	uint64_t hash = frame_context(line, field);

	for (size_t i = 0; i < framer->contexts.count; i++) {
		if (framer->contexts.at[i] == hash)
			return false;
	}
	*LIST_ADD(framer->kept, &framer->contexts) = hash;
	return true;
}

void framer_try(struct framer *framer, struct slice line, const struct slices *parts)
{
	struct frame_fields fields = { 0 };
	struct event truth;

	arena_reset(framer->sample);
	if (!frame_read(&framer->alone, line, &truth) || truth.contested)
		return;
	frame_event_keep(framer->sample, &truth);
	framer->tally.samples++;
	frame_fields_find(&framer->alone, framer->sample, line, &truth,
			  framer->rules->at[0].samples.own, &fields);
	for (size_t i = 0; i < fields.count; i++) {
		struct trial trial = { .framer = framer,
				       .line = line,
				       .truth = &truth,
				       .innocent = frame_innocent(&truth),
				       .field = &fields.at[i] };

		if (!is_new_context(framer, line, trial.field))
			continue;
		framer->tally.fields++;
		table_try(&trial);
		echo_try(&trial);
		parts_try(&trial, parts);
	}
}

/* --- parts of all rules' samples ------------------------------------------------------------ */

/* The message, and it up to the address and from the address on. */
static void sample_parts(struct frame_reader *reader, struct slice line,
			 struct arena *arena, struct slices *parts)
{
	struct event truth;
	struct slice message;
	ptrdiff_t at;

	if (!frame_read(reader, line, &truth) || truth.contested)
		return;
	message = slice_from(frame_replaced(arena, line, &truth, S("{}")),
			     frame_head_bytes(line));
	at = slice_find(message, S("{}"));
	if (at < 0)
		return;
	*LIST_ADD(arena, parts) = message;
	*LIST_ADD(arena, parts) = slice_cut(message, 0, (size_t)at + 2);
	if ((size_t)at + 2 < message.len)
		*LIST_ADD(arena, parts) = slice_from(message, (size_t)at);
}

void frame_parts(const struct rules *rules, const struct matcher_options *options,
		 struct arena *arena, struct slices *parts)
{
	struct frame_reader reader = reader_new(rules, options);

	for (size_t i = 0; i < rules->count; i++) {
		const struct filter_samples *samples = &rules->at[i].samples;
		size_t first = 0;

		while (first < samples->count && !samples->at[first].must_match)
			first++;
		if (first < samples->count)
			sample_parts(&reader, samples->at[first].line, arena, parts);
	}
	reader_free(&reader);
}
