#include "incident/block.h"

#include "incident/store.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_MIN = 256 };

struct block_entry {
	struct address address;
	struct blocks blocks;
	bool changed;
};

struct block_table {
	struct slice site;
	struct db *db; /* NULL: none */
	struct arena *arena;
	struct block_entry **slots;
	size_t slot_count;
	struct {
		struct block_entry **at;
		size_t count, room;
	} entries;
};

struct block_table *block_table_new(struct slice site, struct db *db)
{
	struct block_table *table = calloc(1, sizeof *table);

	if (!table)
		abort();
	table->site = site;
	table->db = db;
	table->arena = arena_new();
	block_table_forget(table);
	return table;
}

void block_table_free(struct block_table *table)
{
	arena_free(table->arena);
	free(table);
}

void block_table_forget(struct block_table *table)
{
	arena_reset(table->arena);
	table->entries.at = NULL;
	table->entries.count = table->entries.room = 0;
	table->slot_count = SLOTS_MIN;
	table->slots = ARENA_ARRAY(table->arena, struct block_entry *, SLOTS_MIN);
}

static struct slice key_of(const struct address *address)
{
	return (struct slice){ (const char *)address, sizeof *address };
}

static struct block_entry **slot_find(const struct block_table *table,
				      const struct address *address)
{
	size_t i = table_hash(key_of(address)) & (table->slot_count - 1);

	while (table->slots[i] && !address_equal(&table->slots[i]->address, address))
		i = (i + 1) & (table->slot_count - 1);
	return &table->slots[i];
}

static void slots_double(struct block_table *table)
{
	table->slot_count *= 2;
	table->slots =
		ARENA_ARRAY(table->arena, struct block_entry *, table->slot_count);
	for (size_t i = 0; i < table->entries.count; i++)
		*slot_find(table, &table->entries.at[i]->address) =
			table->entries.at[i];
}

static int entry_get(struct block_table *table, const struct address *address,
		     struct block_entry **out, struct error *err)
{
	struct block_entry **slot = slot_find(table, address);

	*out = *slot;
	if (*slot)
		return 0;
	if (table->entries.count * 2 >= table->slot_count) {
		slots_double(table);
		slot = slot_find(table, address);
	}
	*slot = *out = ARENA_NEW(table->arena, struct block_entry);
	(*slot)->address = *address;
	*LIST_ADD(table->arena, &table->entries) = *slot;
	if (!table->db)
		return 0;
	return block_store_load(table->db, table->arena, table->site, address,
				&(*slot)->blocks, err);
}

static bool is_same_jail(const struct block *a, const struct block *b)
{
	return slice_equal(a->by, b->by) && slice_equal(a->jail, b->jail);
}

/* The place behind those that began before; the oldest gives way where there is none. */
static void block_insert(struct arena *arena, struct blocks *blocks,
			 const struct block *block)
{
	size_t at = blocks->count;

	while (at > 0 && blocks->at[at - 1].banned_at > block->banned_at)
		at--;
	if (blocks->count < BLOCKS_MAX)
		(void)*LIST_ADD(arena, blocks);
	else if (at == 0)
		return;
	else
		memmove(blocks->at, blocks->at + 1, --at * sizeof *blocks->at);
	for (size_t i = blocks->count - 1; i > at; i--)
		blocks->at[i] = blocks->at[i - 1];
	blocks->at[at] = *block;
	blocks->at[at].by = arena_copy(arena, block->by);
	blocks->at[at].jail = arena_copy(arena, block->jail);
}

void blocks_begin(struct arena *arena, struct blocks *blocks, const struct block *block)
{
	for (size_t i = 0; i < blocks->count; i++) {
		struct block *known = &blocks->at[i];
		int64_t apart = block->banned_at - known->banned_at;

		if (!is_same_jail(known, block))
			continue;
		if (apart > -BLOCK_SAME_US && apart < BLOCK_SAME_US) {
			/* the database has the time of the last failure */
			if (apart < 0)
				known->banned_at = block->banned_at;
			return;
		}
		/* restored after a restart: it never ended */
		if (block->restored && apart > 0 && !known->unbanned_at)
			return;
	}
	block_insert(arena, blocks, block);
}

