#include "event/matcher.h"

#include "event/attempt.h"
#include "event/entry.h"
#include "event/finding.h"
#include "event/header.h"
#include "event/matcher_parts.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { PART_BYTES = 64 * 1024 };

static void *zeroed(size_t count, size_t size)
{
	void *made = calloc(count > 0 ? count : 1, size);

	if (made == NULL)
		abort();
	return made;
}

/* Scanners serve one log after the other, and have to know which. */
static uint64_t log_number(void)
{
	static _Atomic(uint64_t) last;

	return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

struct matcher *matcher_new(const struct rules *rules,
			    const struct matcher_options *options)
{
	struct matcher *matcher = zeroed(1, sizeof *matcher);
	matcher->rules = rules;
	matcher->now.context =
		(struct stamp_context){ options->zone, options->written_at };
	matcher->now.log = log_number();
	matcher->scanner = scanner_new(rules);
	matcher->dates = zeroed(rules->stamps.count, sizeof *matcher->dates);
	matcher->now.at = zeroed(rules->stamps.count, sizeof *matcher->now.at);
	matcher->memories = zeroed(rules->count, sizeof *matcher->memories);
	matcher->seen = zeroed(gate_words(rules->gate), sizeof *matcher->seen);
	matcher->line_dates = zeroed(rules->stamps.count, sizeof *matcher->line_dates);
	matcher->line_rules = zeroed(rules->rule_words, sizeof *matcher->line_rules);
	matcher->line_hits = zeroed(rules->count, sizeof *matcher->line_hits);
	for (size_t i = 0; i < rules->stamps.count; i++)
		matcher->dates[i].finder =
			stamp_finder_new(rules->stamps.at[i], &matcher->now.context);
	return matcher;
}

void matcher_free(struct matcher *matcher)
{
	if (matcher == NULL)
		return;
	for (size_t i = 0; i < matcher->rules->stamps.count; i++)
		stamp_finder_free(matcher->dates[i].finder);
	for (size_t i = 0; i < matcher->rules->count; i++) {
		sessions_free(matcher->memories[i].sessions);
		window_free(matcher->memories[i].window);
	}
	scanner_free(matcher->scanner);
	free(matcher->dates);
	free(matcher->now.at);
	free(matcher->memories);
	free(matcher->seen);
	free(matcher->line_dates);
	free(matcher->line_rules);
	free(matcher->line_hits);
	free(matcher);
}

void matcher_forget(struct matcher *matcher)
{
	const struct rules *rules = matcher->rules;

	for (size_t i = 0; i < rules->stamps.count; i++) {
		stamp_finder_free(matcher->dates[i].finder);
		matcher->dates[i] = (struct matcher_dates){
			.finder = stamp_finder_new(rules->stamps.at[i],
						   &matcher->now.context)
		};
		matcher->now.at[i] = (struct stamp_choice){ 0 };
	}
	for (size_t i = 0; i < rules->count; i++) {
		sessions_free(matcher->memories[i].sessions);
		window_free(matcher->memories[i].window);
		matcher->memories[i] = (struct matcher_memory){ 0 };
	}
	matcher->now.generation++;
	matcher->now.log = log_number();
}

void matcher_tell(struct matcher *matcher, const struct witness *witness)
{
	matcher->witness = witness;
}

struct matcher_counts matcher_counts(const struct matcher *matcher)
{
	return matcher->counts;
}

/* --- a line in order ----------------------------------------------------------------------- */

static struct window *window_of(struct matcher *matcher, size_t index,
				struct attempt *attempt)
{
	struct matcher_memory *memory = &matcher->memories[index];

	if (memory->window == NULL)
		memory->window = window_new(attempt->rule->maxlines);
	window_push(memory->window, attempt->subject);
	attempt->subject = window_text(memory->window);
	attempt->ascii = expression_is_ascii(attempt->subject);
	attempt->in_window = true;
	return memory->window;
}

static void verdict_set(struct matcher *matcher, size_t rule,
			enum witness_verdict verdict)
{
	if (matcher->accounts)
		matcher->accounts[rule].verdict = verdict;
}

static enum witness_verdict miss_verdict(const struct attempt *attempt)
{
	if (attempt->limited)
		return WITNESS_LIMITED;
	if (attempt->account && attempt->account->ignoreregex != WITNESS_NONE)
		return WITNESS_IGNORED;
	return WITNESS_MISSED;
}

static struct allowed allowed_of(const struct reading *reading, const struct rule *rule)
{
	return (struct allowed){ .rule = rule,
				 .seen = reading->matcher->seen,
				 .words = gate_words(reading->matcher->rules->gate) };
}

static void rule_try(struct reading *reading, size_t index, const struct pairs *pairs,
		     size_t first)
{
	struct matcher *matcher = reading->matcher;
	const struct rule *rule = &matcher->rules->at[index];
	struct allowed allowed = allowed_of(reading, rule);
	const struct dated *dated = reading_date(reading, rule->stamp_index);
	struct attempt attempt = {
		.rule = rule,
		.scratch = scanner_scratch(matcher->scanner),
		.allowed = &allowed,
		.pairs = pairs,
		.first = first,
		.arena = reading->arena,
		.subject = dated->rest,
		.ascii = reading->text.ascii,
	};
	struct scan_hit *hit;

	if (rule->maxlines > 1)
		attempt.window = window_of(matcher, index, &attempt);
	hit = &matcher->line_hits[reading->hits++];
	*hit = (struct scan_hit){ .rule = rule,
				  .at = dated->at,
				  .basis = dated->basis,
				  .is_undated = !dated->known };
	attempt.roles = hit->roles;
	if (matcher->accounts)
		attempt.account = &matcher->accounts[index];
	if (attempt_matches(&attempt)) {
		verdict_set(matcher, index, WITNESS_HARMLESS); /* so far */
	} else {
		verdict_set(matcher, index, miss_verdict(&attempt));
		reading->hits--;
	}
	matcher->counts.limited += attempt.limited;
}

/* As a scan does it (event/scan.c). The first expression that may match, or a number
 * behind them all.                                                                     */
static size_t needs_ask(struct reading *reading, size_t index,
			const struct pairs *pairs)
{
	const struct rule *rule = &reading->matcher->rules->at[index];
	struct allowed allowed = allowed_of(reading, rule);

	if (pairs == NULL)
		return 0;
	if (!prefix_needs_met(rule, pairs))
		return rule->fail_count;
	return failregex_needs_met(&allowed, 0, pairs);
}

/* Those that turn out to need what the line has not stay possible, and are not tried. */
static void rules_try(struct reading *reading)
{
	const struct rules *rules = reading->matcher->rules;
	struct pairs *pairs = NULL;

	if (needs_are_asked(rules, reading->possible)) {
		pairs = &reading->pairs;
		pairs_read(pairs, reading->text.text);
	}
	for (size_t i = 0; i < rules->count; i++) {
		size_t first;

		if ((reading->possible[i / 64] >> i % 64 & 1) == 0)
			continue;
		first = needs_ask(reading, i, pairs);
		if (pairs != NULL && first >= rules->at[i].fail_count)
			continue;
		reading->possible[i / 64] ^= UINT64_C(1) << i % 64;
		rule_try(reading, i, pairs, first);
	}
}

/* Who tests rules wants to see those too whose matches are no act, and of those that were
 * not tried what their prefix and their ignoreregex say.                               */
static void other_rules_try(struct reading *reading)
{
	const struct matcher *matcher = reading->matcher;
	const struct rules *rules = matcher->rules;
	size_t words = gate_words(rules->gate);

	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->at[i];

		if ((reading->possible[i / 64] >> i % 64 & 1) != 0)
			rule_try(reading, i, &reading->pairs, rule->fail_count);
		else if (rule->no_act && rule->fail_count > 0 &&
			 rule_may_match(rule, matcher->seen, words))
			rule_try(reading, i, NULL, 0);
	}
}

