#include "event/stamp.h"

#include "event/stamp_instant.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	CACHE_TEXT_MAX = 64,
	HITS_MAX = 1000000000,
	UNUSED_S = 300, /* a template not seen this long (in event time) gives way */
	FAR = INT_MAX,
};

#define EVENT_TIME_MAX_S UINT64_C(300000000000)

/* A template and what this log has made of it. */
struct ranked {
	const struct stamp_template *template;
	uint32_t hits; /* lines it gave the date of              */
	uint32_t seen; /* lines it could have given the date of  */
	int64_t last_used; /* in event time                      */
	size_t distance; /* of its last hit from the line's begin */
};

/* The last hit: where, and the bytes around it (NO_BYTE past either end). */
enum { NO_BYTE = -1 };
struct last {
	size_t index, start, end;
	int before, first, final, after;
};

struct stamp_finder {
	const struct stamp_set *set;
	struct stamp_context context;
	struct ranked *ranked;
	size_t first_unused;
	struct last last;
	/* Neighbouring lines share the second: the last text read and what it meant. */
	char cache_text[CACHE_TEXT_MAX];
	size_t cache_len;
	const struct stamp_template *cache_template;
	enum stamp_result cache_result;
	int64_t cache_at;
	enum time_basis cache_basis;
};

/* One template's find in a line. */
struct found {
	size_t index, start, end; /* of the whole match */
	bool hit;
};

struct search {
	struct stamp_finder *finder;
	struct expression_scratch *scratch;
	struct slice text;
	bool ascii;
};

struct stamp_finder *stamp_finder_new(const struct stamp_set *set,
				      const struct stamp_context *context)
{
	struct stamp_finder *finder = calloc(1, sizeof *finder);

	if (finder == NULL)
		abort();
	finder->ranked = calloc(set->count, sizeof *finder->ranked);
	if (finder->ranked == NULL)
		abort();
	finder->set = set;
	finder->context = *context;
	finder->last.index = SIZE_MAX;
	finder->last.start = 1;
	finder->last.end = FAR;
	for (size_t i = 0; i < set->count; i++)
		finder->ranked[i] =
			(struct ranked){ .template = &set->at[i], .distance = FAR };
	return finder;
}

void stamp_finder_free(struct stamp_finder *finder)
{
	if (finder == NULL)
		return;
	free(finder->ranked);
	free(finder);
}

static int byte_at(struct slice text, size_t at)
{
	return at < text.len ? (uint8_t)text.at[at] : NO_BYTE;
}

/* Searches text[from, to) with one template. */
static bool template_match(const struct search *search, size_t index, size_t from,
			   size_t to, struct found *found)
{
	struct ranked *ranked = &search->finder->ranked[index];
	struct slice text = slice_cut(search->text, 0, to);
	struct slice whole;

	if (expression_match(ranked->template->expression, search->scratch, text,
			     search->ascii, from) != EXPRESSION_HIT)
		return false;
	whole = expression_capture(search->scratch, 0);
	ranked->seen += ranked->seen < HITS_MAX;
	*found = (struct found){ .index = index, .hit = true };
	found->start = (size_t)(whole.at - text.at);
	found->end = found->start + whole.len;
	return true;
}

static bool is_plain(int byte)
{
	return byte != NO_BYTE && !ascii_is_alnum((char)byte);
}

/* Same bytes around the place of the last hit, or the same punctuation just inside. */
static bool boundaries_fit(const struct last *last, struct slice text)
{
	int before = last->start > 0 ? byte_at(text, last->start - 1) : NO_BYTE;
	int final = last->end > 0 ? byte_at(text, last->end - 1) : NO_BYTE;
	bool left =
		before == last->before ||
		(byte_at(text, last->start) == last->first && is_plain(last->first));
	bool right = byte_at(text, last->end) == last->after ||
		     (final == last->final && is_plain(last->final));

	return left && right;
}

/* A UTF-8 text may only be cut where a character begins. */
static bool is_cut_point(struct slice text, size_t at)
{
	return at >= text.len || ((uint8_t)text.at[at] & 0xc0) != 0x80;
}

/* The template of the line before. *searched tells whether the whole line was seen. */
static struct found last_try(const struct search *search, bool *searched)
{
	const struct last *last = &search->finder->last;
	struct found found = { 0 };
	size_t from = 0, to = search->text.len;

	*searched = true;
	if (!search->finder->ranked[last->index].template->anchored &&
	    last->start <= to && boundaries_fit(last, search->text) &&
	    is_cut_point(search->text, last->start) &&
	    is_cut_point(search->text, last->end)) {
		*searched = false;
		from = last->start;
		to = last->end < to ? last->end : to;
	}
	if (from <= to)
		template_match(search, last->index, from, to, &found);
	return found;
}

/* Whether a find of the last template can be trusted without looking at the others. */
static bool last_is_sure(const struct stamp_finder *finder, const struct found *found)
{
	return finder->set->count == 1 ||
	       finder->ranked[found->index].template->anchored ||
	       (found->start == finder->last.start && found->end == finder->last.end);
}

