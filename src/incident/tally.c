#include "incident/tally.h"

#include <inttypes.h>
#include <string.h>

/* A sketch is only begun where the list has overflowed. The same incident told twice is as
 * many by it as told once.                                                              */
static uint64_t distinct(size_t listed, uint64_t beyond, const struct sketch *sketch)
{
	uint64_t about = sketch ? sketch_count(sketch) : 0;
	uint64_t least = listed + (beyond > 0);

	return about > least ? about : least;
}

uint64_t tally_distinct(const struct tally *tally)
{
	return distinct(tally->count, tally->beyond, tally->sketch);
}

uint64_t targets_distinct(const struct incident_targets *targets)
{
	return distinct(targets->count, targets->beyond, targets->sketch);
}

/* To two digits: an estimate with more would claim more than it knows. */
static uint64_t rounded(uint64_t n)
{
	uint64_t unit = 1;

	while (n / unit >= 100)
		unit *= 10;
	return (n + unit / 2) / unit * unit;
}

static struct slice grouped(struct arena *arena, uint64_t n)
{
	if (n < 1000)
		return arena_printf(arena, "%" PRIu64, n);
	if (n < 1000000)
		return arena_printf(arena, "%" PRIu64 ",%03" PRIu64, n / 1000,
				    n % 1000);
	return arena_printf(arena, "%" PRIu64 ",%03" PRIu64 ",%03" PRIu64, n / 1000000,
			    n / 1000 % 1000, n % 1000);
}

struct slice about_words(struct arena *arena, uint64_t count)
{
	return grouped(arena, rounded(count));
}

static struct slice words(struct arena *arena, size_t listed, uint64_t beyond,
			  const struct sketch *sketch, const char *one,
			  const char *many)
{
	uint64_t about = distinct(listed, beyond, sketch), most = listed + beyond;

	if (!beyond)
		return arena_printf(arena, "%zu %s", listed, listed == 1 ? one : many);
	if (!sketch)
		return arena_printf(arena, "more than %zu %s", listed, many);
	/* an act holds one value: nobody is told of more than there were acts */
	return arena_printf(arena, "about " SLICE_FMT " %s",
			    SLICE_ARG(about_words(arena, about < most ? about : most)),
			    many);
}

struct slice tally_words(struct arena *arena, const struct tally *tally,
			 const char *one, const char *many)
{
	return words(arena, tally->count, tally->beyond, tally->sketch, one, many);
}

struct slice targets_words(struct arena *arena, const struct incident_targets *targets,
			   const char *one, const char *many)
{
	return words(arena, targets->count, targets->beyond, targets->sketch, one,
		     many);
}

/* A sketch may be shared: what it gains goes into a copy. That is rare, once it is full. */
static const struct sketch *sketch_put(struct arena *arena, const struct sketch *old,
				       const struct sketch *now)
{
	struct sketch *copy;

	if (old && memcmp(old, now, sizeof *now) == 0)
		return old;
	copy = ARENA_NEW(arena, struct sketch);
	*copy = *now;
	return copy;
}

static void items_add(struct sketch *sketch, const struct tally *tally)
{
	for (size_t i = 0; i < tally->count; i++)
		sketch_add(sketch, sketch_hash(tally->at[i].text));
}

/* Once begun, it holds all that is listed. */
static void tally_sketch(struct arena *arena, struct tally *into,
			 const struct tally *from)
{
	struct sketch sketch = { { 0 } };

	if (into->sketch)
		sketch = *into->sketch;
	else
		items_add(&sketch, into);
	items_add(&sketch, from);
	if (from->sketch)
		sketch_merge(&sketch, from->sketch);
	into->sketch = sketch_put(arena, into->sketch, &sketch);
}

void tally_merge(struct arena *arena, struct tally *into, const struct tally *from,
		 size_t max)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct tally_item *item = &from->at[i];
		size_t at = 0;

		while (at < into->count && !slice_equal(into->at[at].text, item->text))
			at++;
		if (at < into->count)
			into->at[at].count += item->count;
		else if (into->count < max)
			*LIST_ADD(arena, into) = *item;
		else
			into->beyond += item->count;
	}
	into->beyond += from->beyond;
	if (into->beyond)
		tally_sketch(arena, into, from);
}

/* Two loggers may see one machine under two names: its address is what counts. */
static bool target_equal(const struct incident_target *a,
			 const struct incident_target *b)
{
	if (!address_equal(&a->address, &b->address))
		return false;
	return a->address.family != FAMILY_NONE || slice_equal(a->host, b->host);
}

uint64_t target_hash(const struct incident_target *target)
{
	if (target->address.family == FAMILY_NONE)
		return sketch_hash(target->host);
	return sketch_hash((struct slice){ (const char *)target->address.bytes,
					   sizeof target->address.bytes });
}

static void hosts_add(struct sketch *sketch, const struct incident_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		sketch_add(sketch, target_hash(&targets->at[i]));
}

static void targets_sketch(struct arena *arena, struct incident_targets *into,
			   const struct incident_targets *from)
{
	struct sketch sketch = { { 0 } };

	if (into->sketch)
		sketch = *into->sketch;
	else
		hosts_add(&sketch, into);
	hosts_add(&sketch, from);
	if (from->sketch)
		sketch_merge(&sketch, from->sketch);
	into->sketch = sketch_put(arena, into->sketch, &sketch);
}

void targets_merge(struct arena *arena, struct incident_targets *into,
		   const struct incident_targets *from, size_t max)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct incident_target *target = &from->at[i];
		size_t at = 0;

		while (at < into->count && !target_equal(&into->at[at], target))
			at++;
		if (at < into->count)
			into->at[at].count += target->count;
		else if (into->count < max)
			*LIST_ADD(arena, into) = *target;
		else
			into->beyond += target->count;
	}
	into->beyond += from->beyond;
	if (into->beyond)
		targets_sketch(arena, into, from);
}
