/* incident/symbol.h - texts by number: each is kept once, however many refer to it.
 *
 * Numbers begin at 1, in the order of first sight; 0 is the empty text, and of
 * symbols_find() one that is not there. Texts live in the arena given at birth.          */
#ifndef INCIDENT_SYMBOL_H
#define INCIDENT_SYMBOL_H

#include "base/arena.h"

struct symbols;

struct symbols *symbols_new(struct arena *arena);
void symbols_free(struct symbols *symbols); /* NULL is fine */
/* Empty again: call it where the arena is reset. */
void symbols_forget(struct symbols *symbols);

uint32_t symbols_get(struct symbols *symbols, struct slice text);
uint32_t symbols_find(const struct symbols *symbols, struct slice text);
/* The same, trying *last first: what came with the event before mostly comes again. */
uint32_t symbols_get_again(struct symbols *symbols, uint32_t *last, struct slice text);
struct slice symbols_text(const struct symbols *symbols, uint32_t number);
/* Hints: the text of this one is asked for soon; first, and when that may have come. */
void symbols_fetch(const struct symbols *symbols, uint32_t number);
void symbols_fetch_text(const struct symbols *symbols, uint32_t number);

#endif
