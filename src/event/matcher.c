#include "event/matcher.h"

#include "event/finding.h"
#include "event/header.h"
#include "event/matcher_parts.h"

#include <stdlib.h>
#include <string.h>

/* A line's date, read once for all rules with the same templates. */
struct dated {
	bool read, known;
	int64_t at;
	enum time_basis basis;
	struct slice rest; /* the line without its date, and a newline */
};

struct reading {
	struct matcher *matcher;
	const struct line *line;
	struct slice text; /* valid UTF-8 */
	bool ascii;
	struct dated *dated; /* per set of templates */
};

/* One rule on one line. */
struct attempt {
	struct reading *reading;
	const struct rule *rule;
	struct matcher_memory *memory;
	const struct dated *dated;
	struct slice subject;
	bool ascii; /* the subject is */
	bool in_window; /* subject is the window's text */
	bool limited; /* a match gave up: this rule says nothing of this line */
	struct slice roles[ROLE_COUNT];
};

static void *zeroed(size_t count, size_t size)
{
	void *made = calloc(count > 0 ? count : 1, size);

	if (made == NULL)
		abort();
	return made;
}

static bool rule_is_open(const struct rule *rule)
{
	return rule->prefix.open && rule->any.open;
}

struct matcher *matcher_new(const struct rules *rules,
			    const struct matcher_options *options)
{
	struct matcher *matcher = zeroed(1, sizeof *matcher);
	struct stamp_context context = { options->zone, options->written_at };

	matcher->rules = rules;
	matcher->options = *options;
	matcher->scratch = expression_scratch_new();
	matcher->work = arena_new();
	matcher->dates = zeroed(rules->stamps.count, sizeof *matcher->dates);
	matcher->memories = zeroed(rules->count, sizeof *matcher->memories);
	matcher->seen = zeroed(gate_words(rules->gate), sizeof *matcher->seen);
	for (size_t i = 0; i < rules->stamps.count; i++)
		matcher->dates[i].finder =
			stamp_finder_new(rules->stamps.at[i], &context);
	for (size_t i = 0; i < rules->count; i++)
		matcher->has_open |= rule_is_open(&rules->at[i]);
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
	expression_scratch_free(matcher->scratch);
	arena_free(matcher->work);
	free(matcher->dates);
	free(matcher->memories);
	free(matcher->seen);
	free(matcher);
}

void matcher_forget(struct matcher *matcher)
{
	const struct rules *rules = matcher->rules;
	struct stamp_context context = { matcher->options.zone,
					 matcher->options.written_at };

	for (size_t i = 0; i < rules->stamps.count; i++) {
		stamp_finder_free(matcher->dates[i].finder);
		matcher->dates[i] = (struct matcher_dates){
			.finder = stamp_finder_new(rules->stamps.at[i], &context)
		};
	}
	for (size_t i = 0; i < rules->count; i++) {
		sessions_free(matcher->memories[i].sessions);
		window_free(matcher->memories[i].window);
		matcher->memories[i] = (struct matcher_memory){ 0 };
	}
}

struct matcher_counts matcher_counts(const struct matcher *matcher)
{
	return matcher->counts;
}

/* --- the date ---------------------------------------------------------------------------- */

static struct slice cut_out(struct arena *arena, struct slice text, size_t start,
			    size_t end)
{
	size_t tail = text.len - end;
	char *rest = ARENA_ARRAY(arena, char, start + tail + 1);

	memcpy(rest, text.at, start);
	memcpy(rest + start, text.at + end, tail);
	rest[start + tail] = '\n';
	return (struct slice){ rest, start + tail + 1 };
}

static void date_read(struct reading *reading, size_t index, struct dated *out)
{
	struct matcher *matcher = reading->matcher;
	struct matcher_dates *dates = &matcher->dates[index];
	struct stamp stamp = { 0 };
	enum stamp_result result = stamp_find(dates->finder, matcher->scratch,
					      reading->text, reading->ascii, &stamp);

	out->read = true;
	out->rest = cut_out(matcher->work, reading->text, stamp.start, stamp.end);
	if (result == STAMP_FOUND) {
		dates->last_at = stamp.at;
		dates->known = true;
	}
	out->known = dates->known;
	out->at = dates->known ? dates->last_at : matcher->options.written_at;
	out->basis = result == STAMP_FOUND ? stamp.basis : TIME_BASIS_PREVIOUS;
}

