#include "event/entry.h"

#include <string.h>

/* How often a set of literals is expected in a line of any log, roughly: every further
 * byte makes a literal four times rarer.                                              */
static double frequency(const struct rules *rules, const struct mask *mask)
{
	double sum = 0;

	for (size_t i = 0; i < gate_count(rules->gate); i++) {
		double one = 1;

		if ((mask->words[i / 64] >> i % 64 & 1) == 0)
			continue;
		for (size_t j = 1; j < gate_literal(rules->gate, i).len && j < 12; j++)
			one /= 4;
		sum += one;
	}
	return sum;
}

static const struct mask *entry_of(const struct rules *rules, const struct rule *rule)
{
	if (rule->prefix.open)
		return &rule->any;
	if (rule->any.open)
		return &rule->prefix;
	return frequency(rules, &rule->prefix) <= frequency(rules, &rule->any)
		       ? &rule->prefix
		       : &rule->any;
}

static void rule_enter(struct rules *rules, size_t index)
{
	const struct rule *rule = &rules->at[index];
	const struct mask *mask;

	if (rule->no_act || rule->fail_count == 0)
		return;
	rules->has_windows = rules->has_windows || rule->maxlines > 1;
	if (rule->prefix.open && rule->any.open) {
		rules->open[index / 64] |= UINT64_C(1) << index % 64;
		rules->has_open = true;
		return;
	}
	mask = entry_of(rules, rule);
	for (size_t i = 0; i < gate_count(rules->gate); i++) {
		if ((mask->words[i / 64] >> i % 64 & 1) == 0)
			continue;
		rules->by_literal[i * rules->rule_words + index / 64] |= UINT64_C(1)
									 << index % 64;
	}
}

static struct prefilter *prefilter_get(const struct rules *rules)
{
	struct prefilter *prefilter = NULL;
	struct slices literals = { 0 };

	for (size_t i = 0; i < gate_count(rules->gate); i++)
		*LIST_ADD(rules->arena, &literals) = gate_literal(rules->gate, i);
	if (rules->known != NULL && rules->known->database.len > 0)
		prefilter = prefilter_restore(rules->known->database, &literals);
	return prefilter != NULL ? prefilter : prefilter_new(&literals);
}

void entries_build(struct rules *rules)
{
	size_t count = gate_count(rules->gate);

	rules->rule_words = rules->count / 64 + 1;
	rules->open = ARENA_ARRAY(rules->arena, uint64_t, rules->rule_words);
	rules->by_literal =
		ARENA_ARRAY(rules->arena, uint64_t, count * rules->rule_words);
	for (size_t i = 0; i < rules->count; i++)
		rule_enter(rules, i);
	if (!rules->has_open)
		rules->prefilter = prefilter_get(rules);
}

static void row_add(const struct rules *rules, size_t literal, uint64_t *possible)
{
	const uint64_t *row = rules->by_literal + literal * rules->rule_words;

	for (size_t i = 0; i < rules->rule_words; i++)
		possible[i] |= row[i];
}

void entry_rules(const struct rules *rules, const uint64_t *seen, uint64_t *possible)
{
	for (size_t i = 0; i < rules->rule_words; i++)
		possible[i] |= rules->open[i];
	for (size_t word = 0; word < gate_words(rules->gate); word++) {
		for (uint64_t left = seen[word]; left != 0; left &= left - 1)
			row_add(rules, word * 64 + (size_t)__builtin_ctzll(left),
				possible);
	}
}

const struct rule *entry_rules_sift(const struct rules *rules, const uint64_t *seen,
				    uint64_t *possible)
{
	const struct rule *first = NULL;
	size_t words = gate_words(rules->gate);

	for (size_t word = 0; word < rules->rule_words; word++) {
		uint64_t left = possible[word];

		for (; left != 0; left &= left - 1) {
			size_t i = word * 64 + (size_t)__builtin_ctzll(left);

			if (!rule_may_match(&rules->at[i], seen, words))
				possible[word] ^= left & -left;
			else if (first == NULL)
				first = &rules->at[i];
		}
	}
	return first;
}
