/* event/entry.h - from the literals in a line to the rules that may match it (event/ only).
 *
 * Each rule has an entry: the literals of its prefix or of its expressions, whichever are
 * rarer. The prefilter searches blocks for the literals of all rules, entries or not: that
 * is quicker than a second look at each line with an entry.
 *
 * entries_build  for when all masks are filled (event/rule.h).
 * entry_rules    ORs into `possible` (rules->rule_words) the rules that the literals with
 *                these numbers of rules->gate, which are the prefilter's too, let in.
 * entry_rules_sift  of these only those stay whose prefix and expressions the literals
 *                allow; the first of them, or NULL.                                     */
#ifndef EVENT_ENTRY_H
#define EVENT_ENTRY_H

#include "event/rule.h"

void entries_build(struct rules *rules);
void entry_rules(const struct rules *rules, const uint64_t *seen, uint64_t *possible);
const struct rule *entry_rules_sift(const struct rules *rules, const uint64_t *seen,
				    uint64_t *possible);

#endif
