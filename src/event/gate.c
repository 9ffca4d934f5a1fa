#include "event/gate.h"

#include <stdlib.h>
#include <string.h>

/* A cell of the table is the row of the next state (its number times the classes); the
 * top bit says that literals end there.                                               */
#define ENDS UINT32_C(0x80000000)

struct literals {
	struct slice *at;
	size_t count, room;
};

struct gate {
	struct arena *arena;
	struct literals literals;
	uint8_t class_of[256];
	uint32_t classes;
	uint32_t states;
	uint32_t *table;
	uint32_t *ending; /* literal that ends in this state plus 1, or 0 */
	uint32_t *outer; /* next shorter suffix where a literal ends, or 0 */
	uint32_t *fail, *queue;
};

struct gate *gate_new(void)
{
	struct arena *arena = arena_new();
	struct gate *gate = ARENA_NEW(arena, struct gate);

	gate->arena = arena;
	return gate;
}

void gate_free(struct gate *gate)
{
	if (gate != NULL)
		arena_free(gate->arena);
}

unsigned gate_add(struct gate *gate, struct slice literal)
{
	for (size_t i = 0; i < gate->literals.count; i++) {
		if (slice_equal(gate->literals.at[i], literal))
			return (unsigned)i;
	}
	*LIST_ADD(gate->arena, &gate->literals) = arena_copy(gate->arena, literal);
	return (unsigned)gate->literals.count - 1;
}

/* Bytes that no literal holds share class 0; both cases of a letter share theirs. */
static size_t classes_number(struct gate *gate)
{
	size_t bytes = 0;

	gate->classes = 1;
	for (size_t i = 0; i < gate->literals.count; i++) {
		struct slice literal = gate->literals.at[i];

		bytes += literal.len;
		for (size_t j = 0; j < literal.len; j++) {
			uint8_t *class = &gate->class_of[(uint8_t)literal.at[j]];

			if (*class == 0)
				*class = (uint8_t)gate->classes++;
		}
	}
	for (int c = 'A'; c <= 'Z'; c++)
		gate->class_of[c] = gate->class_of[(uint8_t)ascii_lower((char)c)];
	return bytes;
}

static void trie_add(struct gate *gate, struct slice literal, uint32_t number)
{
	uint32_t state = 0;

	for (size_t i = 0; i < literal.len; i++) {
		uint32_t *next = &gate->table[state * gate->classes +
					      gate->class_of[(uint8_t)literal.at[i]]];

		if (*next == 0)
			*next = gate->states++;
		state = *next;
	}
	gate->ending[state] = number + 1;
}

/* Breadth first: a missing edge is that of the longest proper suffix. */
static void edges_complete(struct gate *gate)
{
	size_t first = 0, last = 0;

	gate->queue[last++] = 0;
	while (first < last) {
		uint32_t state = gate->queue[first++];

		for (uint32_t c = 0; c < gate->classes; c++) {
			uint32_t *next = &gate->table[state * gate->classes + c];
			uint32_t back = gate->fail[state];
			uint32_t suffix =
				state ? gate->table[back * gate->classes + c] : 0;

			if (*next == 0) {
				*next = suffix;
				continue;
			}
			gate->fail[*next] = suffix;
			gate->outer[*next] =
				gate->ending[suffix] ? suffix : gate->outer[suffix];
			gate->queue[last++] = *next;
		}
	}
}

static void cells_mark(struct gate *gate)
{
	for (size_t i = 0; i < (size_t)gate->states * gate->classes; i++) {
		uint32_t state = gate->table[i];
		bool ends = gate->ending[state] || gate->outer[state];

		gate->table[i] = state * gate->classes | (ends ? ENDS : 0);
	}
}

void gate_finish(struct gate *gate)
{
	size_t most = classes_number(gate) + 1;

	gate->states = 1;
	gate->table = ARENA_ARRAY(gate->arena, uint32_t, most * gate->classes);
	gate->ending = ARENA_ARRAY(gate->arena, uint32_t, most);
	gate->outer = ARENA_ARRAY(gate->arena, uint32_t, most);
	gate->fail = ARENA_ARRAY(gate->arena, uint32_t, most);
	gate->queue = ARENA_ARRAY(gate->arena, uint32_t, most);
	for (size_t i = 0; i < gate->literals.count; i++)
		trie_add(gate, gate->literals.at[i], (uint32_t)i);
	edges_complete(gate);
	cells_mark(gate);
}

size_t gate_words(const struct gate *gate)
{
	return gate->literals.count / 64 + 1;
}

size_t gate_count(const struct gate *gate)
{
	return gate->literals.count;
}

struct slice gate_literal(const struct gate *gate, size_t number)
{
	return gate->literals.at[number];
}

static void ending_mark(const struct gate *gate, uint32_t row, uint64_t *seen)
{
	uint32_t state = row / gate->classes;

	for (; state != 0; state = gate->outer[state]) {
		uint32_t number = gate->ending[state];

		if (number != 0)
			seen[(number - 1) / 64] |= UINT64_C(1) << (number - 1) % 64;
	}
}

bool gate_scan(const struct gate *gate, struct slice text, uint64_t *seen)
{
	uint32_t row = 0;
	bool any = false;

	for (size_t i = 0; i < text.len; i++) {
		uint32_t cell = gate->table[row + gate->class_of[(uint8_t)text.at[i]]];

		row = cell & ~ENDS;
		if (cell & ENDS) {
			ending_mark(gate, row, seen);
			any = true;
		}
	}
	return any;
}
