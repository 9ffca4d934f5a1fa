#include "report/evidence.h"

#include "base/cursor.h"
#include "base/escape.h"
#include "report/arf_headers.h"
#include "report/text.h"

#include <stdlib.h>

enum { BLOCK_MAX_BYTES = 1024 * 1024, STAMP_SEARCH = 40 };

/* A line as it is shown, and what that replaced. */
struct line_shown {
	struct slice text; /* at NULL: not made yet */
	bool names, accounts, secrets, addresses, words;
};

/* The lines of a source in order. A report shows some of them more than once. */
struct lines {
	const struct evidence **at;
	size_t count, room;
};
struct evidence_lines {
	struct lines lines;
	struct line_shown *shown; /* of each */
};

static int by_time(const void *a, const void *b)
{
	const struct evidence *const *x = a, *const *y = b;

	if ((*x)->at != (*y)->at)
		return (*x)->at < (*y)->at ? -1 : 1;
	if ((*x)->line != (*y)->line)
		return (*x)->line < (*y)->line ? -1 : 1;
	return slice_compare((*x)->file, (*y)->file);
}

static void lines_gather(struct arena *arena, const struct facts *facts,
			 struct lines *out)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->given->count; i++)
		count += facts->given->incidents[i]->evidence.count;
	LIST_RESERVE(arena, out, count);
	for (size_t i = 0; i < facts->given->count; i++) {
		const struct evidences *lines = &facts->given->incidents[i]->evidence;

		for (size_t at = 0; at < lines->count; at++)
			*LIST_ADD(arena, out) = &lines->at[at];
	}
	if (out->count)
		qsort(out->at, out->count, sizeof out->at[0], by_time);
}

struct evidence_lines *evidence_lines_new(struct arena *arena)
{
	return ARENA_NEW(arena, struct evidence_lines);
}

/* Place `slot` of `shown` in `count` lines, ends included. */
static size_t spread(size_t slot, size_t shown, size_t count)
{
	return shown < 2 ? 0 : slot * (count - 1) / (shown - 1);
}

static size_t apart(size_t a, size_t b)
{
	return a < b ? b - a : a - b;
}

/* The line nearest to step `slot` of the time between first and last, from `low` to
 * `high`: of a burst not many lines are kept beyond its first, and those tell how long it
 * went on.                                                                             */
static size_t nearest(const struct lines *lines, size_t slot, size_t shown, size_t low,
		      size_t high)
{
	int64_t first = lines->at[0]->at, last = lines->at[lines->count - 1]->at;
	int64_t want = first + (last - first) / (int64_t)(shown - 1) * (int64_t)slot;
	size_t place = low;

	while (place < high && lines->at[place + 1]->at <= want)
		place++;
	if (place < high && lines->at[place]->at < want &&
	    lines->at[place + 1]->at - want < want - lines->at[place]->at)
		place++;
	return place;
}

/* The login that worked is the line that matters: the chosen line next to it gives way,
 * but never the first or the last.                                                    */
static void success_place(const struct lines *lines, const struct facts *facts,
			  size_t shown, size_t *places)
{
	size_t success = 0, best = 1;

	while (success < lines->count && lines->at[success]->at != facts->success_at)
		success++;
	if (!facts->success_at || success == lines->count || shown < 3)
		return;
	for (size_t i = 0; i < shown; i++) {
		if (places[i] == success)
			return;
		if (i > 0 && i + 1 < shown &&
		    apart(places[i], success) < apart(places[best], success))
			best = i;
	}
	places[best] = success;
}

/* First, last, and what lies between in even steps of time; each line once. */
static void places_choose(const struct lines *lines, const struct facts *facts,
			  size_t shown, size_t *places)
{
	bool at_once =
		lines->count && lines->at[0]->at == lines->at[lines->count - 1]->at;

	for (size_t i = 0; i < shown; i++)
		places[i] = at_once || i == 0 || i + 1 == shown
				    ? spread(i, shown, lines->count)
				    : nearest(lines, i, shown, places[i - 1] + 1,
					      lines->count - (shown - i));
	success_place(lines, facts, shown, places);
}

