/* event/entry.h - from the literals in a line to the rules that may match it (event/ only).
 *
 * Each rule has an entry: the literals of its prefix or of its expressions, whichever are
 * rarer. All entries together are what the prefilter searches in blocks; where there are
 * few literals at all, it searches all of them and no second look at the line is needed.
 *
 * entries_build  for when all masks are filled (event/rule.h).
 * entry_rules    ORs into `possible` (rules->rule_words) the rules that the literals with
 *                these prefilter numbers let in.
 * entry_gate     the same for numbers of rules->gate, as gate_scan() gives them.        */
#ifndef EVENT_ENTRY_H
#define EVENT_ENTRY_H

#include "event/rule.h"

void entries_build(struct rules *rules);
void entry_rules(const struct rules *rules, const uint64_t *seen, uint64_t *possible);
void entry_gate(const struct rules *rules, const uint64_t *seen, uint64_t *possible);

#endif
