#include "contact/answers.h"

#include <stdlib.h>

struct entry {
	struct address address;
	uint32_t part; /* number + 1; 0: not given yet */
	uint32_t names; /* place + 1; 0: none */
	int64_t since;
};

struct part {
	struct contact_answer answer;
	uint32_t next; /* number + 1 of the next in its row of the table */
};

enum { ROWS = 1024 };

struct answers {
	struct arena *arena;
	struct entry *at;
	size_t count, room;
	struct part **parts;
	size_t part_count, part_room;
	struct source_names *names;
	size_t name_count, name_room;
	uint32_t rows[ROWS]; /* by network; number + 1 of the last part */
};

/* Grown without leaving the old one behind, as an arena would. */
static void *grown(void *at, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return at;
	*room = *room ? *room * 2 : 64;
	at = reallocarray(at, *room, size);
	if (!at)
		abort();
	return at;
}

struct answers *answers_new(void)
{
	struct answers *answers = calloc(1, sizeof *answers);

	if (!answers)
		abort();
	answers->arena = arena_new();
	return answers;
}

void answers_free(struct answers *answers)
{
	if (!answers)
		return;
	arena_free(answers->arena);
	free(answers->at);
	free(answers->parts);
	free(answers->names);
	free(answers);
}

void answers_want(struct answers *answers, const struct address *address, int64_t since)
{
	answers->at =
		grown(answers->at, answers->count, &answers->room, sizeof *answers->at);
	answers->at[answers->count++] =
		(struct entry){ .address = *address, .since = since };
}

static int entry_compare(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	return address_compare(&a->address, &b->address);
}

static void entry_join(struct entry *into, const struct entry *other)
{
	if (other->since && (!into->since || other->since < into->since))
		into->since = other->since;
}

void answers_sort(struct answers *answers)
{
	size_t kept = 0;

	if (!answers->count)
		return;
	qsort(answers->at, answers->count, sizeof *answers->at, entry_compare);
	for (size_t i = 1; i < answers->count; i++)
		if (entry_compare(&answers->at[kept], &answers->at[i]) != 0)
			answers->at[++kept] = answers->at[i];
		else
			entry_join(&answers->at[kept], &answers->at[i]);
	answers->count = kept + 1;
}

size_t answers_count(const struct answers *answers)
{
	return answers->count;
}

struct address answers_wanted(const struct answers *answers, size_t place,
			      int64_t *since)
{
	*since = answers->at[place].since;
	return answers->at[place].address;
}

size_t answers_shared(const struct answers *answers)
{
	return answers->part_count;
}

struct contact_answer *answers_part(struct answers *answers, size_t number)
{
	return &answers->parts[number]->answer;
}

/* ---- whether two say the same ---- */

static bool network_equal(const struct network *a, const struct network *b)
{
	return range_equal(&a->range, &b->range) && slice_equal(a->handle, b->handle) &&
	       slice_equal(a->name, b->name) &&
	       slice_equal(a->organisation, b->organisation) &&
	       slice_equal(a->country, b->country) &&
	       slice_equal(a->registry, b->registry) &&
	       a->looked_up_at == b->looked_up_at &&
	       slice_equal(a->found_in, b->found_in);
}

static bool contact_equal(const struct contact *a, const struct contact *b)
{
	return slice_equal(a->address, b->address) && a->kind == b->kind &&
	       a->scope == b->scope && a->role == b->role &&
	       a->found_by == b->found_by && slice_equal(a->server, b->server) &&
	       slice_equal(a->object, b->object) && range_equal(&a->range, &b->range) &&
	       a->confidence == b->confidence && a->checked_at == b->checked_at &&
	       slice_equal(a->wants, b->wants) && slice_equal(a->format, b->format) &&
	       slice_equal(a->terms, b->terms) && a->suspect == b->suspect &&
	       a->chosen == b->chosen;
}

static bool lists_equal(const struct contact_answer *a, const struct contact_answer *b)
{
	if (a->contacts.count != b->contacts.count ||
	    a->rejected.count != b->rejected.count ||
	    a->origin.count != b->origin.count)
		return false;
	for (size_t i = 0; i < a->contacts.count; i++)
		if (!contact_equal(&a->contacts.at[i], &b->contacts.at[i]))
			return false;
	for (size_t i = 0; i < a->rejected.count; i++)
		if (!slice_equal(a->rejected.at[i].address,
				 b->rejected.at[i].address) ||
		    !slice_equal(a->rejected.at[i].reason, b->rejected.at[i].reason))
			return false;
	for (size_t i = 0; i < a->origin.count; i++)
		if (a->origin.at[i] != b->origin.at[i])
			return false;
	return slices_equal(&a->servers, &b->servers) &&
	       slices_equal(&a->problems, &b->problems);
}

static bool part_equal(const struct contact_answer *a, const struct contact_answer *b)
{
	return slice_equal(a->special, b->special) &&
	       slice_equal(a->passed_over, b->passed_over) && a->wrong == b->wrong &&
	       a->has_network == b->has_network &&
	       (!a->has_network || network_equal(&a->network, &b->network)) &&
	       a->stale == b->stale && a->stopped == b->stopped &&
	       (a->later_at != 0) == (b->later_at != 0) &&
	       a->resolved_at == b->resolved_at && lists_equal(a, b);
}

/* ---- a copy of its own ---- */