static int two_digits(struct cursor *cursor)
{
	struct slice digits = cursor_take(cursor, 2);
	uint64_t value = 99;

	if (!cursor->failed && slice_to_u64(digits, 99, &value))
		return 99;
	return (int)value;
}

/* The first hh:mm:ss of a line, in seconds of the day; -1 where there is none. */
static int32_t stamp_of(struct slice text)
{
	for (size_t i = 0; i + 8 <= text.len && i < STAMP_SEARCH; i++) {
		struct cursor cursor = cursor_of(slice_cut(text, i, i + 8));
		int hour = two_digits(&cursor), minute, second;

		cursor_literal(&cursor, S(":"));
		minute = two_digits(&cursor);
		cursor_literal(&cursor, S(":"));
		second = two_digits(&cursor);
		if (!cursor.failed && hour < 24 && minute < 60 && second < 61)
			return hour * 3600 + minute * 60 + second;
	}
	return -1;
}

/* What the log's clock showed against UTC, from -11:45 to +12:00. */
static void offset_gather(const struct evidence *line, struct evidence_block *out)
{
	int32_t stamp = stamp_of(line->text);
	int32_t utc = (int32_t)((line->at % DAY_US + DAY_US) % DAY_US / SECOND_US);
	int32_t minutes;

	if (stamp < 0)
		return;
	minutes = (stamp - utc) / 60;
	minutes = ((minutes + 720 + 1440) % 1440) - 720;
	out->has_offset = (stamp - utc) % 900 == 0;
	out->offset_minutes = minutes == -720 ? 720 : minutes;
}

static struct line_shown line_make(struct arena *arena,
				   const struct report_request *request,
				   const struct facts *facts,
				   const struct evidence *line)
{
	struct redaction redaction = {
		.facts = facts,
		.key = { (const char *)request->pseudonym_key,
			 sizeof request->pseudonym_key },
		.reader = request->reader,
	};
	struct slice text = redact_line(arena, &redaction, line);

	return (struct line_shown){
		.text = text_clean(arena, text, EVIDENCE_LINE_MAX),
		.names = redaction.names,
		.accounts = redaction.accounts,
		.secrets = redaction.secrets,
		.addresses = redaction.addresses,
		.words = redaction.words,
	};
}

static void line_add(struct buffer *buffer, const struct evidence *line,
		     const struct line_shown *shown, struct evidence_block *out)
{
	struct time_text at = time_format(line->at, TIME_MEMO);

	buffer_add(buffer, slice_of(at.text));
	buffer_add(buffer, S(" | "));
	buffer_add(buffer, shown->text);
	buffer_add_byte(buffer, '\n');
	out->names |= shown->names;
	out->accounts |= shown->accounts;
	out->secrets |= shown->secrets;
	out->addresses |= shown->addresses;
	out->words |= shown->words;
	if (line->time_basis > out->time_basis)
		out->time_basis = line->time_basis;
	offset_gather(line, out);
}

/* By these a desk finds the mail in its own log, with every attachment dropped. */
static void header_lines_add(struct arena *arena, const struct report_request *request,
			     const struct facts *facts, struct buffer *buffer,
			     struct evidence_block *out)
{
	static const char *const names[] = { "Message-ID: ", "From: ", "Subject: " };
	struct time_text at = time_format(facts->given->mail.at, TIME_MEMO);
	struct arf_headers headers;
	struct slice line;

	if (!facts->given->mail.header.len)
		return;
	arf_headers_make(arena, request, facts, &headers);
	while (headers.text.len && slice_next(&headers.text, '\n', &line))
		for (size_t i = 0; i < COUNT_OF(names); i++) {
			if (!slice_starts_nocase(line, slice_of(names[i])))
				continue;
			buffer_printf(buffer, "%s | " SLICE_FMT "\n", at.text,
				      SLICE_ARG(slice_cut(line, 0, EVIDENCE_LINE_MAX)));
			out->names |= slice_find(line, S("user-")) >= 0;
		}
}