/* Further off than before: perhaps a date in the message, so others are asked too. */
static bool is_farther(const struct stamp_finder *finder, const struct found *found)
{
	const struct ranked *ranked = &finder->ranked[found->index];

	return found->start > ranked->distance || found->start > finder->last.start;
}

static bool ends_search(const struct stamp_finder *finder, const struct found *found)
{
	const struct ranked *ranked = &finder->ranked[found->index];

	if (ranked->template->anchored)
		return true;
	if (found->index + 1 ==
	    finder->set->count) /* a nearer one may stand in reserve */
		return false;
	if (found->start == 0 && ranked->hits > 0 &&
	    finder->ranked[found->index + 1].seen == 0)
		return true;
	return !is_farther(finder, found);
}

/* All templates in order; `best` holds the reserve, if any. */
static struct found search_all(const struct search *search, struct found best,
			       size_t skip)
{
	const struct stamp_finder *finder = search->finder;

	for (size_t i = 0; i < finder->set->count; i++) {
		struct found found = { 0 };

		if (i == skip ||
		    !template_match(search, i, 0, search->text.len, &found))
			continue;
		if (ends_search(finder, &found))
			return found;
		if (!best.hit || found.start < best.start)
			best = found;
	}
	return best;
}

/* --- the ranking -------------------------------------------------------------------- */

static double weight_of(const struct ranked *ranked)
{
	size_t distance = ranked->distance > 0 ? ranked->distance : 1;

	return (double)ranked->hits * ranked->template->weight / (double)distance;
}

static bool gives_way(const struct ranked *holder, const struct ranked *climber)
{
	return weight_of(climber) > weight_of(holder) ||
	       climber->last_used - UNUSED_S * SECOND_US > holder->last_used;
}

static size_t climb_target(const struct stamp_finder *finder, size_t index)
{
	const struct ranked *climber = &finder->ranked[index];
	size_t target = finder->first_unused < index ? finder->first_unused : index / 2;

	if (gives_way(&finder->ranked[target], climber))
		return target;
	if (target != index - 1 && gives_way(&finder->ranked[index - 1], climber))
		return index - 1;
	return index;
}

/* Moves a template up; returns its new index. */
static size_t climb(struct stamp_finder *finder, size_t index)
{
	size_t target = climb_target(finder, index);
	struct ranked climber = finder->ranked[index];

	if (target == index)
		return index;
	memmove(&finder->ranked[target + 1], &finder->ranked[target],
		(index - target) * sizeof climber);
	finder->ranked[target] = climber;
	while (finder->first_unused < finder->set->count &&
	       finder->ranked[finder->first_unused].hits > 0)
		finder->first_unused++;
	return target;
}

static void remember(struct stamp_finder *finder, struct slice text,
		     const struct found *found, int64_t at)
{
	struct ranked *ranked = &finder->ranked[found->index];
	struct last *last = &finder->last;
	size_t index = found->index;

	ranked->hits += ranked->hits < HITS_MAX;
	ranked->last_used = at;
	ranked->distance = found->start;
	if (finder->first_unused == index)
		finder->first_unused++;
	if (index > 0 && index != last->index)
		index = climb(finder, index);
	last->index = index;
	last->start = found->start;
	last->end = found->end;
	last->before = found->start > 0 ? byte_at(text, found->start - 1) : NO_BYTE;
	last->first = byte_at(text, found->start);
	last->final = found->end > 0 ? byte_at(text, found->end - 1) : NO_BYTE;
	last->after = byte_at(text, found->end);
}

/* --- from text to instant ------------------------------------------------------------- */

static void instant_read(struct stamp_finder *finder,
			 const struct stamp_template *template,
			 const struct expression_scratch *scratch)
{
	struct slice whole = expression_capture(scratch, 0);
	struct slice cached = { finder->cache_text, finder->cache_len };

	if (finder->cache_template == template && slice_equal(cached, whole))
		return;
	finder->cache_result =
		stamp_instant(template, &finder->context, scratch, &finder->cache_at,
			      &finder->cache_basis) == 0
			? STAMP_FOUND
			: STAMP_NO_INSTANT;
	finder->cache_template = whole.len <= CACHE_TEXT_MAX ? template : NULL;
	finder->cache_len = whole.len <= CACHE_TEXT_MAX ? whole.len : 0;
	memcpy(finder->cache_text, whole.at, finder->cache_len);
}

/* The captures of `found` again, where a later search has overwritten them. */
static bool match_again(const struct search *search, struct found *found)
{
	struct found again = { 0 };

	if (!template_match(search, found->index, found->start, search->text.len,
			    &again) ||
	    again.start != found->start)
		return template_match(search, found->index, 0, search->text.len, found);
	*found = again;
	return true;
}

