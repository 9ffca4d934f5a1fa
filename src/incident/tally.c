#include "incident/tally.h"

#include <inttypes.h>

/* A sketch is only begun where the list has overflowed. */
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
	struct slice about;

	if (!beyond)
		return arena_printf(arena, "%zu %s", listed, listed == 1 ? one : many);
	if (!sketch)
		return arena_printf(arena, "more than %zu %s", listed, many);
	about = about_words(arena, distinct(listed, beyond, sketch));
	return arena_printf(arena, "about " SLICE_FMT " %s", SLICE_ARG(about), many);
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

static struct sketch *sketch_copy(struct arena *arena, const struct sketch *from)
{
	struct sketch *sketch = ARENA_NEW(arena, struct sketch);

	if (from)
		*sketch = *from;
	return sketch;
}

static void tally_sketch(struct arena *arena, struct tally *into,
			 const struct tally *from)
{
	struct sketch *sketch = sketch_copy(arena, into->sketch);

	for (size_t i = 0; i < into->count; i++)
		sketch_add(sketch, sketch_hash(into->at[i].text));
	for (size_t i = 0; i < from->count; i++)
		sketch_add(sketch, sketch_hash(from->at[i].text));
	if (from->sketch)
		sketch_merge(sketch, from->sketch);
	into->sketch = sketch;
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

static void targets_sketch(struct arena *arena, struct incident_targets *into,
			   const struct incident_targets *from)
{
	struct sketch *sketch = sketch_copy(arena, into->sketch);

	for (size_t i = 0; i < into->count; i++)
		sketch_add(sketch, target_hash(&into->at[i]));
	for (size_t i = 0; i < from->count; i++)
		sketch_add(sketch, target_hash(&from->at[i]));
	if (from->sketch)
		sketch_merge(sketch, from->sketch);
	into->sketch = sketch;
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
