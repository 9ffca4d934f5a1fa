/* Questions to the mapped index. Every reference is checked before it is followed. */
#include "registry/index_map.h"
#include "registry/registries.h"

#include <assert.h>
#include <string.h>

enum { PARENTS_MAX = 8 };

/* ---- rows -------------------------------------------------------------------------- */

static struct slice pool_string(const struct index *index, size_t section,
				uint32_t offset)
{
	const struct index_rows *pool = &index->rows[section];
	uint16_t len;

	if (pool->count < sizeof len || offset > pool->count - sizeof len)
		return slice_of(NULL);
	memcpy(&len, (const char *)pool->at + offset, sizeof len);
	if (len > pool->count - sizeof len - offset)
		return slice_of(NULL);
	return (struct slice){ (const char *)pool->at + offset + sizeof len, len };
}

static struct slice string_at(const struct index *index, uint32_t offset)
{
	return pool_string(index, INDEX_STRINGS, offset);
}

static uint64_t number_of(const uint8_t *bytes, size_t count)
{
	uint64_t number = 0;

	for (size_t i = 0; i < count; i++)
		number = number << 8 | bytes[i];
	return number;
}

static void set_number(uint8_t *bytes, size_t count, uint64_t number)
{
	for (size_t i = count; i-- > 0; number >>= 8)
		bytes[i] = (uint8_t)number;
}

/* `i` was checked against the blocks; the bounds may be fewer. */
static struct range range_of_block(const struct index *index, enum index_layer layer,
				   size_t i)
{
	const struct index_rows *rows = index_rows_of(index, layer, INDEX_BOUNDS);
	struct range range = { { 0 }, { 0 } };

	if (i >= rows->count)
		return range;
	if (index_layer_is_wide(layer)) {
		const struct index_bounds6 *bounds =
			(const struct index_bounds6 *)rows->at + i;

		range.first.family = range.last.family = FAMILY_IPV6;
		set_number(range.first.bytes, 8, bounds->first_high);
		set_number(range.first.bytes + 8, 8, bounds->first_low);
		set_number(range.last.bytes, 8, bounds->last_high);
		set_number(range.last.bytes + 8, 8, bounds->last_low);
	} else {
		const struct index_bounds4 *bounds =
			(const struct index_bounds4 *)rows->at + i;

		range.first.family = range.last.family = FAMILY_IPV4;
		set_number(range.first.bytes, 4, bounds->first);
		set_number(range.last.bytes, 4, bounds->last);
	}
	return range;
}

/* ---- from an address to its block --------------------------------------------------- */

/* The block of the last segment that begins at or before the number: the most specific one,
 * or INDEX_NONE where nobody holds it.                                                  */
static uint32_t seek_narrow(const struct index *index, enum index_layer layer,
			    uint32_t number)
{
	const struct index_rows *rows = index_rows_of(index, layer, INDEX_SEGMENTS);
	const struct index_segment4 *segments = rows->at;
	size_t low = 0, high = rows->count;

	if (index->shift[layer] < 32) {
		const uint32_t *table = index_rows_of(index, layer, INDEX_TABLE)->at;
		uint32_t bucket = number >> index->shift[layer];

		low = table[bucket];
		high = table[bucket + 1];
		if (low > high || high > rows->count)
			return INDEX_NONE;
	}
	/* without a branch on what was loaded: the processor need not wait for one look-up
	 * to end before it begins the next */
	for (size_t left = high - low; left;) {
		size_t half = left - left / 2;

		low += half & -(size_t)(segments[low + half - 1].start <= number);
		left -= half;
	}
	return low ? segments[low - 1].block : INDEX_NONE;
}

/* The same, and it does hold the number, whatever the segments say. */
static uint32_t find_narrow(const struct index *index, enum index_layer layer,
			    uint32_t number)
{
	const struct index_rows *rows = index_rows_of(index, layer, INDEX_BOUNDS);
	uint32_t block = seek_narrow(index, layer, number);
	const struct index_bounds4 *bounds;

	if (block >= rows->count)
		return INDEX_NONE;
	bounds = (const struct index_bounds4 *)rows->at + block;
	return bounds->first <= number && number <= bounds->last ? block : INDEX_NONE;
}

static uint32_t find_wide(const struct index *index, enum index_layer layer,
			  const struct address *address)
{
	const struct index_rows *rows = index_rows_of(index, layer, INDEX_SEGMENTS);
	const struct index_segment6 *segments = rows->at;
	uint64_t top = number_of(address->bytes, 8),
		 bottom = number_of(address->bytes + 8, 8);
	size_t low = 0, high = rows->count;
	struct range range;
	uint32_t block;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (segments[middle].high > top ||
		    (segments[middle].high == top && segments[middle].low > bottom))
			high = middle;
		else
			low = middle + 1;
	}
	if (low == 0)
		return INDEX_NONE;
	block = segments[low - 1].block;
	range = range_of_block(index, layer, block);
	return range_contains(&range, address) ? block : INDEX_NONE;
}