enum stamp_result stamp_find(struct stamp_finder *finder,
			     struct expression_scratch *scratch, struct slice text,
			     bool ascii, struct stamp *out)
{
	struct search search = { finder, scratch, text, ascii };
	const struct stamp_template *template;
	struct found found = { 0 };
	bool searched = false, sure = false;
	struct slice cut;

	if (finder->last.index < finder->set->count) {
		found = last_try(&search, &searched);
		sure = found.hit && last_is_sure(finder, &found);
	}
	if (!sure) {
		found = search_all(&search, found,
				   searched ? finder->last.index : SIZE_MAX);
		if (!found.hit || !match_again(&search, &found))
			return STAMP_NONE;
	}
	template = finder->ranked[found.index].template;
	out->template = (size_t)(template - finder->set->at);
	cut = expression_capture(scratch, 1);
	out->template = (size_t)(template - finder->set->at);
	out->begin = found.start;
	out->start = (size_t)((cut.at != NULL ? cut.at : text.at) - text.at);
	out->end = out->start + cut.len;
	if (cut.len == 0) {
		remember(finder, text, &found, finder->ranked[found.index].last_used);
		return STAMP_NO_INSTANT;
	}
	instant_read(finder, template, scratch);
	remember(finder, text, &found, finder->cache_at);
	out->at = finder->cache_at;
	out->basis = finder->cache_basis;
	return finder->cache_result;
}

enum stamp_result stamp_look(const struct stamp_finder *finder,
			     struct expression_scratch *scratch, struct slice text,
			     bool ascii, struct stamp *out)
{
	size_t size = finder->set->count * sizeof *finder->ranked;
	struct stamp_finder copy = *finder;
	enum stamp_result result;

	copy.ranked = malloc(size);
	if (copy.ranked == NULL)
		abort();
	memcpy(copy.ranked, finder->ranked, size);
	result = stamp_find(&copy, scratch, text, ascii, out);
	free(copy.ranked);
	return result;
}

/* --- state ------------------------------------------------------------------------------ */

void stamp_finder_save(const struct stamp_finder *finder, struct buffer *out)
{
	const struct last *last = &finder->last;

	buffer_printf(out, "%zu %zu %zu %zu %zu %d %d %d %d", finder->set->count,
		      finder->first_unused,
		      last->index < finder->set->count ? last->index + 1 : 0,
		      last->start, last->end, last->before + 1, last->first + 1,
		      last->final + 1, last->after + 1);
	for (size_t i = 0; i < finder->set->count; i++) {
		const struct ranked *ranked = &finder->ranked[i];

		if (ranked->seen == 0 && ranked->template == &finder->set->at[i])
			continue;
		buffer_printf(out, " %zu:%td:%u:%u:%lld:%zu", i,
			      ranked->template - finder->set->at, ranked->hits,
			      ranked->seen, (long long)(ranked->last_used / SECOND_US),
			      ranked->distance);
	}
	buffer_add_byte(out, '\n');
}

static uint64_t number_next(struct cursor *cursor, uint64_t max)
{
	uint64_t value = cursor_u64(cursor, max);

	if (!cursor_at_end(cursor) && cursor_peek(cursor) != '\n')
		cursor_byte(cursor); /* the blank or colon behind it */
	return value;
}

static int byte_next(struct cursor *cursor)
{
	return (int)number_next(cursor, 256) - 1;
}

static void ranked_load(struct stamp_finder *finder, struct cursor *cursor)
{
	size_t count = finder->set->count;
	size_t index = number_next(cursor, count - 1);
	size_t template = number_next(cursor, count - 1);
	struct ranked *ranked = &finder->ranked[index];
	bool before;

	ranked->template = &finder->set->at[template];
	ranked->hits = (uint32_t)number_next(cursor, HITS_MAX);
	ranked->seen = (uint32_t)number_next(cursor, HITS_MAX);
	before = cursor_try(cursor, S("-"));
	ranked->last_used = (int64_t)number_next(cursor, EVENT_TIME_MAX_S) * SECOND_US;
	if (before)
		ranked->last_used = -ranked->last_used;
	ranked->distance = number_next(cursor, FAR);
}

/* Each template in one place. */
static bool is_permutation(const struct stamp_finder *finder)
{
	for (size_t i = 0; i < finder->set->count; i++) {
		size_t times = 0;

		for (size_t j = 0; j < finder->set->count; j++)
			times += finder->ranked[j].template == &finder->set->at[i];
		if (times != 1)
			return false;
	}
	return true;
}

int stamp_finder_load(struct stamp_finder *finder, struct slice line)
{
	struct cursor cursor = cursor_of(line);
	size_t count = finder->set->count;
	struct last *last = &finder->last;

	if (number_next(&cursor, SIZE_MAX / 2) != count)
		return -1;
	finder->first_unused = number_next(&cursor, count);
	last->index = number_next(&cursor, count) - 1;
	last->start = number_next(&cursor, FAR);
	last->end = number_next(&cursor, FAR);
	last->before = byte_next(&cursor);
	last->first = byte_next(&cursor);
	last->final = byte_next(&cursor);
	last->after = byte_next(&cursor);
	while (!cursor_at_end(&cursor) && !cursor.failed)
		ranked_load(finder, &cursor);
	return cursor.failed || !is_permutation(finder) ? -1 : 0;
}
