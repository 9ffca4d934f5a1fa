#include "incident/symbol.h"

#include "base/digest.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_MIN = 64 };

struct symbols {
	struct arena *arena;
	struct slice *at;
	uint32_t count, room;
	uint32_t *slots; /* numbers, 0 free; a power of two, at most half full */
	uint32_t slot_count;
};

static void *memory(void *old, size_t count, size_t size)
{
	void *at = reallocarray(old, count, size);

	if (!at)
		abort();
	return at;
}

static void slots_make(struct symbols *symbols, uint32_t count)
{
	symbols->slots = memory(symbols->slots, count, sizeof *symbols->slots);
	symbols->slot_count = count;
	memset(symbols->slots, 0, count * sizeof *symbols->slots);
}

struct symbols *symbols_new(struct arena *arena)
{
	struct symbols *symbols = calloc(1, sizeof *symbols);

	if (!symbols)
		abort();
	symbols->arena = arena;
	slots_make(symbols, SLOTS_MIN);
	return symbols;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	free(symbols->at);
	free(symbols->slots);
	free(symbols);
}

void symbols_forget(struct symbols *symbols)
{
	symbols->count = 0;
	slots_make(symbols, SLOTS_MIN);
}

struct slice symbols_text(const struct symbols *symbols, uint32_t number)
{
	return number ? symbols->at[number - 1] : (struct slice){ NULL, 0 };
}

void symbols_fetch(const struct symbols *symbols, uint32_t number)
{
	if (number)
		__builtin_prefetch(&symbols->at[number - 1]);
}

void symbols_fetch_text(const struct symbols *symbols, uint32_t number)
{
	if (number)
		__builtin_prefetch(symbols->at[number - 1].at);
}

static uint32_t *slot_of(const struct symbols *symbols, struct slice text)
{
	uint32_t mask = symbols->slot_count - 1;
	uint32_t i = (uint32_t)table_hash(text) & mask;

	while (symbols->slots[i] &&
	       !slice_equal(symbols_text(symbols, symbols->slots[i]), text))
		i = (i + 1) & mask;
	return &symbols->slots[i];
}

uint32_t symbols_find(const struct symbols *symbols, struct slice text)
{
	return text.len ? *slot_of(symbols, text) : 0;
}

static void slots_double(struct symbols *symbols)
{
	slots_make(symbols, symbols->slot_count * 2);
	for (uint32_t n = 1; n <= symbols->count; n++)
		*slot_of(symbols, symbols_text(symbols, n)) = n;
}

uint32_t symbols_get(struct symbols *symbols, struct slice text)
{
	uint32_t *slot;

	if (!text.len)
		return 0;
	slot = slot_of(symbols, text);
	if (*slot != 0)
		return *slot;
	if (symbols->count == symbols->room) {
		symbols->room = symbols->room ? symbols->room * 2 : 16;
		symbols->at = memory(symbols->at, symbols->room, sizeof *symbols->at);
	}
	symbols->at[symbols->count++] = arena_copy(symbols->arena, text);
	*slot = symbols->count;
	if (symbols->count * 2 > symbols->slot_count)
		slots_double(symbols);
	return symbols->count;
}

uint32_t symbols_get_again(struct symbols *symbols, uint32_t *last, struct slice text)
{
	if (!*last || *last > symbols->count ||
	    !slice_equal(symbols_text(symbols, *last), text))
		*last = symbols_get(symbols, text);
	return *last;
}