/* --- hits to an event ----------------------------------------------------------------------- */

/* False: the line only tells more about its session. */
static bool session_passes(struct matcher *matcher, struct arena *arena,
			   struct scan_hit *hit)
{
	struct matcher_memory *memory =
		&matcher->memories[hit->rule - matcher->rules->at];

	if (hit->roles[ROLE_MLFID].len == 0)
		return hit->roles[ROLE_NOFAIL].len == 0;
	if (memory->sessions == NULL)
		memory->sessions = sessions_new();
	return sessions_merge(memory->sessions, arena, hit->at, hit->roles);
}

static void finding_tell(struct matcher *matcher, struct arena *arena,
			 const struct scan_hit *hit, enum finding finding,
			 const struct event *event)
{
	static const enum witness_verdict verdicts[] = {
		[FINDING_NONE] = WITNESS_WAITING,
		[FINDING_BAD] = WITNESS_NO_SOURCE,
		[FINDING_SOURCE] = WITNESS_MATCHED,
	};
	size_t rule = (size_t)(hit->rule - matcher->rules->at);
	struct event *copy;

	verdict_set(matcher, rule, verdicts[finding]);
	if (!matcher->accounts || finding != FINDING_SOURCE)
		return;
	copy = ARENA_NEW(arena, struct event);
	*copy = *event;
	matcher->accounts[rule].event = copy;
}

