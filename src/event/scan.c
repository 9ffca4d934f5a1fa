#include "event/scan.h"

#include "event/attempt.h"
#include "event/entry.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_SPARE = 64 };

/* A line's date by one set of templates, and the line without it. */
struct dated {
	bool read, found;
	struct stamp stamp;
	struct slice rest;
};

struct scanner {
	const struct rules *rules;
	struct expression_scratch *scratch;
	struct prefilter_scratch *space; /* NULL: no prefilter */
	struct stamp_memo *memos; /* one for each set */
	struct dated *dated; /* the same */
	struct attempt_prefix *prefixes; /* one for each of rules->prefixes */
	uint64_t *seen; /* literals of the line, numbers of the gate */
	uint64_t *possible; /* rules */
	/* of the chunk at hand */
	const struct scan_dates *dates;
	const struct input_chunk *chunk;
	struct scan *out;
	unsigned limited; /* on the line at hand */
};

static void *zeroed(size_t count, size_t size)
{
	void *made = calloc(count > 0 ? count : 1, size);

	if (made == NULL)
		abort();
	return made;
}

struct scanner *scanner_new(const struct rules *rules)
{
	struct scanner *scanner = zeroed(1, sizeof *scanner);

	scanner->rules = rules;
	scanner->scratch = expression_scratch_new();
	if (rules->prefilter != NULL)
		scanner->space = prefilter_scratch_new(rules->prefilter);
	scanner->memos = zeroed(rules->stamps.count, sizeof *scanner->memos);
	scanner->dated = zeroed(rules->stamps.count, sizeof *scanner->dated);
	scanner->prefixes = zeroed(rules->prefixes.count, sizeof *scanner->prefixes);
	scanner->seen = zeroed(gate_words(rules->gate), sizeof *scanner->seen);
	scanner->possible = zeroed(rules->rule_words, sizeof *scanner->possible);
	return scanner;
}

void scanner_free(struct scanner *scanner)
{
	if (scanner == NULL)
		return;
	expression_scratch_free(scanner->scratch);
	prefilter_scratch_free(scanner->space);
	free(scanner->memos);
	free(scanner->dated);
	free(scanner->prefixes);
	free(scanner->seen);
	free(scanner->possible);
	free(scanner);
}

struct expression_scratch *scanner_scratch(struct scanner *scanner)
{
	return scanner->scratch;
}

struct stamp_reading scanner_dates(struct scanner *scanner, size_t set,
				   const struct scan_dates *dates)
{
	return (struct stamp_reading){
		.set = scanner->rules->stamps.at[set],
		.context = &dates->context,
		.choice = &dates->at[set],
		.memo = &scanner->memos[set],
		.scratch = scanner->scratch,
	};
}

struct scan_text scan_text_of(struct arena *arena, struct slice text, bool stored)
{
	struct scan_text out = { text.len > 0 ? text : S(""), true, stored };

	out.ascii = expression_is_ascii(out.text);
	if (!out.ascii) {
		out.text = expression_utf8(arena, out.text);
		out.stored = false;
	}
	return out;
}

static const struct dated *date_of(struct scanner *scanner,
				   const struct scan_text *text, size_t set)
{
	struct dated *dated = &scanner->dated[set];
	struct stamp_reading reading;

	if (dated->read)
		return dated;
	reading = scanner_dates(scanner, set, scanner->dates);
	dated->read = true;
	dated->found = stamp_choice_find(&reading, text->text, text->ascii,
					 &dated->stamp) == STAMP_FOUND;
	if (dated->found)
		dated->rest =
			line_without(scanner->out->arena, text->text, text->stored,
				     dated->stamp.start, dated->stamp.end);
	return dated;
}

/* One rule; false where its date is not known. */
static bool rule_try(struct scanner *scanner, const struct scan_text *text,
		     const struct rule *rule)
{
	const struct dated *dated = date_of(scanner, text, rule->stamp_index);
	struct attempt attempt = {
		.rule = rule,
		.scratch = scanner->scratch,
		.seen = scanner->seen,
		.words = gate_words(scanner->rules->gate),
		.arena = scanner->out->arena,
		.prefix = &scanner->prefixes[rule->prefix_index],
		.subject = dated->rest,
		.ascii = text->ascii,
	};
	struct scan_hit *hit;

	if (!dated->found)
		return false;
	hit = LIST_ADD(scanner->out->arena, &scanner->out->hits);
	*hit = (struct scan_hit){ .rule = rule,
				  .at = dated->stamp.at,
				  .basis = dated->stamp.basis };
	attempt.roles = hit->roles;
	if (!attempt_matches(&attempt))
		scanner->out->hits.count--;
	scanner->limited += attempt.limited;
	return true;
}

