#include "incident/crowd.h"

#include "base/digest.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * CROWDS_MAX, SEGMENT = 64 };

/* What a door is, as bytes. */
struct door {
	char service[CROWD_SERVICE_MAX];
	uint16_t port;
	uint8_t category, protocol;
};

struct crowds {
	struct crowd *segments[CROWDS_MAX / SEGMENT];
	uint16_t slots[SLOTS]; /* numbers from 1, 0 free */
	size_t count;
};

struct crowds *crowds_new(void)
{
	struct crowds *crowds = calloc(1, sizeof *crowds);

	if (!crowds)
		abort();
	return crowds;
}

void crowds_free(struct crowds *crowds)
{
	if (!crowds)
		return;
	for (size_t i = 0; i < COUNT_OF(crowds->segments); i++)
		free(crowds->segments[i]);
	free(crowds);
}

static struct crowd *crowd_at(const struct crowds *crowds, size_t i)
{
	return &crowds->segments[i / SEGMENT][i % SEGMENT];
}

static struct door door_of(const struct event *event)
{
	struct slice service = slice_cut(event->service, 0, CROWD_SERVICE_MAX - 1);
	struct door door;

	memset(&door, 0, sizeof door);
	if (service.len)
		memcpy(door.service, service.at, service.len);
	door.category = (uint8_t)event->category;
	door.port = event->target_port;
	door.protocol = event->target_port ? (uint8_t)event->protocol : 0;
	return door;
}

static bool is_door(const struct crowd *crowd, const struct door *door)
{
	return crowd->category == (enum category)door->category &&
	       crowd->port == door->port &&
	       crowd->protocol == (enum protocol)door->protocol &&
	       memcmp(crowd->service, door->service, sizeof door->service) == 0;
}

static struct crowd *crowd_add(struct crowds *crowds, const struct door *door,
			       int64_t at)
{
	size_t segment = crowds->count / SEGMENT;
	struct crowd *crowd;

	if (!crowds->segments[segment])
		crowds->segments[segment] = calloc(SEGMENT, sizeof *crowd);
	if (!crowds->segments[segment])
		abort();
	crowd = crowd_at(crowds, crowds->count++);
	*crowd = (struct crowd){ .category = (enum category)door->category,
				 .port = door->port,
				 .protocol = (enum protocol)door->protocol,
				 .first = at,
				 .last = at };
	memcpy(crowd->service, door->service, sizeof door->service);
	return crowd;
}

/* NULL where too many doors are watched. */
static struct crowd *crowd_get(struct crowds *crowds, const struct event *event)
{
	struct door door = door_of(event);
	struct slice bytes = { (const char *)&door, sizeof door };
	size_t i = (size_t)table_hash(bytes) % SLOTS;

	for (; crowds->slots[i]; i = (i + 1) % SLOTS)
		if (is_door(crowd_at(crowds, crowds->slots[i] - 1U), &door))
			return crowd_at(crowds, crowds->slots[i] - 1U);
	if (crowds->count == CROWDS_MAX)
		return NULL;
	crowds->slots[i] = (uint16_t)(crowds->count + 1);
	return crowd_add(crowds, &door, event->at);
}

void crowds_add(struct crowds *crowds, const struct event *event,
		const struct address *source)
{
	struct crowd *crowd = crowd_get(crowds, event);
	struct slice bytes = { (const char *)source->bytes, sizeof source->bytes };

	if (!crowd)
		return;
	if (event->at < crowd->first)
		crowd->first = event->at;
	if (event->at > crowd->last)
		crowd->last = event->at;
	sketch_add(&crowd->sources, sketch_hash(bytes));
}

/* Where `crowd` stands among the `count` greatest so far; equal ones stay in order. */
static size_t rank_of(const struct crowd *crowd, const struct crowd **out, size_t count)
{
	uint64_t sources = sketch_count(&crowd->sources);
	size_t at = count;

	while (at && sketch_count(&out[at - 1]->sources) < sources)
		at--;
	return at;
}

size_t crowds_greatest(const struct crowds *crowds, uint64_t least,
		       const struct crowd **out, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < crowds->count; i++) {
		const struct crowd *crowd = crowd_at(crowds, i);
		size_t at;

		if (sketch_count(&crowd->sources) < least)
			continue;
		at = rank_of(crowd, out, count);
		if (at == max)
			continue;
		count += count < max;
		for (size_t n = count - 1; n > at; n--)
			out[n] = out[n - 1];
		out[at] = crowd;
	}
	return count;
}