static bool hit_reads(struct matcher *matcher, struct arena *arena,
		      struct scan_hit *hit, struct event *out)
{
	struct matcher_memory *memory =
		&matcher->memories[hit->rule - matcher->rules->at];
	enum finding finding;

	if (!session_passes(matcher, arena, hit))
		return false;
	finding = finding_read(hit->rule, hit->roles, &matcher->addresses, out);
	finding_tell(matcher, arena, hit, finding, out);
	if (finding == FINDING_NONE && hit->roles[ROLE_MLFID].len > 0)
		sessions_pend(memory->sessions, hit->roles[ROLE_MLFID]);
	matcher->counts.bad_address += finding == FINDING_BAD;
	if (finding != FINDING_SOURCE)
		return false;
	matcher->counts.undated += hit->is_undated;
	out->at = hit->at;
	out->time_basis = hit->basis;
	return !hit->is_undated && !hit->rule->no_act;
}

static void event_finish(struct matcher *matcher, const struct line *line,
			 struct event *out)
{
	struct header header;

	out->line = *line;
	out->is_syslog = header_parse_next(&matcher->header, line->text, &header);
	if (out->is_syslog)
		out->target_host = header.host;
	matcher->counts.events++;
	matcher->counts.contested += out->contested;
}

/* The first rule by name gives the event; another source by another contests it. */
static bool hits_read(struct matcher *matcher, struct arena *arena,
		      const struct line *line, struct scan_hit *hits, size_t count,
		      struct event *out)
{
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		struct event other;

		if (!found) {
			found = hit_reads(matcher, arena, &hits[i], out);
			continue;
		}
		if (hit_reads(matcher, arena, &hits[i], &other))
			out->contested |= !finding_same_source(out, &other);
	}
	if (found)
		event_finish(matcher, line, out);
	return found;
}

static void accounts_begin(struct reading *reading)
{
	struct matcher *matcher = reading->matcher;
	const struct rules *rules = matcher->rules;

	if (!matcher->witness)
		return;
	matcher->accounts =
		ARENA_ARRAY(reading->arena, struct witness_account, rules->count);
	for (size_t i = 0; i < rules->count; i++)
		matcher->accounts[i] = (struct witness_account){
			.line = reading->line,
			.rule = i,
			.failregex = WITNESS_NONE,
			.ignoreregex = WITNESS_NONE,
		};
}

static void account_date(struct witness_account *account, const struct dated *dated)
{
	account->template = dated->template;
	account->date = dated->text;
	account->dated = dated->known;
	account->at = dated->at;
	account->basis = dated->basis;
}

/* What a line that no rule has to do with would say, for the witness. It comes behind the
 * rules' tries, and leaves nothing behind: events are those that come without a witness. */