/* All rules that may match; false where the line has to be read in order. */
static bool rules_try(struct scanner *scanner, const struct scan_text *text)
{
	const struct rules *rules = scanner->rules;
	size_t words = gate_words(rules->gate);

	memset(scanner->dated, 0, rules->stamps.count * sizeof *scanner->dated);
	for (size_t i = 0; i < rules->prefixes.count; i++)
		scanner->prefixes[i].tried = false;
	for (size_t word = 0; word < rules->rule_words; word++) {
		uint64_t left = scanner->possible[word];

		for (; left != 0; left &= left - 1) {
			size_t i = word * 64 + (size_t)__builtin_ctzll(left);
			const struct rule *rule = &rules->at[i];

			if (rule_may_match(rule, scanner->seen, words) &&
			    !rule_try(scanner, text, rule))
				return false;
		}
	}
	return true;
}

static struct line line_make(struct scanner *scanner, struct slice stored,
			     struct slice text)
{
	const struct input_chunk *chunk = scanner->chunk;
	struct scan *out = scanner->out;
	size_t start = (size_t)(stored.at - chunk->bytes.at);

	out->number +=
		slice_count_byte(slice_cut(chunk->bytes, out->counted, start), '\n');
	out->counted = start;
	return (struct line){ text, chunk->file, out->number, chunk->offset + start };
}

/* `possible` and `seen` are set. */
static void line_try(struct scanner *scanner, struct slice stored)
{
	struct scan *out = scanner->out;
	struct slice line = input_line_text(stored);
	struct scan_text text;
	size_t first = out->hits.count;
	bool decided;

	if (line.len > scanner->chunk->line_max_bytes)
		return;
	text = scan_text_of(out->arena, line, line.len + 1 == stored.len);
	scanner->limited = 0;
	decided = rules_try(scanner, &text);
	if (!decided) {
		out->hits.count = first;
		scanner->limited = 0;
	}
	if (decided && out->hits.count == first && scanner->limited == 0)
		return;
	*LIST_ADD(out->arena, &out->lines) = (struct scan_line){
		.line = line_make(scanner, stored, line),
		.first = first,
		.count = out->hits.count - first,
		.undecided = !decided,
		.limited = scanner->limited,
	};
}

static bool any_set(const uint64_t *words, size_t count)
{
	uint64_t all = 0;

	for (size_t i = 0; i < count; i++)
		all |= words[i];
	return all != 0;
}

static void seen_by_gate(struct scanner *scanner, struct slice stored)
{
	const struct gate *gate = scanner->rules->gate;

	memset(scanner->seen, 0, gate_words(gate) * sizeof *scanner->seen);
	gate_scan(gate, stored, scanner->seen);
}

static void line_found(void *context, struct slice stored, const uint64_t *seen)
{
	struct scanner *scanner = context;
	const struct rules *rules = scanner->rules;

	memset(scanner->possible, 0, rules->rule_words * sizeof *scanner->possible);
	entry_rules(rules, seen, scanner->possible);
	if (!any_set(scanner->possible, rules->rule_words))
		return;
	memcpy(scanner->seen, seen, gate_words(rules->gate) * sizeof *scanner->seen);
	line_try(scanner, stored);
}

/* Without a prefilter: every line. */
static void lines_look(struct scanner *scanner, struct slice bytes)
{
	const struct rules *rules = scanner->rules;
	struct slice stored;

	while (input_stored_line(&bytes, &stored)) {
		seen_by_gate(scanner, stored);
		memset(scanner->possible, 0,
		       rules->rule_words * sizeof *scanner->possible);
		entry_rules(rules, scanner->seen, scanner->possible);
		if (any_set(scanner->possible, rules->rule_words))
			line_try(scanner, stored);
	}
}

static void scan_begin(struct scanner *scanner, struct slice part, struct scan *out)
{
	size_t start = (size_t)(part.at - scanner->chunk->bytes.at);

	if (out->lines.at == NULL)
		LIST_RESERVE(out->arena, &out->lines, out->lines_before + LIST_SPARE);
	if (out->hits.at == NULL)
		LIST_RESERVE(out->arena, &out->hits, out->hits_before + LIST_SPARE);
	out->lines.count = out->hits.count = 0;
	if (out->counted > start) {
		out->counted = 0;
		out->number = scanner->chunk->line;
	}
	scanner->out = out;
}

void scan_part(struct scanner *scanner, const struct scan_dates *dates,
	       const struct input_chunk *chunk, struct slice part, struct scan *out)
{
	scanner->dates = dates;
	scanner->chunk = chunk;
	out->generation = dates->generation;
	scan_begin(scanner, part, out);
	if (scanner->space != NULL &&
	    prefilter_scan(scanner->rules->prefilter, scanner->space, part, line_found,
			   scanner))
		return;
	scan_begin(scanner, part, out);
	lines_look(scanner, part);
}

void scan_chunk(struct scanner *scanner, const struct scan_dates *dates,
		const struct input_chunk *chunk, struct scan *out)
{
	out->lines = (struct scan_lines){ 0 };
	out->hits = (struct scan_hits){ 0 };
	out->counted = 0;
	out->number = chunk->line;
	scan_part(scanner, dates, chunk, chunk->bytes, out);
	out->lines_before = out->lines.count;
	out->hits_before = out->hits.count;
}
