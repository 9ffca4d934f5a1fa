#include "event/gate.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A cell of the table is the row of the next state (its number times the classes); the
 * top bit says that literals end there.                                               */
#define ENDS UINT32_C(0x80000000)

struct literals {
	struct slice *at;
	size_t count, room;
};

struct automaton {
	uint8_t class_of[256];
	uint32_t classes;
	uint32_t states;
	uint32_t *table;
	uint32_t *ending; /* literal that ends in this state plus 1, or 0 */
	uint32_t *outer; /* next shorter suffix where a literal ends, or 0 */
	uint32_t *fail, *queue;
};

/* Built by whoever first asks: with a prefilter (event/prefilter.h) hardly anybody does. */
struct lazy {
	pthread_mutex_t lock;
	_Atomic(const struct automaton *) automaton;
};

struct gate {
	struct arena *arena;
	struct literals literals;
	struct lazy *lazy;
};

struct gate *gate_new(void)
{
	struct arena *arena = arena_new();
	struct gate *gate = ARENA_NEW(arena, struct gate);

	gate->arena = arena;
	gate->lazy = ARENA_NEW(arena, struct lazy);
	pthread_mutex_init(&gate->lazy->lock, NULL);
	return gate;
}

void gate_free(struct gate *gate)
{
	if (gate == NULL)
		return;
	pthread_mutex_destroy(&gate->lazy->lock);
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
static size_t classes_number(struct automaton *automaton,
			     const struct literals *literals)
{
	size_t bytes = 0;

	automaton->classes = 1;
	for (size_t i = 0; i < literals->count; i++) {
		struct slice literal = literals->at[i];

		bytes += literal.len;
		for (size_t j = 0; j < literal.len; j++) {
			uint8_t *class = &automaton->class_of[(uint8_t)literal.at[j]];

			if (*class == 0)
				*class = (uint8_t)automaton->classes++;
		}
	}
	for (int c = 'A'; c <= 'Z'; c++)
		automaton->class_of[c] =
			automaton->class_of[(uint8_t)ascii_lower((char)c)];
	return bytes;
}

static void trie_add(struct automaton *automaton, struct slice literal, uint32_t number)
{
	uint32_t state = 0;

	for (size_t i = 0; i < literal.len; i++) {
		uint32_t *next =
			&automaton->table[state * automaton->classes +
					  automaton->class_of[(uint8_t)literal.at[i]]];

		if (*next == 0)
			*next = automaton->states++;
		state = *next;
	}
	automaton->ending[state] = number + 1;
}

/* Breadth first: a missing edge is that of the longest proper suffix. */
static void edges_complete(struct automaton *automaton)
{
	size_t first = 0, last = 0;

	automaton->queue[last++] = 0;
	while (first < last) {
		uint32_t state = automaton->queue[first++];

		for (uint32_t c = 0; c < automaton->classes; c++) {
			uint32_t *next =
				&automaton->table[state * automaton->classes + c];
			uint32_t back = automaton->fail[state];
			uint32_t suffix =
				state ? automaton->table[back * automaton->classes + c]
				      : 0;

			if (*next == 0) {
				*next = suffix;
				continue;
			}
			automaton->fail[*next] = suffix;
			automaton->outer[*next] = automaton->ending[suffix]
							  ? suffix
							  : automaton->outer[suffix];
			automaton->queue[last++] = *next;
		}
	}
}

static void cells_mark(struct automaton *automaton)
{
	for (size_t i = 0; i < (size_t)automaton->states * automaton->classes; i++) {
		uint32_t state = automaton->table[i];
		bool ends = automaton->ending[state] || automaton->outer[state];

		automaton->table[i] = state * automaton->classes | (ends ? ENDS : 0);
	}
}

static const struct automaton *automaton_new(struct arena *arena,
					     const struct literals *literals)
{
	struct automaton *automaton = ARENA_NEW(arena, struct automaton);
	size_t most = classes_number(automaton, literals) + 1;

	automaton->states = 1;
	automaton->table = ARENA_ARRAY(arena, uint32_t, most * automaton->classes);
	automaton->ending = ARENA_ARRAY(arena, uint32_t, most);
	automaton->outer = ARENA_ARRAY(arena, uint32_t, most);
	automaton->fail = ARENA_ARRAY(arena, uint32_t, most);
	automaton->queue = ARENA_ARRAY(arena, uint32_t, most);
	for (size_t i = 0; i < literals->count; i++)
		trie_add(automaton, literals->at[i], (uint32_t)i);
	edges_complete(automaton);
	cells_mark(automaton);
	return automaton;
}

static const struct automaton *automaton_build(const struct gate *gate)
{
	struct lazy *lazy = gate->lazy;
	const struct automaton *automaton;

	pthread_mutex_lock(&lazy->lock);
	automaton = atomic_load_explicit(&lazy->automaton, memory_order_relaxed);
	if (automaton == NULL) {
		automaton = automaton_new(gate->arena, &gate->literals);
		atomic_store_explicit(&lazy->automaton, automaton,
				      memory_order_release);
	}
	pthread_mutex_unlock(&lazy->lock);
	return automaton;
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

static void ending_mark(const struct automaton *automaton, uint32_t row, uint64_t *seen)
{
	uint32_t state = row / automaton->classes;

	for (; state != 0; state = automaton->outer[state]) {
		uint32_t number = automaton->ending[state];

		if (number != 0)
			seen[(number - 1) / 64] |= UINT64_C(1) << (number - 1) % 64;
	}
}

bool gate_scan(const struct gate *gate, struct slice text, uint64_t *seen)
{
	const struct automaton *automaton =
		atomic_load_explicit(&gate->lazy->automaton, memory_order_acquire);
	uint32_t row = 0;
	bool any = false;

	if (automaton == NULL)
		automaton = automaton_build(gate);
	for (size_t i = 0; i < text.len; i++) {
		uint32_t cell =
			automaton
				->table[row + automaton->class_of[(uint8_t)text.at[i]]];

		row = cell & ~ENDS;
		if (cell & ENDS) {
			ending_mark(automaton, row, seen);
			any = true;
		}
	}
	return any;
}