static void accounts_fill(struct reading *reading)
{
	struct matcher *matcher = reading->matcher;
	const struct rules *rules = matcher->rules;

	if (!matcher->witness)
		return;
	reading->is_shown = true;
	other_rules_try(reading);
	for (size_t i = 0; i < rules->count; i++)
		account_date(&matcher->accounts[i],
			     reading_date(reading, rules->at[i].stamp_index));
}

static void accounts_tell(struct matcher *matcher)
{
	const struct witness *witness = matcher->witness;

	if (!witness)
		return;
	for (size_t i = 0; i < matcher->rules->count; i++)
		witness->tell(witness->context, &matcher->accounts[i]);
	matcher->accounts = NULL;
}

static bool line_read(struct matcher *matcher, struct arena *arena,
		      const struct input_chunk *chunk, const struct line *line,
		      struct event *out)
{
	const struct rules *rules = matcher->rules;
	bool stored =
		line->text.at + line->text.len < chunk->bytes.at + chunk->bytes.len &&
		line->text.at[line->text.len] == '\n';
	struct reading reading = {
		.matcher = matcher,
		.arena = arena,
		.chunk = chunk,
		.line = line,
		.text = scan_text_of(arena, line->text, stored),
		.dated = matcher->line_dates,
		.possible = matcher->line_rules,
	};

	bool found;

	dates_probe(matcher, &reading.text);
	memset(matcher->line_dates, 0, rules->stamps.count * sizeof *reading.dated);
	memset(matcher->line_rules, 0, rules->rule_words * sizeof *reading.possible);
	memset(matcher->seen, 0, gate_words(rules->gate) * sizeof *matcher->seen);
	gate_scan(rules->gate, line->text, matcher->seen);
	entry_rules(rules, matcher->seen, reading.possible);
	(void)entry_rules_sift(rules, matcher->seen, reading.possible);
	accounts_begin(&reading);
	rules_try(&reading);
	accounts_fill(&reading);
	found = hits_read(matcher, arena, line, matcher->line_hits, reading.hits, out);
	accounts_tell(matcher);
	return found;
}

/* --- a chunk ---------------------------------------------------------------------------------- */

static void scan_line_read(struct matcher *matcher, struct arena *arena,
			   const struct input_chunk *chunk, const struct scan *scan,
			   const struct scan_line *line, struct events *events)
{
	struct scan_hit *hits = scan->hits.at + line->first;
	struct event *event = LIST_ADD(arena, events);
	bool found;

	matcher->counts.limited += line->limited;
	if (line->undecided) {
		found = line_read(matcher, arena, chunk, &line->line, event);
	} else {
		dates_follow(matcher, line, hits);
		found = hits_read(matcher, arena, &line->line, hits, line->count,
				  event);
	}
	events->count -= !found;
}

/* What stands behind a line in the chunk. */
static struct slice bytes_behind(const struct input_chunk *chunk,
				 const struct line *line)
{
	struct slice bytes =
		slice_from(chunk->bytes, (size_t)(line->offset - chunk->offset));
	struct slice stored;

	input_stored_line(&bytes, &stored);
	return bytes;
}

/* Reads what a scan found. Where the choice of date templates grew on the way, what it
 * said of the lines behind is void: *void_from are the bytes of those lines.          */
static bool scan_read(struct matcher *matcher, struct arena *arena,
		      const struct input_chunk *chunk, const struct scan *scan,
		      struct events *events, struct slice *void_from)
{
	if (!events->room)
		LIST_RESERVE(arena, events, scan->lines.count);
	for (size_t i = 0; i < scan->lines.count; i++) {
		const struct scan_line *line = &scan->lines.at[i];

		scan_line_read(matcher, arena, chunk, scan, line, events);
		if (scan->generation == matcher->now.generation)
			continue;
		*void_from = bytes_behind(chunk, &line->line);
		return false;
	}
	return true;
}

/* The first whole lines of `rest`, as many as a processor keeps at hand. */
static struct slice part_of(struct slice rest)
{
	struct slice behind = slice_from(rest, PART_BYTES), stored;