static const struct dated *reading_date(struct reading *reading, size_t index)
{
	if (!reading->dated[index].read)
		date_read(reading, index, &reading->dated[index]);
	return &reading->dated[index];
}

/* --- one rule ------------------------------------------------------------------------------ */

static bool expression_hits(struct attempt *attempt,
			    const struct expression *expression)
{
	struct matcher *matcher = attempt->reading->matcher;
	enum expression_result result;

	result = expression_match(expression, matcher->scratch, attempt->subject,
				  attempt->ascii, 0);
	if (result == EXPRESSION_LIMITED) {
		matcher->counts.limited++;
		attempt->limited = true;
	}
	return result == EXPRESSION_HIT;
}

static bool is_ignored(struct attempt *attempt)
{
	for (size_t i = 0; i < attempt->rule->ignore_count; i++) {
		if (expression_hits(attempt, attempt->rule->ignoreregex[i]) ||
		    attempt->limited)
			return true;
	}
	return false;
}

/* fail2ban asks the ignoreregex first only where they are clearly fewer. */
static bool ignores_first(const struct rule *rule)
{
	return rule->ignore_count > 0 && rule->ignore_count + 2 < rule->fail_count;
}

/* The prefix must match; its content, if it has one, is what the others see. */
static bool prefix_passes(struct attempt *attempt)
{
	const struct rule *rule = attempt->rule;
	struct slice content;

	if (rule->prefregex == NULL)
		return true;
	if (!expression_hits(attempt, rule->prefregex))
		return false;
	expression_roles(rule->prefregex, attempt->reading->matcher->scratch,
			 attempt->roles);
	content = attempt->roles[ROLE_CONTENT];
	if (content.len == 0)
		return true;
	attempt->in_window = false;
	if (content.at + content.len + 1 == attempt->subject.at + attempt->subject.len)
		attempt->subject = (struct slice){ content.at, content.len + 1 };
	else
		attempt->subject = cut_out(attempt->reading->matcher->work, content,
					   content.len, content.len);
	return true;
}

static const struct expression *failregex_find(struct attempt *attempt)
{
	const struct rule *rule = attempt->rule;
	const struct matcher *matcher = attempt->reading->matcher;
	size_t words = gate_words(matcher->rules->gate);

	for (size_t i = 0; i < rule->fail_count && !attempt->limited; i++) {
		const struct rule_expression *one = &rule->failregex[i];

		if (mask_allows(&one->mask, matcher->seen, words) &&
		    expression_hits(attempt, one->expression))
			return one->expression;
	}
	return NULL;
}

/* The window is about to change under the captures. */
static void window_consume(struct attempt *attempt, const struct expression *expression)
{
	struct matcher *matcher = attempt->reading->matcher;

	for (size_t i = 0; i < ROLE_COUNT; i++) {
		if (attempt->roles[i].at != NULL)
			attempt->roles[i] =
				arena_copy(matcher->work, attempt->roles[i]);
	}
	if (attempt->in_window)
		window_take(attempt->memory->window, expression, matcher->scratch);
	else
		window_clear(attempt->memory->window);
}

static bool rule_matches(struct attempt *attempt)
{
	const struct rule *rule = attempt->rule;
	const struct expression *hit;

	if (ignores_first(rule) && is_ignored(attempt))
		return false;
	if (!prefix_passes(attempt))
		return false;
	hit = failregex_find(attempt);
	if (hit == NULL)
		return false;
	expression_roles(hit, attempt->reading->matcher->scratch, attempt->roles);
	if (rule->maxlines > 1)
		window_consume(attempt, hit);
	return !is_ignored(attempt);
}

/* False: the line only tells more about its session. */
static bool session_passes(struct attempt *attempt)
{
	struct matcher_memory *memory = attempt->memory;

	if (attempt->roles[ROLE_MLFID].len == 0)
		return true;
	if (memory->sessions == NULL)
		memory->sessions = sessions_new();
	return sessions_merge(memory->sessions, attempt->reading->matcher->work,
			      attempt->dated->at, attempt->roles);
}

static void subject_set(struct attempt *attempt)
{
	struct matcher_memory *memory = attempt->memory;

	attempt->subject = attempt->dated->rest;
	attempt->ascii = attempt->reading->ascii;
	if (attempt->rule->maxlines < 2)
		return;
	if (memory->window == NULL)
		memory->window = window_new(attempt->rule->maxlines);
	window_push(memory->window, attempt->dated->rest);
	attempt->subject = window_text(memory->window);
	attempt->ascii = expression_is_ascii(attempt->subject);
	attempt->in_window = true;
}