static void text_own(struct arena *arena, struct slice *text)
{
	*text = arena_copy(arena, *text);
}

static struct slices slices_copy(struct arena *arena, const struct slices *from)
{
	struct slices to = { 0 };

	LIST_RESERVE(arena, &to, from->count);
	for (size_t i = 0; i < from->count; i++)
		*LIST_ADD(arena, &to) = arena_copy(arena, from->at[i]);
	return to;
}

static void contact_own(struct arena *arena, struct contact *contact)
{
	struct slice *texts[] = {
		&contact->address, &contact->server, &contact->object,
		&contact->wants,   &contact->format, &contact->terms
	};

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		text_own(arena, texts[i]);
}

static void network_own(struct arena *arena, struct network *network)
{
	struct slice *texts[] = { &network->handle,       &network->name,
				  &network->organisation, &network->country,
				  &network->registry,     &network->found_in };

	for (size_t i = 0; i < COUNT_OF(texts); i++)
		text_own(arena, texts[i]);
}

static void lists_copy(struct arena *arena, const struct contact_answer *from,
		       struct contact_answer *to)
{
	LIST_RESERVE(arena, &to->contacts, from->contacts.count);
	for (size_t i = 0; i < from->contacts.count; i++) {
		struct contact *contact = LIST_ADD(arena, &to->contacts);

		*contact = from->contacts.at[i];
		contact_own(arena, contact);
	}
	LIST_RESERVE(arena, &to->rejected, from->rejected.count);
	for (size_t i = 0; i < from->rejected.count; i++)
		*LIST_ADD(arena, &to->rejected) = (struct contact_rejected){
			arena_copy(arena, from->rejected.at[i].address),
			arena_copy(arena, from->rejected.at[i].reason),
		};
	LIST_RESERVE(arena, &to->origin, from->origin.count);
	for (size_t i = 0; i < from->origin.count; i++)
		*LIST_ADD(arena, &to->origin) = from->origin.at[i];
	to->servers = slices_copy(arena, &from->servers);
	to->problems = slices_copy(arena, &from->problems);
}

static struct part *part_new(struct answers *answers, const struct contact_answer *from)
{
	struct part *part = ARENA_NEW(answers->arena, struct part);
	struct contact_answer *to = &part->answer;

	*to = *from;
	to->query = (struct slice){ NULL, 0 };
	to->address = to->reported_as = (struct address){ .family = FAMILY_NONE };
	to->names = (struct source_names){ NULL, 0, 0 };
	text_own(answers->arena, &to->special);
	text_own(answers->arena, &to->passed_over);
	network_own(answers->arena, &to->network);
	lists_copy(answers->arena, from, to);
	return part;
}

static uint32_t *row_of(struct answers *answers, const struct contact_answer *answer)
{
	const struct range *range = &answer->network.range;
	uint32_t hash = 2166136261;

	for (size_t i = 0; answer->has_network && i < sizeof range->first.bytes; i++)
		hash = ((hash ^ range->first.bytes[i]) * 16777619 ^
			range->last.bytes[i]) *
		       16777619;
	return &answers->rows[hash % ROWS];
}

static uint32_t part_get(struct answers *answers, const struct contact_answer *found)
{
	uint32_t *row = row_of(answers, found);
	struct part *part;

	for (uint32_t number = *row; number; number = part->next) {
		part = answers->parts[number - 1];
		if (!part_equal(&part->answer, found))
			continue;
		if (found->later_at > part->answer.later_at)
			part->answer.later_at = found->later_at;
		return number;
	}
	answers->parts = grown(answers->parts, answers->part_count, &answers->part_room,
			       sizeof *answers->parts);
	part = answers->parts[answers->part_count++] = part_new(answers, found);
	part->next = *row;
	*row = (uint32_t)answers->part_count;
	return *row;
}

static uint32_t names_add(struct answers *answers, const struct source_names *from)
{
	struct arena *arena = answers->arena;
	struct source_names to = { 0 };

	if (!from->count)
		return 0;
	LIST_RESERVE(arena, &to, from->count);
	for (size_t i = 0; i < from->count; i++)
		*LIST_ADD(arena, &to) = (struct source_name){
			arena_copy(arena, from->at[i].name),
			from->at[i].confirmed,
		};
	answers->names = grown(answers->names, answers->name_count, &answers->name_room,
			       sizeof *answers->names);
	answers->names[answers->name_count++] = to;
	return (uint32_t)answers->name_count;
}

void answers_give(struct answers *answers, size_t place,
		  const struct contact_answer *found)
{
	struct entry *entry = &answers->at[place];

	entry->part = part_get(answers, found);
	entry->names = names_add(answers, &found->names);
}

bool answers_find(const struct answers *answers, struct arena *arena,
		  const struct address *address, struct contact_answer *out,
		  size_t *number)
{
	struct entry key = { .address = *address };
	const struct entry *entry = answers->count
					    ? bsearch(&key, answers->at, answers->count,
						      sizeof key, entry_compare)
					    : NULL;

	if (!entry || !entry->part)
		return false;
	*number = entry->part - 1;
	*out = answers->parts[*number]->answer;
	out->address = *address;
	out->query = arena_copy(arena, slice_of(address_format(address).text));
	if (!address_embedded(address, &out->reported_as))
		out->reported_as = (struct address){ .family = FAMILY_NONE };
	if (entry->names)
		out->names = answers->names[entry->names - 1];
	return true;
}
