#include "event/needs.h"

#include "event/literal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	PAIRS_MAX = 16, /* of a literal: more tell hardly more */
	AT_ONCE = 32, /* pairs of a line */
	FOLD = 0x2020, /* letters of either case, and some others, become one */
};

/* Of one expression, as numbers: for each set how many literals, for each literal how many
 * pairs, and the pairs.                                                                */
struct needs {
	uint16_t *at;
	size_t count, room;
};

struct rule_needs {
	pthread_mutex_t lock;
	_Atomic(bool) is_ready;
	struct arena *arena; /* of all below */
	struct needs prefix;
	struct needs *failregex;
};

static inline uint16_t pair_hash(uint16_t both)
{
	return (uint16_t)((uint16_t)((both | FOLD) * 0x9e37U) >> (16 - PAIR_BITS));
}

static uint16_t pair_of(const char *at)
{
	uint16_t both;

	memcpy(&both, at, sizeof both);
	return pair_hash(both);
}

/* The pairs that begin at AT_ONCE bytes: every second one, and those between. */
static WIDE void pairs_of(const char *at, uint16_t *out)
{
	memcpy(out, at, AT_ONCE);
	memcpy(out + AT_ONCE / 2, at + 1, AT_ONCE);
	for (size_t i = 0; i < AT_ONCE; i++)
		out[i] = pair_hash(out[i]);
}

static uint16_t byte_of(char c)
{
	return (uint16_t)(PAIRS + (uint8_t)c);
}

void pairs_read(struct pairs *pairs, struct slice line)
{
	uint8_t now;

	if (++pairs->now == 0) {
		memset(pairs->have, 0, sizeof pairs->have);
		pairs->now = 1;
	}
	pairs->line = line;
	now = pairs->now;
	if (line.len <= AT_ONCE) {
		for (size_t i = 0; i + 1 < line.len; i++)
			pairs->have[pair_of(line.at + i)] = now;
		return;
	}
	/* the last ones end where the line does, wherever those before them ended */
	for (size_t at = 0; at < line.len - 1; at += AT_ONCE) {
		uint16_t some[AT_ONCE];
		size_t last = line.len - 1 - AT_ONCE;

		pairs_of(line.at + (at < last ? at : last), some);
		for (size_t i = 0; i < AT_ONCE; i++)
			pairs->have[some[i]] = now;
	}
}

bool needs_are_asked(const struct rules *rules, const uint64_t *possible)
{
	int count = 0;

	for (size_t i = 0; i < rules->rule_words; i++)
		count += __builtin_popcountll(possible[i]);
	return count > 1 || (count == 1 && rules->stamps.count > 1);
}

static void literal_add(struct arena *arena, struct needs *needs, struct slice literal)
{
	size_t count = literal.len - 1;

	if (count == 0) { /* a rare byte, never a letter (event/literal.h) */
		*LIST_ADD(arena, needs) = 1;
		*LIST_ADD(arena, needs) = byte_of(literal.at[0]);
		return;
	}
	if (count > PAIRS_MAX)
		count = PAIRS_MAX;
	*LIST_ADD(arena, needs) = (uint16_t)count;
	for (size_t i = 0; i < count; i++)
		*LIST_ADD(arena, needs) = pair_of(literal.at + i);
}

static struct needs needs_of(struct arena *arena, const struct rule *rule,
			     const struct expression *expression)
{
	struct arena *work = arena_new();
	struct needs needs = { 0 };
	struct literal_sets sets = literal_all_required(
		work, expression_text(expression), rule->stamps->keeps_blanks);

	for (size_t i = 0; i < sets.count; i++) {
		*LIST_ADD(arena, &needs) = (uint16_t)sets.at[i].count;
		for (size_t j = 0; j < sets.at[i].count; j++)
			literal_add(arena, &needs, sets.at[i].at[j]);
	}
	arena_free(work);
	return needs;
}

struct rule_needs *rule_needs_new(void)
{
	struct rule_needs *needs = calloc(1, sizeof *needs);

	if (needs == NULL)
		abort();
	pthread_mutex_init(&needs->lock, NULL);
	return needs;
}

void rule_needs_free(struct rule_needs *needs)
{
	if (needs == NULL)
		return;
	arena_free(needs->arena);
	pthread_mutex_destroy(&needs->lock);
	free(needs);
}

/* A rule that looks at several lines, or whose dates may end inside a word, needs nothing
 * of one raw line.                                                                     */
static void needs_read(const struct rule *rule, struct rule_needs *needs)
{
	bool one_line = rule->maxlines == 1 && !rule->stamps->may_cut_words;

	needs->arena = arena_new();
	needs->failregex = ARENA_ARRAY(needs->arena, struct needs, rule->fail_count);
	if (one_line && rule->prefregex != NULL)
		needs->prefix = needs_of(needs->arena, rule, rule->prefregex);
	for (size_t i = 0; one_line && i < rule->fail_count; i++)
		needs->failregex[i] =
			needs_of(needs->arena, rule, rule->failregex[i].expression);
}

static const struct rule_needs *needs_get(const struct rule *rule)
{
	struct rule_needs *needs = rule->needs;

	if (atomic_load_explicit(&needs->is_ready, memory_order_acquire))
		return needs;
	pthread_mutex_lock(&needs->lock);
	if (!needs->is_ready) {
		needs_read(rule, needs);
		atomic_store_explicit(&needs->is_ready, true, memory_order_release);
	}
	pthread_mutex_unlock(&needs->lock);
	return needs;
}

/* A number behind those of pairs is a byte. */
static bool line_has(const struct pairs *line, uint16_t number)
{
	if (number < PAIRS)
		return line->have[number] == line->now;
	return slice_find_byte(line->line, (char)(number - PAIRS)) >= 0;
}

/* The literals of one set from *at on, of which the line may have one; behind them. */
static const uint16_t *set_met(const uint16_t *at, const struct pairs *line, bool *met)
{
	size_t literals = *at++;

	*met = false;
	while (literals-- > 0) {
		size_t count = *at++, i = 0;

		while (!*met && i < count && line_has(line, at[i]))
			i++;
		*met = *met || i == count;
		at += count;
	}
	return at;
}

static bool needs_met(const struct needs *needs, const struct pairs *line)
{
	const uint16_t *at = needs->at;
	bool met = true;

	if (needs->count == 0)
		return true;
	while (met && at < needs->at + needs->count)
		at = set_met(at, line, &met);
	return met;
}

bool prefix_needs_met(const struct rule *rule, const struct pairs *line)
{
	return needs_met(&needs_get(rule)->prefix, line);
}

size_t failregex_needs_met(const struct allowed *allowed, size_t from,
			   const struct pairs *line)
{
	const struct rule *rule = allowed->rule;
	size_t i = allowed_next(allowed, from);

	while (i < rule->fail_count && !needs_met(&needs_get(rule)->failregex[i], line))
		i = allowed_next(allowed, i + 1);
	return i;
}