static bool rule_reads(struct attempt *attempt, struct event *out)
{
	struct matcher *matcher = attempt->reading->matcher;
	enum finding finding;

	subject_set(attempt);
	if (!rule_matches(attempt) || !session_passes(attempt))
		return false;
	finding = finding_read(attempt->rule, attempt->roles, out);
	if (finding == FINDING_NONE && attempt->roles[ROLE_MLFID].len > 0)
		sessions_pend(attempt->memory->sessions, attempt->roles[ROLE_MLFID]);
	matcher->counts.bad_address += finding == FINDING_BAD;
	if (finding != FINDING_SOURCE)
		return false;
	matcher->counts.undated += !attempt->dated->known;
	if (attempt->dated->basis == TIME_BASIS_PREVIOUS)
		matcher->dates[attempt->rule->stamp_index].eager = true;
	out->at = attempt->dated->at;
	out->time_basis = attempt->dated->basis;
	return attempt->dated->known;
}

static bool rule_is_possible(const struct matcher *matcher, const struct rule *rule)
{
	size_t words = gate_words(matcher->rules->gate);

	return !rule->no_act && rule->fail_count > 0 &&
	       mask_allows(&rule->prefix, matcher->seen, words) &&
	       mask_allows(&rule->any, matcher->seen, words);
}

/* --- the line ------------------------------------------------------------------------------- */

static bool rule_try(struct reading *reading, size_t index, struct event *out)
{
	struct matcher *matcher = reading->matcher;
	struct attempt attempt = { .reading = reading,
				   .rule = &matcher->rules->at[index],
				   .memory = &matcher->memories[index] };

	attempt.dated = reading_date(reading, attempt.rule->stamp_index);
	return rule_reads(&attempt, out);
}

/* The first rule by name gives the event; another source by another contests it. */
static bool rules_read(struct reading *reading, struct event *out)
{
	struct matcher *matcher = reading->matcher;
	bool found = false;

	for (size_t i = 0; i < matcher->rules->count; i++) {
		struct event event;

		if (!rule_is_possible(matcher, &matcher->rules->at[i]) ||
		    !rule_try(reading, i, &event))
			continue;
		if (!found)
			*out = event;
		else
			out->contested |= !finding_same_source(out, &event);
		found = true;
	}
	return found;
}

static void event_finish(struct reading *reading, struct arena *arena,
			 struct event *out)
{
	struct header header;

	out->line = *reading->line;
	out->source_name = arena_copy(arena, out->source_name);
	out->user = arena_copy(arena, out->user);
	if (header_parse(reading->line->text, &header))
		out->target_host = header.host;
	reading->matcher->counts.events++;
	reading->matcher->counts.contested += out->contested;
}

static void dates_follow(struct reading *reading)
{
	struct matcher *matcher = reading->matcher;

	for (size_t i = 0; i < matcher->rules->stamps.count; i++) {
		if (matcher->dates[i].eager)
			reading_date(reading, i);
	}
}

static bool has_eager_date(const struct matcher *matcher)
{
	for (size_t i = 0; i < matcher->rules->stamps.count; i++) {
		if (matcher->dates[i].eager)
			return true;
	}
	return false;
}

static int line_read(struct matcher *matcher, struct arena *arena,
		     const struct line *line, struct event *out)
{
	struct reading reading = { .matcher = matcher, .line = line };
	struct event event;

	arena_reset(matcher->work);
	reading.text = line->text.len > 0 ? line->text : S("");
	reading.ascii = expression_is_ascii(line->text);
	if (!reading.ascii)
		reading.text = expression_utf8(matcher->work, line->text);
	reading.dated =
		ARENA_ARRAY(matcher->work, struct dated, matcher->rules->stamps.count);
	dates_follow(&reading);
	if (!rules_read(&reading, &event))
		return 0;
	event_finish(&reading, arena, &event);
	*out = event;
	return 1;
}

int matcher_line(struct matcher *matcher, struct arena *arena, const struct line *line,
		 struct event *out)
{
	size_t words = gate_words(matcher->rules->gate);

	matcher->counts.lines++;
	memset(matcher->seen, 0, words * sizeof *matcher->seen);
	if (!gate_scan(matcher->rules->gate, line->text, matcher->seen) &&
	    !matcher->has_open && !has_eager_date(matcher))
		return 0;
	return line_read(matcher, arena, line, out);
}