static void blocks_end(struct blocks *blocks, const struct block *end)
{
	for (size_t i = blocks->count; i-- > 0;) {
		struct block *known = &blocks->at[i];

		if (!is_same_jail(known, end) || known->banned_at > end->unbanned_at)
			continue;
		/* the database has the end that was meant, the log the one that was */
		if (!known->unbanned_at || known->unbanned_at < end->unbanned_at)
			known->unbanned_at = end->unbanned_at;
		return;
	}
}

int block_table_add(struct block_table *table, const struct event *event,
		    struct error *err)
{
	struct block block = { .by = event->rule,
			       .jail = event->service,
			       .address = event->source };
	struct block_entry *entry;

	if (event->source.family == FAMILY_NONE)
		return 0;
	if (entry_get(table, &event->source, &entry, err) != 0)
		return -1;
	entry->changed = true;
	block.banned_at = event->at;
	block.restored = event->count > 0;
	if (event->outcome == OUTCOME_BLOCKED) {
		blocks_begin(table->arena, &entry->blocks, &block);
	} else {
		block.banned_at = 0;
		block.unbanned_at = event->at;
		blocks_end(&entry->blocks, &block);
	}
	return 0;
}

bool block_concerns(const struct block *block, const struct incident *incident)
{
	struct range range;

	if (incident->source.family != block->address.family ||
	    incident->source.family == FAMILY_NONE ||
	    block->banned_at + BLOCK_SAME_US < incident->first)
		return false;
	range = range_of_prefix(&incident->source, incident->source_bits);
	return range_contains(&range, &block->address);
}

static void concerning_add(struct arena *arena, const struct blocks *from,
			   const struct incident *incident, struct blocks *out)
{
	for (size_t i = 0; i < from->count && out->count < BLOCKS_MAX; i++)
		if (block_concerns(&from->at[i], incident))
			*LIST_ADD(arena, out) = from->at[i];
}

void block_table_find(const struct block_table *table, struct arena *arena,
		      const struct incident *incident, struct blocks *out)
{
	const struct tally *full = &incident->lists[LIST_ADDRESSES];
	struct address address;

	*out = (struct blocks){ 0 };
	if (!table->entries.count)
		return;
	if (incident->source.family == FAMILY_IPV4) {
		const struct block_entry *entry = *slot_find(table, &incident->source);

		if (entry)
			concerning_add(arena, &entry->blocks, incident, out);
	}
	for (size_t i = 0; i < full->count; i++) {
		const struct block_entry *entry;

		if (address_parse(full->at[i].text, &address) != 0)
			continue;
		entry = *slot_find(table, &address);
		if (entry)
			concerning_add(arena, &entry->blocks, incident, out);
	}
}

int block_table_save(struct block_table *table, struct error *err)
{
	for (size_t i = 0; table->db && i < table->entries.count; i++) {
		struct block_entry *entry = table->entries.at[i];

		if (entry->changed &&
		    block_store_save(table->db, table->site, &entry->address,
				     &entry->blocks, err) != 0)
			return -1;
		entry->changed = false;
	}
	return 0;
}

/* Only the newest of a jail may be in force: what began before it had ended. */
static bool is_in_force(const struct blocks *blocks, size_t place)
{
	if (blocks->at[place].unbanned_at)
		return false;
	for (size_t i = place + 1; i < blocks->count; i++)
		if (is_same_jail(&blocks->at[i], &blocks->at[place]))
			return false;
	return true;
}

const struct block *incident_block(const struct incident *incident)
{
	const struct blocks *blocks = &incident->blocks;
	const struct tally *full = &incident->lists[LIST_ADDRESSES];
	const struct block *last = NULL;

	if (incident->source.family == FAMILY_IPV6 && (full->count > 1 || full->beyond))
		return NULL;
	for (size_t i = 0; i < blocks->count; i++) {
		if (is_in_force(blocks, i))
			return &blocks->at[i];
		if (!last || blocks->at[i].unbanned_at > last->unbanned_at)
			last = &blocks->at[i];
	}
	return last && last->unbanned_at ? last : NULL;
}