void evidence_gather(struct arena *arena, const struct report_request *request,
		     const struct facts *facts, size_t max, struct evidence_block *out)
{
	struct evidence_lines *all = facts->evidence;
	struct lines *lines = &all->lines;
	struct buffer buffer;
	size_t *places;

	*out = (struct evidence_block){ .total = facts->count + facts->successes };
	if (!all->shown) {
		lines_gather(arena, facts, lines);
		all->shown = ARENA_ARRAY(arena, struct line_shown, lines->count + 1);
	}
	out->shown = lines->count < max ? lines->count : max;
	places = ARENA_ARRAY(arena, size_t, out->shown + 1);
	places_choose(lines, facts, out->shown, places);
	buffer_init(&buffer, BLOCK_MAX_BYTES);
	for (size_t i = 0; i < out->shown; i++) {
		struct line_shown *shown = &all->shown[places[i]];

		if (!shown->text.at)
			*shown = line_make(arena, request, facts, lines->at[places[i]]);
		line_add(&buffer, lines->at[places[i]], shown, out);
	}
	header_lines_add(arena, request, facts, &buffer, out);
	out->logs = facts->acts.count != 1 || !incident_is_mail(facts->lead);
	out->text = arena_copy(arena, buffer_slice(&buffer));
	buffer_clear(&buffer);
}

/* How the clock of the log is called, without asking the reader to know our town. */
static struct slice zone_words(struct arena *arena, const struct settings *settings,
			       const struct evidence_block *block)
{
	int32_t minutes = block->offset_minutes < 0 ? -block->offset_minutes
						    : block->offset_minutes;
	const char *sign = block->offset_minutes < 0 ? "-" : "+";

	if (block->time_basis == TIME_BASIS_FULL)
		return S("whose stamps carry their zone");
	if (settings->zone_words.len)
		return FILL(arena, "whose clock shows {zone}",
			    { "zone", text_clean(arena, settings->zone_words, 80) });
	if (block->has_offset && minutes == 0)
		return S("whose clock shows UTC");
	if (block->has_offset && minutes % 60 == 0)
		return arena_printf(arena, "whose clock shows UTC%s%d", sign,
				    minutes / 60);
	if (block->has_offset)
		return arena_printf(arena, "whose clock shows UTC%s%d:%02d", sign,
				    minutes / 60, minutes % 60);
	if (settings->zone.len)
		return FILL(arena, "whose clock shows the time of {zone}",
			    { "zone", text_clean(arena, settings->zone, 80) });
	return S("whose clock shows our local time");
}

static struct slice redaction_words(struct arena *arena,
				    const struct evidence_block *block)
{
	struct slices parts = { 0 };

	if (block->names)
		*LIST_ADD(arena, &parts) =
			S("user names (\"user-...\", the same for the same name)");
	if (block->accounts)
		*LIST_ADD(arena, &parts) = S("the word \"invalid\" before \"user\"");
	if (block->secrets)
		*LIST_ADD(arena, &parts) = S("some values (\"...\")");
	if (block->addresses)
		*LIST_ADD(arena, &parts) = S("other addresses (square brackets)");
	if (block->words)
		*LIST_ADD(arena, &parts) = S("some words of ours (\"[...]\")");
	if (!parts.count)
		return S("");
	return FILL(arena, " Left out of the lines: {parts}.",
		    { "parts", text_list(arena, &parts, 5) });
}

struct slice evidence_share(struct arena *arena, const struct evidence_block *block)
{
	if (block->shown >= block->total)
		return block->total == 1 ? S("This is the only one.")
					 : S("These are all of them.");
	return arena_printf(arena, "%zu of %llu; more on request.", block->shown,
			    (unsigned long long)block->total);
}

struct slice evidence_intro(struct arena *arena, const struct settings *settings,
			    const struct evidence_block *block)
{
	bool guessed = block->time_basis >= TIME_BASIS_YEAR;

	return FILL(
		arena,
		block->logs
			? "All times are UTC (+0000). Each line: UTC, then the log's own "
			  "text, {zone}.{year}{clock}{left out}"
			: "All times are UTC (+0000). Each line: UTC, then what our mail "
			  "server wrote into the mail, and of the mail what it may be "
			  "found by in your log.{year}{clock}{left out}",
		{ "zone", zone_words(arena, settings, block) },
		{ "year",
		  guessed ? S(" The log writes no year; it was inferred.") : S("") },
		{ "clock",
		  settings->clock_synchronised ? S(" Time was kept by NTP.") : S("") },
		{ "left out", redaction_words(arena, block) });
}