	input_stored_line(&behind, &stored);
	return slice_cut(rest, 0, rest.len - behind.len);
}

static void parts_read(struct matcher *matcher, struct arena *arena,
		       const struct input_chunk *chunk, struct slice rest,
		       struct events *events)
{
	struct scan scan = { .arena = arena,
			     .number = chunk->line,
			     .lines_before = matcher->part_lines,
			     .hits_before = matcher->part_hits };
	size_t lines = 0, hits = 0;

	while (rest.len > 0) {
		struct slice part = part_of(rest);
		struct slice behind = slice_from(rest, part.len);

		scan_part(matcher->scanner, &matcher->now, chunk, part, &scan);
		rest = behind;
		lines = scan.lines.count > lines ? scan.lines.count : lines;
		hits = scan.hits.count > hits ? scan.hits.count : hits;
		if (!scan_read(matcher, arena, chunk, &scan, events, &behind))
			rest = behind;
	}
	matcher->part_lines = lines;
	matcher->part_hits = hits;
}

/* Lines that are read one by one: all, where rules look at several or somebody is told of
 * each, and those before it is known how the log writes its dates, so that what one line
 * teaches holds for no line before it, wherever a chunk begins. The bytes behind them.   */
static struct slice lines_read(struct matcher *matcher, struct arena *arena,
			       const struct input_chunk *chunk, struct events *events)
{
	bool all = matcher->rules->has_windows || matcher->witness;
	struct input_chunk left = *chunk;
	struct line line;

	while ((all || !dates_are_told(matcher)) && input_chunk_line(&left, &line)) {
		struct event event;

		if (line_read(matcher, arena, chunk, &line, &event))
			*LIST_ADD(arena, events) = event;
	}
	return left.bytes;
}

static void chunk_read(struct matcher *matcher, struct arena *arena,
		       const struct input_chunk *chunk, const struct scan *given,
		       struct events *events)
{
	struct slice rest = lines_read(matcher, arena, chunk, events);

	if (given != NULL && rest.len == chunk->bytes.len &&
	    given->generation == matcher->now.generation &&
	    scan_read(matcher, arena, chunk, given, events, &rest))
		return;
	parts_read(matcher, arena, chunk, rest, events);
}

void matcher_chunk(struct matcher *matcher, struct arena *arena,
		   const struct input_chunk *chunk, const struct scan *scan,
		   struct events *events)
{
	uint64_t end = chunk->offset + chunk->bytes.len;

	matcher->counts.lines += chunk->lines;
	chunk_read(matcher, arena, chunk, scan, events);
	for (size_t i = 0; i < matcher->rules->stamps.count; i++)
		dates_look_back(matcher, i, arena, chunk, end);
}

/* What is stored of a line with this text: what ends in a carriage return lost one. */
static struct slice line_stored(struct arena *arena, struct slice text)
{
	char *stored;

	if (text.len == 0)
		return S("\n");
	if (!slice_ends(text, S("\r")))
		return text;
	stored = ARENA_ARRAY(arena, char, text.len + 2);
	memcpy(stored, text.at, text.len);
	memcpy(stored + text.len, "\r\n", 2);
	return (struct slice){ stored, text.len + 2 };
}

/* Lines come one by one, wherever they stand: they are given offsets of our own, so that
 * it is known which came before.                                                      */
int matcher_line(struct matcher *matcher, struct arena *arena, const struct line *line,
		 struct event *out)
{
	struct input_chunk chunk = { .bytes = line_stored(arena, line->text),
				     .file = line->file,
				     .offset = matcher->lines_offset,
				     .line = line->number,
				     .lines = 1,
				     .line_max_bytes = LINE_MAX_BYTES };
	struct events events = { 0 };

	matcher->lines_offset += line->text.len + 1;
	matcher_chunk(matcher, arena, &chunk, NULL, &events);
	if (events.count == 0)
		return 0;
	*out = events.at[0];
	out->line = *line;
	return 1;
}
