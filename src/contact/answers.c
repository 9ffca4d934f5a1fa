#include "contact/answers.h"

#include "base/buffer.h"
#include "contact/answered.h"

#include <stdlib.h>

struct part {
	struct contact_answer answer;
	uint32_t next; /* number + 1 of the next in its row of the table */
};

enum { ROWS = 1024 };

struct answers {
	struct db *db;
	struct arena *arena;
	size_t count;
	struct part **parts;
	size_t part_count, part_room;
	uint32_t rows[ROWS]; /* by network; number + 1 of the last part */
};

struct answers *answers_new(struct db *db, struct error *err)
{
	struct answers *answers;

	if (answered_begin(db, err) != 0)
		return NULL;
	answers = calloc(1, sizeof *answers);
	if (!answers)
		abort();
	answers->db = db;
	answers->arena = arena_new();
	return answers;
}

void answers_free(struct answers *answers)
{
	if (!answers)
		return;
	arena_free(answers->arena);
	free(answers->parts);
	free(answers);
}

int answers_want(struct answers *answers, const struct address *address, int64_t since,
		 struct error *err)
{
	return answered_note(answers->db, address, since, err);
}

int answers_sort(struct answers *answers, struct error *err)
{
	return answered_sort(answers->db, &answers->count, err);
}

size_t answers_count(const struct answers *answers)
{
	return answers->count;
}

int answers_wanted(const struct answers *answers, size_t place, struct address *address,
		   int64_t *since, struct error *err)
{
	struct answered one;

	if (answered_at(answers->db, place, &one, err) != 0)
		return -1;
	*address = one.address;
	*since = one.since;
	return 0;
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
	       slice_equal(a->terms, b->terms) && slice_equal(a->mailbox, b->mailbox) &&
	       a->only == b->only && a->suspect == b->suspect && a->chosen == b->chosen;
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
	struct slice *texts[] = { &contact->address, &contact->server, &contact->object,
				  &contact->wants,   &contact->format, &contact->terms,
				  &contact->mailbox };

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

static void parts_grow(struct answers *answers)
{
	answers->part_room = answers->part_room ? answers->part_room * 2 : 64;
	answers->parts =
		reallocarray(answers->parts, answers->part_room, sizeof(struct part *));
	if (!answers->parts)
		abort();
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
	if (answers->part_count == answers->part_room)
		parts_grow(answers);
	part = answers->parts[answers->part_count++] = part_new(answers, found);
	part->next = *row;
	*row = (uint32_t)answers->part_count;
	return *row;
}

/* ---- names: "+mail.example" a line, "-" where it is not confirmed ---- */

enum { NAMES_MAX_BYTES = 64 * 1024 };

static void names_write(const struct source_names *names, struct buffer *out)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct source_name *name = &names->at[i];

		if (slice_find_byte(name->name, '\n') >= 0)
			continue; /* DNS gives none such; it would begin another one */
		if (out->len)
			buffer_add_byte(out, '\n');
		buffer_add_byte(out, name->confirmed ? '+' : '-');
		buffer_add(out, name->name);
	}
}

static void names_read(struct arena *arena, struct slice text, struct source_names *out)
{
	struct slice line;

	*out = (struct source_names){ NULL, 0, 0 };
	while (text.len && slice_next(&text, '\n', &line))
		*LIST_ADD(arena, out) = (struct source_name){
			slice_from(line, 1),
			slice_starts(line, S("+")),
		};
}

int answers_give(struct answers *answers, size_t place,
		 const struct contact_answer *found, struct error *err)
{
	struct buffer names;
	int result;

	buffer_init(&names, NAMES_MAX_BYTES);
	names_write(&found->names, &names);
	result = answered_give(answers->db, place, part_get(answers, found),
			       buffer_slice(&names), err);
	buffer_clear(&names);
	return result;
}

int answers_find(const struct answers *answers, struct arena *arena,
		 const struct address *address, struct contact_answer *out,
		 size_t *number, struct error *err)
{
	struct answered one;
	int found = answered_find(answers->db, arena, address, &one, err);

	if (found != 1 || !one.part)
		return found < 0 ? -1 : 0;
	*number = one.part - 1;
	*out = answers->parts[*number]->answer;
	out->address = *address;
	out->query = arena_copy(arena, slice_of(address_format(address).text));
	if (!address_embedded(address, &out->reported_as))
		out->reported_as = (struct address){ .family = FAMILY_NONE };
	names_read(arena, one.names, &out->names);
	return 1;
}
