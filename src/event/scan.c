#include "event/scan.h"

#include "base/digest.h"
#include "event/attempt.h"
#include "event/entry.h"
#include "event/needs.h"
#include "event/repeat.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_SPARE = 64, LETTINGS = 1024, LETTING_BITS = 8 };

/* The rules that a set of literals lets in: few sets make up most lines. */
struct letting {
	bool is_known, needs_asked;
	const struct rule *first; /* NULL: none */
	uint64_t bits[LETTING_BITS]; /* allowed_bits() of the first ones */
	uint64_t sets; /* of date templates, the rules'; up to REPEAT_SETS_MAX */
	uint64_t *seen; /* the literals */
	uint64_t *possible; /* the rules */
};

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
	struct stamp_memo *memos; /* one for each set, of one log */
	uint64_t log;
	struct dated *dated; /* the same */
	struct attempt_prefix *prefixes; /* one for each of rules->prefixes */
	uint64_t turn; /* lines looked at */
	uint64_t
		*found; /* literals, numbers of the gate, where there is no prefilter */
	struct letting lettings[LETTINGS];
	uint64_t *letting_words;
	const struct letting *letting; /* of the line */
	uint64_t *possible; /* rules */
	struct allowed *allowed; /* of each possible rule */
	size_t *first; /* the expression that pairs allow */
	struct pairs pairs; /* of the line */
	bool has_pairs;
	struct repeats *repeats;
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

static void lettings_make(struct scanner *scanner)
{
	size_t words = gate_words(scanner->rules->gate);
	size_t both = words + scanner->rules->rule_words;

	scanner->letting_words =
		zeroed(LETTINGS * both, sizeof *scanner->letting_words);
	for (size_t i = 0; i < LETTINGS; i++) {
		scanner->lettings[i].seen = scanner->letting_words + i * both;
		scanner->lettings[i].possible = scanner->lettings[i].seen + words;
	}
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
	scanner->found = zeroed(gate_words(rules->gate), sizeof *scanner->found);
	scanner->possible = zeroed(rules->rule_words, sizeof *scanner->possible);
	scanner->first = zeroed(rules->count, sizeof *scanner->first);
	scanner->allowed = zeroed(rules->count, sizeof *scanner->allowed);
	for (size_t i = 0; i < rules->count; i++)
		scanner->allowed[i] =
			(struct allowed){ .rule = &rules->at[i],
					  .words = gate_words(rules->gate) };
	lettings_make(scanner);
	if (rules->stamps.count <= REPEAT_SETS_MAX)
		scanner->repeats = repeats_new(gate_words(rules->gate));
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
	free(scanner->found);
	free(scanner->letting_words);
	free(scanner->possible);
	free(scanner->first);
	free(scanner->allowed);
	repeats_free(scanner->repeats);
	free(scanner);
}

struct expression_scratch *scanner_scratch(struct scanner *scanner)
{
	return scanner->scratch;
}

/* What another log's dates mean depends on its year, zone and templates. */
static void memos_follow(struct scanner *scanner, uint64_t log)
{
	if (scanner->log == log)
		return;
	memset(scanner->memos, 0,
	       scanner->rules->stamps.count * sizeof *scanner->memos);
	scanner->log = log;
}