/* `layer` is the narrow one of a pair; it becomes the one that was asked. */
static uint32_t find_block(const struct index *index, enum index_layer *layer,
			   const struct address *address)
{
	uint32_t block;

	if (address->family == FAMILY_IPV4) {
		block = find_narrow(index, *layer,
				    (uint32_t)number_of(address->bytes, 4));
	} else {
		*layer = (enum index_layer)(*layer + 1);
		block = find_wide(index, *layer, address);
	}
	return index_block_at(index, *layer, block) ? block : INDEX_NONE;
}

/* ---- contacts ---------------------------------------------------------------------- */

static bool next_contact(struct slice *rows, struct index_contact *out)
{
	if (rows->len < sizeof *out)
		return false;
	memcpy(out, rows->at, sizeof *out);
	*rows = slice_from(*rows, sizeof *out);
	return out->role <= INDEX_TECHNICAL && out->whose <= INDEX_SPONSOR;
}

uint32_t index_seek(const struct index *index, const struct address *about)
{
	enum index_layer layer = INDEX_OBJECTS4;

	if (about->family == FAMILY_IPV4)
		return seek_narrow(index, layer, (uint32_t)number_of(about->bytes, 4));
	return about->family == FAMILY_IPV6 ? find_block(index, &layer, about)
					    : INDEX_NONE;
}

static struct index_source source_of(const struct index *index,
				     const struct index_block *block)
{
	return block->source < index_source_count(index)
		       ? index_source_at(index, block->source)
		       : (struct index_source){ 0 };
}

/* ---- the hit ----------------------------------------------------------------------- */

static const char *long_name(struct slice registry)
{
	static const struct {
		const char *name, *shown;
	} names[] = { { "ripe", "RIPE" },
		      { "apnic", "APNIC" },
		      { "arin", "ARIN" },
		      { "lacnic", "LACNIC" },
		      { "afrinic", "AFRINIC" } };

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (slice_equal(registry, slice_of(names[i].name)))
			return names[i].shown;
	return "registry";
}

struct question {
	const struct index *index;
	struct arena *arena;
	enum index_layer layer;
	struct index_hit *out;
};

/* As the database writes its key: "first - last", a prefix for IPv6, "AS64500". */
static struct slice handle_of(const struct question *question, uint32_t at)
{
	struct range range = range_of_block(question->index, question->layer, at);

	if (question->layer == INDEX_NUMBERS)
		return arena_printf(question->arena, "AS%u",
				    (unsigned)number_of(range.first.bytes, 4));
	if (range.first.family == FAMILY_IPV6)
		return arena_printf(question->arena, "%s", range_format(&range).text);
	return arena_printf(question->arena, "%s - %s",
			    address_format(&range.first).text,
			    address_format(&range.last).text);
}

static struct slice copy_string(const struct question *question, uint32_t offset)
{
	return arena_copy(question->arena, string_at(question->index, offset));
}

static void read_network(const struct question *question, uint32_t at)
{
	const struct index_block *block =
		index_block_at(question->index, question->layer, at);
	struct index_source source;
	bool statistics = question->layer == INDEX_STATISTICS4 ||
			  question->layer == INDEX_STATISTICS6;
	struct index_hit *out = question->out;

	if (!block)
		return;
	source = source_of(question->index, block);
	out->handle = statistics ? copy_string(question, block->name)
				 : handle_of(question, at);
	if (!statistics)
		out->name = copy_string(question, block->name);
	if (question->layer != INDEX_NUMBERS)
		out->range = range_of_block(question->index, question->layer, at);
	out->organisation = copy_string(question, block->organisation);
	out->registry = arena_copy(question->arena, source.registry);
	out->dated_at = source.dated_at;
	out->found_in =
		arena_printf(question->arena, "%s %s of %s", long_name(source.registry),
			     source.statistics ? "statistics" : "dump",
			     time_format(source.dated_at, TIME_DATE).text);
	if (block->country[0])
		out->country = arena_copy(question->arena,
					  (struct slice){ block->country, 2 });
}

/* How sure a contact is; each level above its block makes it a little less so. */
static double sureness(const struct index_contact *row, size_t level)
{
	return row->percent / 100.0 - 0.05 * (double)level;
}

