/* event/gate.h - which of many literals stand in a line, in one pass (Aho-Corasick).
 *
 * Literals are in lower case; a line's ASCII letters match in either case.
 *
 * gate_add() gives each literal its number (equal ones share it). From the first
 * gate_scan() on, which builds the table, the gate is immutable, and any number of threads
 * may scan. gate_scan() sets bit n of `seen`, an array of gate_words() words that the
 * caller zeroed, for each literal n found; it returns false where there is none.       */
#ifndef EVENT_GATE_H
#define EVENT_GATE_H

#include "base/arena.h"

struct gate;

struct gate *gate_new(void);
void gate_free(struct gate *gate); /* NULL is fine */
unsigned gate_add(struct gate *gate, struct slice literal);
size_t gate_words(const struct gate *gate); /* at least 1 */
size_t gate_count(const struct gate *gate);
struct slice gate_literal(const struct gate *gate, size_t number);
bool gate_scan(const struct gate *gate, struct slice text, uint64_t *seen);

#endif