struct stamp_reading scanner_dates(struct scanner *scanner, size_t set,
				   const struct scan_dates *dates)
{
	memos_follow(scanner, dates->log);
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
	struct scan_text out = { text, true, stored };

	if (text.len == 0) /* it may lie nowhere, and no newline behind it */
		out = (struct scan_text){ S(""), true, false };
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
		     size_t index)
{
	const struct rule *rule = &scanner->rules->at[index];
	const struct dated *dated = date_of(scanner, text, rule->stamp_index);
	struct attempt attempt = {
		.rule = rule,
		.scratch = scanner->scratch,
		.allowed = &scanner->allowed[index],
		.pairs = scanner->has_pairs ? &scanner->pairs : NULL,
		.first = scanner->first[index],
		.arena = scanner->out->arena,
		.prefix = &scanner->prefixes[rule->prefix_index],
		.turn = scanner->turn,
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

static void line_begin(struct scanner *scanner)
{
	const struct rules *rules = scanner->rules;

	scanner->limited = 0;
	memset(scanner->dated, 0, rules->stamps.count * sizeof *scanner->dated);
	scanner->turn++;
}

/* Of its prefix, which rules share, and of one of its expressions. */
static bool rule_needs_met(struct scanner *scanner, size_t index)
{
	const struct rule *rule = &scanner->rules->at[index];
	struct attempt_prefix *prefix = &scanner->prefixes[rule->prefix_index];
	size_t first;

	if (rule->prefregex != NULL && prefix->asked != scanner->turn) {
		prefix->asked = scanner->turn;
		prefix->may_pass = prefix_needs_met(rule, &scanner->pairs);
	}
	if (rule->prefregex != NULL && !prefix->may_pass)
		return false;
	first = failregex_needs_met(&scanner->allowed[index], 0, &scanner->pairs);
	scanner->first[index] = first;
	return first < rule->fail_count;
}

/* Of the rule that stands at `place` among those let in. */
static void allowed_set(struct scanner *scanner, size_t index, size_t place)
{
	struct allowed *allowed = &scanner->allowed[index];

	allowed->seen = scanner->letting->seen;
	allowed->has_bits = place < LETTING_BITS;
	if (allowed->has_bits)
		allowed->bits = scanner->letting->bits[place];
}

/* Of these only those stay of which the line has all that they need. */
static void possible_sift(struct scanner *scanner, const struct scan_text *text)
{
	const struct rules *rules = scanner->rules;
	const struct letting *letting = scanner->letting;
	size_t place = 0;

	memcpy(scanner->possible, letting->possible,
	       rules->rule_words * sizeof *scanner->possible);
	scanner->has_pairs = letting->needs_asked;
	if (scanner->has_pairs)
		pairs_read(&scanner->pairs, text->text);
	for (size_t word = 0; word < rules->rule_words; word++) {
		uint64_t left = scanner->possible[word];

		for (; left != 0; left &= left - 1) {
			size_t i = word * 64 + (size_t)__builtin_ctzll(left);

			allowed_set(scanner, i, place++);
			if (scanner->has_pairs && !rule_needs_met(scanner, i))
				scanner->possible[word] ^= left & -left;
		}
	}
}

/* All possible rules; false where the line has to be read in order. */
static bool rules_try(struct scanner *scanner, const struct scan_text *text)
{
	const struct rules *rules = scanner->rules;

	for (size_t word = 0; word < rules->rule_words; word++) {
		uint64_t left = scanner->possible[word];

		for (; left != 0; left &= left - 1) {
			size_t i = word * 64 + (size_t)__builtin_ctzll(left);

			if (!rule_try(scanner, text, i))
				return false;
		}
	}
	return true;
}

/* What a line that repeats another one is known by: its rest, where that lies in the log
 * itself. False: no such line.                                                        */
static bool key_make(struct scanner *scanner, const struct scan_text *text,
		     const struct rule *first, struct repeat_key *key)
{
	const struct dated *dated;

	if (scanner->repeats == NULL || !text->ascii || !text->stored ||
	    text->text.len > REPEAT_TEXT_MAX || repeats_rest(scanner->repeats))
		return false;
	dated = date_of(scanner, text, first->stamp_index);
	if (!dated->found || dated->stamp.start != 0 ||
	    dated->rest.len < REPEAT_TEXT_MIN || dated->rest.len > REPEAT_TEXT_MAX)
		return false;
	*key = (struct repeat_key){ .rest = dated->rest,
				    .seen = scanner->letting->seen };
	return true;
}

/* Whether these sets of date templates all leave the same rest. */
static bool sets_agree(struct scanner *scanner, const struct scan_text *text,
		       uint64_t sets, struct slice rest)
{
	for (; sets != 0; sets &= sets - 1) {
		const struct dated *dated =
			date_of(scanner, text, (size_t)__builtin_ctzll(sets));

		if (!dated->found || dated->rest.at != rest.at)
			return false;
	}
	return true;
}

static bool repeat_tells(struct scanner *scanner, const struct scan_text *text,
			 struct repeat_key *key)
{
	const struct repeat *repeat = repeats_find(scanner->repeats, key);
	struct scan *out = scanner->out;

	if (repeat == NULL || !sets_agree(scanner, text, repeat->sets, key->rest))
		return false;
	for (size_t i = 0; i < repeat->hit_count; i++) {
		const struct repeat_hit *known = &repeat->hits[i];
		const struct dated *dated = &scanner->dated[known->rule->stamp_index];
		struct scan_hit *hit = LIST_ADD(out->arena, &out->hits);

		*hit = (struct scan_hit){ .rule = known->rule,
					  .at = dated->stamp.at,
					  .basis = dated->stamp.basis };
		repeat_roles(known, key->rest, hit->roles);
	}
	return true;
}

/* The hits from `first` on are those of the line. The rules that were turned away for what
 * the line has not count as well: what they need may stand in the next one's date, where
 * that is no date for them.                                                            */
static void repeat_keep(struct scanner *scanner, const struct scan_text *text,
			const struct repeat_key *key, size_t first)
{
	const struct scan_hits *hits = &scanner->out->hits;
	uint64_t sets = scanner->letting->sets;
	struct repeat *repeat;

	if (scanner->limited > 0 || !sets_agree(scanner, text, sets, key->rest))
		return;
	repeat = repeats_keep(scanner->repeats, key, sets);
	for (size_t i = first; i < hits->count; i++) {
		if (repeat_hit_keep(repeat, key->rest, hits->at[i].rule,
				    hits->at[i].roles))
			continue;
		repeats_drop(scanner->repeats, repeat);
		return;
	}
}

/* False where the line has to be read in order. */
static bool line_look(struct scanner *scanner, const struct scan_text *text)
{
	size_t hits = scanner->out->hits.count;
	struct repeat_key key;
	bool has_key = key_make(scanner, text, scanner->letting->first, &key);

	if (has_key && repeat_tells(scanner, text, &key))
		return true;
	possible_sift(scanner, text);
	if (!rules_try(scanner, text))
		return false;
	if (has_key)
		repeat_keep(scanner, text, &key, hits);
	return true;
}

static struct line line_make(struct scanner *scanner, struct slice stored,
			     struct slice text)
{
	const struct input_chunk *chunk = scanner->chunk;
	struct scan *out = scanner->out;
	size_t start = (size_t)(stored.at - chunk->bytes.at);

	if (start == out->behind && start > out->counted)
		out->number++;
	else
		out->number += slice_count_byte(
			slice_cut(chunk->bytes, out->counted, start), '\n');
	out->counted = start;
	out->behind = start + stored.len;
	return (struct line){ text, chunk->file, out->number, chunk->offset + start };
}

static void line_try(struct scanner *scanner, const struct letting *letting,
		     struct slice stored)
{
	struct scan *out = scanner->out;
	struct slice line = input_line_text(stored);
	struct scan_text text;
	size_t first = out->hits.count;
	bool decided;

	if (line.len > scanner->chunk->line_max_bytes)
		return;
	text = scan_text_of(out->arena, line, line.len + 1 == stored.len);
	line_begin(scanner);
	scanner->letting = letting;
	decided = line_look(scanner, &text);
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

static uint64_t sets_of(const struct rules *rules, const uint64_t *possible)
{
	uint64_t sets = 0;

	for (size_t i = 0; i < rules->count; i++) {
		size_t set = rules->at[i].stamp_index;

		if (set < REPEAT_SETS_MAX && (possible[i / 64] >> i % 64 & 1) != 0)
			sets |= UINT64_C(1) << set;
	}
	return sets;
}

static void bits_fill(const struct rules *rules, struct letting *letting)
{
	size_t place = 0;

	for (size_t i = 0; i < rules->count && place < LETTING_BITS; i++)
		if ((letting->possible[i / 64] >> i % 64 & 1) != 0)
			letting->bits[place++] = allowed_bits(
				&rules->at[i], letting->seen, gate_words(rules->gate));
}

static void letting_fill(const struct rules *rules, const uint64_t *seen,
			 struct letting *letting)
{
	size_t words = gate_words(rules->gate);

	letting->is_known = true;
	memcpy(letting->seen, seen, words * sizeof *seen);
	memset(letting->possible, 0, rules->rule_words * sizeof *letting->possible);
	entry_rules(rules, seen, letting->possible);
	letting->first = entry_rules_sift(rules, seen, letting->possible);
	letting->needs_asked = needs_are_asked(rules, letting->possible);
	letting->sets = sets_of(rules, letting->possible);
	bits_fill(rules, letting);
}

/* Who makes two sets fall together gains no more than that they are worked out again. */
static size_t letting_place(const uint64_t *seen, size_t words)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < words; i++) {
		hash = (hash ^ seen[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return hash & (LETTINGS - 1);
}

static const struct letting *letting_get(struct scanner *scanner, const uint64_t *seen)
{
	size_t words = gate_words(scanner->rules->gate);
	struct letting *letting = &scanner->lettings[letting_place(seen, words)];

	if (!letting->is_known ||
	    !bytes_equal((const char *)letting->seen, (const char *)seen,
			 words * sizeof *seen))
		letting_fill(scanner->rules, seen, letting);
	return letting;
}

static void line_found(void *context, struct slice stored, const uint64_t *seen)
{
	struct scanner *scanner = context;
	const struct letting *letting = letting_get(scanner, seen);

	if (letting->first != NULL)
		line_try(scanner, letting, stored);
}

/* Without a prefilter: every line. */
static void lines_look(struct scanner *scanner, struct slice bytes)
{
	const struct gate *gate = scanner->rules->gate;
	struct slice stored;

	while (input_stored_line(&bytes, &stored)) {
		memset(scanner->found, 0, gate_words(gate) * sizeof *scanner->found);
		gate_scan(gate, stored, scanner->found);
		line_found(scanner, stored, scanner->found);
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
		out->counted = out->behind = 0;
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
	out->counted = out->behind = 0;
	out->number = chunk->line;
	scan_part(scanner, dates, chunk, chunk->bytes, out);
	out->lines_before = out->lines.count;
	out->hits_before = out->hits.count;
}