static void read_contacts(const struct question *question, uint32_t at, size_t level,
			  bool refers)
{
	const struct index *index = question->index;
	struct arena *arena = question->arena;
	const struct index_block *block = index_block_at(index, question->layer, at);
	struct index_source source = source_of(index, block);
	struct slice rows = pool_string(index, INDEX_SETS, block->value);
	struct index_contact row;

	while (next_contact(&rows, &row))
		*LIST_ADD(arena, &question->out->mailboxes) = (struct index_mailbox){
			.address = copy_string(question, row.address),
			.whose = refers  ? INDEX_SPONSOR
				 : level ? INDEX_ABOVE
					 : (enum index_whose)row.whose,
			.role = (enum index_role)row.role,
			.dump = arena_copy(arena, source.name),
			.object = row.object ? copy_string(question, row.object)
					     : handle_of(question, at),
			.range = question->out->range.first.family == FAMILY_NONE
					 ? question->out->range
					 : range_of_block(index, question->layer, at),
			.confidence = sureness(&row, level),
			.dated_at = source.dated_at,
			.suspect = row.suspect != 0,
		};
}

static bool all_suspect(const struct index_hit *hit)
{
	for (size_t i = 0; i < hit->mailboxes.count; i++)
		if (!hit->mailboxes.at[i].suspect)
			return false;
	return hit->mailboxes.count != 0;
}

/* The block's own contacts, then those above it, which stay as the fallback. Where all so
 * far failed their validation, RIPE refers to the first local registry above.           */
static void climb(const struct question *question, uint32_t at)
{
	const struct index_block *block =
		index_block_at(question->index, question->layer, at);

	for (size_t level = 0; block && level < PARENTS_MAX; level++) {
		bool refers =
			level && block->flags & INDEX_LIR && all_suspect(question->out);

		read_contacts(question, at, level, refers);
		if (block->flags & INDEX_STOPS)
			return;
		at = block->parent;
		block = index_block_at(question->index, question->layer, at);
	}
}

/* What the statistics add: who holds the space where the database is silent. */
static void read_statistics(const struct question *question, uint32_t at)
{
	struct index_hit *out = question->out;
	const struct index_block *block =
		index_block_at(question->index, question->layer, at);
	const struct registry *national;

	if (!block)
		return;
	national = registry_of_opaque_id(string_at(question->index, block->name));
	if (national)
		out->national = slice_of(national->name);
	if (out->range.first.family == FAMILY_NONE)
		read_network(question, at);
	else if (out->country.len == 0 && block->country[0])
		out->country = arena_copy(question->arena,
					  (struct slice){ block->country, 2 });
}

/* The AS of the most specific route; several where several announce it. */
static void read_origins(const struct question *question, uint32_t at)
{
	struct range range = range_of_block(question->index, question->layer, at);
	const struct index_block *block =
		index_block_at(question->index, question->layer, at);

	for (size_t level = 0; block && level < PARENTS_MAX; level++) {
		struct range outer =
			range_of_block(question->index, question->layer, at);

		if (!range_equal(&outer, &range))
			return;
		*LIST_ADD(question->arena, &question->out->origins) = block->value;
		at = block->parent;
		block = index_block_at(question->index, question->layer, at);
	}
}

bool index_find(const struct index *index, struct arena *arena,
		const struct address *about, struct index_hit *out)
{
	struct question question = { index, arena, INDEX_OBJECTS4, out };
	uint32_t at;

	*out = (struct index_hit){ 0 };
	if (about->family == FAMILY_NONE)
		return false;
	at = find_block(index, &question.layer, about);
	if (at != INDEX_NONE) {
		read_network(&question, at);
		climb(&question, at);
	}
	question.layer = INDEX_STATISTICS4;
	at = find_block(index, &question.layer, about);
	if (at != INDEX_NONE)
		read_statistics(&question, at);
	question.layer = INDEX_ROUTES4;
	at = find_block(index, &question.layer, about);
	if (at != INDEX_NONE)
		read_origins(&question, at);
	return out->range.first.family != FAMILY_NONE || out->origins.count;
}

bool index_find_number(const struct index *index, struct arena *arena, uint32_t number,
		       struct index_hit *out)
{
	struct question question = { index, arena, INDEX_NUMBERS, out };
	uint32_t at = find_narrow(index, INDEX_NUMBERS, number);

	*out = (struct index_hit){ 0 };
	if (!index_block_at(index, INDEX_NUMBERS, at))
		return false;
	read_network(&question, at);
	out->handle = arena_printf(arena, "AS%u", number);
	climb(&question, at);
	return true;
}

/* ---- what it holds ----------------------------------------------------------------- */

size_t index_source_count(const struct index *index)
{
	return index->rows[INDEX_SOURCES].count;
}

struct index_source index_source_at(const struct index *index, size_t i)
{
	const struct index_source_row *row = index->rows[INDEX_SOURCES].at;

	assert(i < index_source_count(index));
	row += i;
	return (struct index_source){ .name = string_at(index, row->name),
				      .registry = string_at(index, row->registry),
				      .dated_at = row->dated_at,
				      .objects = row->objects,
				      .statistics = row->statistics != 0 };
}

int64_t index_built_at(const struct index *index)
{
	return index->header->built_at;
}

uint64_t index_size_bytes(const struct index *index)
{
	return index->bytes;
}
