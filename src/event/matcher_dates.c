#include "event/attempt.h"
#include "event/matcher_parts.h"

#include <string.h>

enum { PROBED_MAX = 100 };

void matcher_dates(const struct matcher *matcher, struct scan_dates *out)
{
	memcpy(out->at, matcher->now.at,
	       matcher->rules->stamps.count * sizeof *out->at);
	out->generation = matcher->now.generation;
	out->log = matcher->now.log;
	out->context = matcher->now.context;
}

bool matcher_knows_dates(const struct matcher *matcher)
{
	return matcher->now.generation > 0;
}

/* The date of a line by the choice, else by a search of all templates, which the choice
 * learns from where a rule has to do with the line.                                    */
static enum stamp_result stamp_read(struct matcher *matcher, size_t set,
				    const struct scan_text *text, bool learns,
				    struct stamp *stamp)
{
	struct stamp_reading reading =
		scanner_dates(matcher->scanner, set, &matcher->now);
	struct stamp_finder *finder = matcher->dates[set].finder;
	enum stamp_result result =
		stamp_choice_find(&reading, text->text, text->ascii, stamp);

	if (result == STAMP_FOUND)
		return result;
	if (!learns)
		return stamp_look(finder, reading.scratch, text->text, text->ascii,
				  stamp);
	result = stamp_find(finder, reading.scratch, text->text, text->ascii, stamp);
	if (result == STAMP_FOUND &&
	    stamp_choice_learn(&matcher->now.at[set], stamp->template, stamp->begin))
		matcher->now.generation++;
	return result;
}

static void date_know(struct matcher_dates *dates, int64_t at, uint64_t frontier)
{
	dates->known = true;
	dates->last_at = at;
	dates->frontier = frontier;
}

void dates_look_back(struct matcher *matcher, size_t set, struct arena *arena,
		     const struct input_chunk *chunk, uint64_t offset)
{
	struct matcher_dates *dates = &matcher->dates[set];
	struct stamp_reading reading =
		scanner_dates(matcher->scanner, set, &matcher->now);
	size_t from = dates->frontier > chunk->offset
			      ? (size_t)(dates->frontier - chunk->offset)
			      : 0;
	struct slice bytes, stored;

	if (offset <= dates->frontier && dates->frontier > chunk->offset)
		return;
	bytes = slice_cut(chunk->bytes, from, (size_t)(offset - chunk->offset));
	dates->frontier = offset;
	while (reading.choice->count > 0 && input_stored_last(&bytes, &stored)) {
		struct slice line = input_line_text(stored);
		struct scan_text text;
		struct stamp stamp;

		if (line.len > chunk->line_max_bytes)
			continue;
		text = scan_text_of(arena, line, false);
		if (stamp_choice_find(&reading, text.text, text.ascii, &stamp) !=
		    STAMP_FOUND)
			continue;
		date_know(dates, stamp.at, offset);
		return;
	}
}

static bool date_is_told(const struct matcher *matcher, size_t set)
{
	return matcher->now.at[set].count > 0 ||
	       matcher->dates[set].probed >= PROBED_MAX;
}

bool dates_are_told(const struct matcher *matcher)
{
	for (size_t i = 0; i < matcher->rules->stamps.count; i++) {
		if (!date_is_told(matcher, i))
			return false;
	}
	return true;
}

void dates_probe(struct matcher *matcher, const struct scan_text *text)
{
	for (size_t i = 0; i < matcher->rules->stamps.count; i++) {
		struct stamp stamp;

		if (date_is_told(matcher, i))
			continue;
		matcher->dates[i].probed++;
		(void)stamp_read(matcher, i, text, true, &stamp);
	}
}

static void date_read(struct reading *reading, size_t set, struct dated *out)
{
	struct matcher *matcher = reading->matcher;
	struct matcher_dates *dates = &matcher->dates[set];
	struct stamp stamp = { 0 };
	enum stamp_result result =
		stamp_read(matcher, set, &reading->text, !reading->is_shown, &stamp);
	bool is_date = result == STAMP_FOUND;

	out->read = true;
	if (result == STAMP_NONE)
		stamp.start = stamp.end = 0;
	out->rest = line_without(reading->arena, reading->text.text,
				 reading->text.stored, stamp.start, stamp.end);
	if (is_date && !reading->is_shown)
		date_know(dates, stamp.at,
			  reading->line->offset + reading->line->text.len);
	if (!is_date)
		dates_look_back(matcher, set, reading->arena, reading->chunk,
				reading->line->offset);
	out->text = slice_cut(reading->text.text, stamp.start, stamp.end);
	if (is_date)
		out->template = &matcher->rules->stamps.at[set]->at[stamp.template];
	out->known = is_date || dates->known;
	out->at = dates->known ? dates->last_at : matcher->now.context.written_at;
	if (is_date)
		out->at = stamp.at;
	out->basis = is_date ? stamp.basis : TIME_BASIS_PREVIOUS;
}

const struct dated *reading_date(struct reading *reading, size_t set)
{
	if (!reading->dated[set].read)
		date_read(reading, set, &reading->dated[set]);
	return &reading->dated[set];
}

void dates_follow(struct matcher *matcher, const struct scan_line *line,
		  const struct scan_hit *hits)
{
	for (size_t i = 0; i < line->count; i++)
		date_know(&matcher->dates[hits[i].rule->stamp_index], hits[i].at,
			  line->line.offset + line->line.text.len);
}
