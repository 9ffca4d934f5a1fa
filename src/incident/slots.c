#include "incident/slots.h"

#include "base/digest.h"

#include <stdlib.h>
#include <string.h>

enum { SEGMENT_BITS = 12, SEGMENT = 1 << SEGMENT_BITS, INDEX_MIN = 1024 };

struct slots {
	struct slot **segments;
	uint32_t segment_count, segment_room, count;
	uint32_t *index; /* numbers, 0 free; a power of two, at most half full */
	uint32_t index_size, used;
	uint32_t last; /* found before: sources come in bursts */
};

static void *memory(void *old, size_t count, size_t size)
{
	void *at = reallocarray(old, count, size);

	if (!at)
		abort();
	return at;
}

static uint32_t *index_new(uint32_t size)
{
	uint32_t *index = calloc(size, sizeof *index);

	if (!index)
		abort();
	return index;
}

struct slots *slots_new(void)
{
	struct slots *slots = calloc(1, sizeof *slots);

	if (!slots)
		abort();
	slots->index = index_new(INDEX_MIN);
	slots->index_size = INDEX_MIN;
	return slots;
}

void slots_free(struct slots *slots)
{
	if (!slots)
		return;
	for (uint32_t i = 0; i < slots->segment_count; i++)
		free(slots->segments[i]);
	free(slots->segments);
	free(slots->index);
	free(slots);
}

void slots_forget(struct slots *slots)
{
	if (slots->index_size > INDEX_MIN) {
		free(slots->index);
		slots->index = index_new(INDEX_MIN);
		slots->index_size = INDEX_MIN;
	} else {
		memset(slots->index, 0, INDEX_MIN * sizeof *slots->index);
	}
	slots->count = slots->used = slots->last = 0;
}

uint32_t slots_count(const struct slots *slots)
{
	return slots->count;
}

struct slot *slots_at(const struct slots *slots, uint32_t number)
{
	uint32_t i = number - 1;

	return &slots->segments[i >> SEGMENT_BITS][i & (SEGMENT - 1)];
}

static void segment_add(struct slots *slots)
{
	struct slot *segment = memory(NULL, SEGMENT, sizeof *segment);

	if (slots->segment_count == slots->segment_room) {
		slots->segment_room =
			slots->segment_room ? slots->segment_room * 2 : 16;
		slots->segments = memory(slots->segments, slots->segment_room,
					 sizeof(struct slot *));
	}
	slots->segments[slots->segment_count] = segment;
	slots->segment_count++;
}

uint32_t slots_add(struct slots *slots)
{
	if (slots->count >> SEGMENT_BITS == slots->segment_count)
		segment_add(slots);
	slots->count++;
	memset(slots_at(slots, slots->count), 0, sizeof(struct slot));
	return slots->count;
}

static uint32_t home_of(const struct slots *slots, const struct key *key)
{
	struct slice bytes = { (const char *)key, sizeof *key };

	return (uint32_t)table_hash(bytes) & (slots->index_size - 1);
}

static bool key_equal(const struct key *a, const struct key *b)
{
	return bytes_equal((const char *)a, (const char *)b, sizeof *a);
}

/* Where the key stands, or would. */
static uint32_t place_of(const struct slots *slots, const struct key *key)
{
	uint32_t i = home_of(slots, key);

	while (slots->index[i] &&
	       !key_equal(&slots_at(slots, slots->index[i])->key, key))
		i = (i + 1) & (slots->index_size - 1);
	return i;
}

uint32_t slots_find(struct slots *slots, const struct key *key)
{
	if (!slots->last || !key_equal(&slots_at(slots, slots->last)->key, key))
		slots->last = slots->index[place_of(slots, key)];
	return slots->last;
}

uint32_t slots_home_fetch(const struct slots *slots, const struct key *key)
{
	uint32_t home = home_of(slots, key);

	__builtin_prefetch(&slots->index[home]);
	return home;
}

struct slot *slots_home_slot(const struct slots *slots, uint32_t home)
{
	uint32_t number = slots->index[home];
	struct slot *slot = number ? slots_at(slots, number) : NULL;

	if (slot) {
		__builtin_prefetch(slot);
		__builtin_prefetch((const char *)(slot + 1) - 1);
	}
	return slot;
}

static void index_double(struct slots *slots)
{
	uint32_t *old = slots->index, size = slots->index_size;

	slots->index = index_new(size * 2);
	slots->index_size = size * 2;
	for (uint32_t i = 0; i < size; i++)
		if (old[i])
			slots->index[place_of(slots, &slots_at(slots, old[i])->key)] =
				old[i];
	free(old);
}

void slots_lead(struct slots *slots, uint32_t number)
{
	uint32_t place;

	if (slots->used >= slots->index_size / 2)
		index_double(slots);
	place = place_of(slots, &slots_at(slots, number)->key);
	slots->used += slots->index[place] == 0;
	slots->index[place] = number;
	slots->last = number;
}

/* What stands behind a freed place and came past it moves up (Knuth, 6.4, algorithm R). */
static void index_free(struct slots *slots, uint32_t place)
{
	uint32_t mask = slots->index_size - 1;

	for (uint32_t i = (place + 1) & mask; slots->index[i]; i = (i + 1) & mask) {
		uint32_t home = home_of(slots, &slots_at(slots, slots->index[i])->key);

		if (((i - home) & mask) < ((i - place) & mask))
			continue;
		slots->index[place] = slots->index[i];
		place = i;
	}
	slots->index[place] = 0;
	slots->used--;
}

void slots_drop(struct slots *slots, uint32_t number)
{
	uint32_t place = place_of(slots, &slots_at(slots, number)->key);

	slots->last = 0;
	if (slots->index[place])
		index_free(slots, place);
}
