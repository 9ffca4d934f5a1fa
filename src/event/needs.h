/* event/needs.h - what a line must hold besides for a rule to match (for event/ only).
 *
 * Most expressions have several sets of literals of which each match contains one
 * (event/literal.h). Blocks are searched for one set alone; before the expressions are
 * run on a line, the others are asked for here, by pairs of neighbouring bytes: a literal
 * can stand only in a line that has all its pairs. So a line is never turned away that
 * would match; one that would not may be let through.
 *
 * The needs of a rule are read when it is first asked for them, by whichever thread: most
 * rules of a set never meet a line of theirs.                                          */
#ifndef EVENT_NEEDS_H
#define EVENT_NEEDS_H

#include "event/rule.h"

enum { PAIR_BITS = 11, PAIRS = 1 << PAIR_BITS };

/* The pairs of a line, whatever their case. Begins as zeros, and is used again for the
 * next line, which is cheaper.                                                        */
struct pairs {
	struct slice line;
	uint8_t now;
	uint8_t have[PAIRS]; /* `now`: the line has it */
};
void pairs_read(struct pairs *pairs, struct slice line);

/* Where a line may match several rules (a bit set over them), asking costs less than trying
 * them all. It depends on line and rules alone, so that the result does.                 */
bool needs_are_asked(const struct rules *rules, const uint64_t *possible);

struct rule_needs *rule_needs_new(void);
void rule_needs_free(struct rule_needs *needs); /* NULL is fine */

/* Of its prefix. */
bool prefix_needs_met(const struct rule *rule, const struct pairs *line);
/* Of one of the rule's expressions that are allowed, from the one at `from` on: the first
 * of them, or a number behind them all.                                                 */
size_t failregex_needs_met(const struct allowed *allowed, size_t from,
			   const struct pairs *line);

#endif
