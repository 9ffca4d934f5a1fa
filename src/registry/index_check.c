/* Whether the file of the index is what it should be: its header, then all of it. */
#include "registry/index_map.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define BUILD_AGAIN "build it again with 'tipoff registry build'"

/* Of a section, for people. */
static const char *section_name(size_t section, char *out, size_t count)
{
	static const char *const first[] = { "list of dumps", "texts", "contacts" };
	static const char *const layers[] = { "IPv4 objects",    "IPv6 objects",
					      "IPv4 statistics", "IPv6 statistics",
					      "IPv4 routes",     "IPv6 routes",
					      "AS numbers" };
	static const char *const parts[] = { "blocks", "bounds", "segments", "table" };

	if (section < INDEX_FIRST_LAYER) {
		snprintf(out, count, "%s", first[section]);
	} else {
		section -= INDEX_FIRST_LAYER;
		snprintf(out, count, "%s of %s", parts[section % INDEX_PARTS],
			 layers[section / INDEX_PARTS]);
	}
	return out;
}

static int damaged(size_t section, const char *how, struct error *err)
{
	char name[64];

	return error_set(err, ERROR_SYNTAX, "damaged (%s: %s): " BUILD_AGAIN,
			 section_name(section, name, sizeof name), how);
}

/* ---- header ------------------------------------------------------------------------ */

static int check_sections(struct index *index, struct error *err)
{
	for (size_t i = 0; i < INDEX_SECTIONS; i++) {
		const struct index_section *section = &index->header->sections[i];

		if (section->offset % 8 || section->offset < sizeof *index->header ||
		    section->offset > index->bytes ||
		    section->count >
			    (index->bytes - section->offset) / index_row_bytes(i))
			return damaged(i, "it lies outside the file", err);
		index->rows[i] = (struct index_rows){ index->at + section->offset,
						      section->count };
	}
	return 0;
}

/* A table has an entry for each value of the first bits, and one more. */
static int check_tables(struct index *index, struct error *err)
{
	for (size_t i = 0; i < INDEX_LAYERS; i++) {
		enum index_layer layer = (enum index_layer)i;
		size_t count = index_rows_of(index, layer, INDEX_TABLE)->count;
		unsigned bits = 0;

		index->shift[i] = 32;
		if (count == 0)
			continue;
		while (bits < 31 && ((size_t)1 << bits) + 1 < count)
			bits++;
		if (bits == 0 || ((size_t)1 << bits) + 1 != count)
			return damaged(index_section_of(layer, INDEX_TABLE),
				       "of a wrong length", err);
		index->shift[i] = 32 - bits;
	}
	return 0;
}

int index_check_header(struct index *index, struct error *err)
{
	const struct index_header *header = index->header;
	struct sha256 digest;

	if (index->bytes < sizeof header->magic ||
	    memcmp(header->magic, INDEX_MAGIC, sizeof header->magic) != 0)
		return error_set(err, ERROR_SYNTAX, "not a registry index");
	if (index->bytes < sizeof *header)
		return error_set(err, ERROR_SYNTAX, "cut off: " BUILD_AGAIN);
	if (header->order != INDEX_ORDER)
		return error_set(
			err, ERROR_SYNTAX,
			"made by a machine of another byte order: " BUILD_AGAIN);
	if (header->version != INDEX_VERSION)
		return error_set(err, ERROR_SYNTAX,
				 "made by another version of tipoff: " BUILD_AGAIN);
	if (header->file_bytes != index->bytes)
		return error_set(err, ERROR_SYNTAX, "%s: " BUILD_AGAIN,
				 index->bytes < header->file_bytes
					 ? "cut off"
					 : "longer than it was made");
	digest = sha256_of(
		(struct slice){ index->at, offsetof(struct index_header, digest) });
	if (memcmp(digest.bytes, header->digest, sizeof header->digest) != 0)
		return error_set(err, ERROR_SYNTAX, "damaged (header): " BUILD_AGAIN);
	if (check_sections(index, err) < 0)
		return -1;
	return check_tables(index, err);
}

/* ---- the whole file ---------------------------------------------------------------- */

static bool segments_ascend(const struct index *index, enum index_layer layer)
{
	const struct index_rows *rows = index_rows_of(index, layer, INDEX_SEGMENTS);
	const struct index_segment4 *narrow = rows->at;
	const struct index_segment6 *wide = rows->at;

	for (size_t i = 1; i < rows->count; i++)
		if (index_layer_is_wide(layer)
			    ? wide[i].high < wide[i - 1].high ||
				      (wide[i].high == wide[i - 1].high &&
				       wide[i].low <= wide[i - 1].low)
			    : narrow[i].start <= narrow[i - 1].start)
			return false;
	return true;
}

static bool table_fits(const struct index *index, enum index_layer layer)
{
	const struct index_rows *rows = index_rows_of(index, layer, INDEX_TABLE);
	const struct index_rows *segments = index_rows_of(index, layer, INDEX_SEGMENTS);
	const uint32_t *table = rows->at;

	for (size_t i = 0; i < rows->count; i++)
		if (table[i] > segments->count || (i && table[i] < table[i - 1]))
			return false;
	return true;
}

/* A parent stands before its children, so that nobody is his own ancestor. */
static bool parents_precede(const struct index *index, enum index_layer layer)
{
	const struct index_rows *rows = index_rows_of(index, layer, INDEX_BLOCKS);
	const struct index_block *blocks = rows->at;

	for (size_t i = 0; i < rows->count; i++)
		if (blocks[i].parent != INDEX_NONE && blocks[i].parent >= i)
			return false;
	return rows->count == index_rows_of(index, layer, INDEX_BOUNDS)->count;
}

/* A pool is strings from its beginning to its end. */
static bool pool_is_whole(const struct index *index, size_t section)
{
	const struct index_rows *pool = &index->rows[section];
	size_t at = 0;

	while (pool->count - at >= sizeof(uint16_t)) {
		uint16_t len;

		memcpy(&len, (const char *)pool->at + at, sizeof len);
		if (len > pool->count - at - sizeof len)
			return false;
		at += sizeof len + len;
	}
	return at == pool->count;
}

static int check_layer(const struct index *index, enum index_layer layer,
		       struct error *err)
{
	if (!segments_ascend(index, layer))
		return damaged(index_section_of(layer, INDEX_SEGMENTS), "not in order",
			       err);
	if (!table_fits(index, layer))
		return damaged(index_section_of(layer, INDEX_TABLE), "not in order",
			       err);
	if (!parents_precede(index, layer))
		return damaged(index_section_of(layer, INDEX_BLOCKS),
			       "parents that are none", err);
	return 0;
}

int index_verify(const struct index *index, struct error *err)
{
	for (size_t i = 0; i < INDEX_SECTIONS; i++) {
		const struct index_section *section = &index->header->sections[i];
		struct sha256 digest = sha256_of((struct slice){
			index->rows[i].at, section->count * index_row_bytes(i) });

		if (memcmp(digest.bytes, section->digest, sizeof section->digest) != 0)
			return damaged(i, "wrong checksum", err);
		/* of a large file no more than a section is in memory at once */
		(void)madvise((void *)(uintptr_t)index->at, index->bytes,
			      MADV_DONTNEED);
	}
	for (size_t i = INDEX_STRINGS; i <= INDEX_SETS; i++)
		if (!pool_is_whole(index, i))
			return damaged(i, "longer than there is room", err);
	for (size_t i = 0; i < INDEX_LAYERS; i++)
		if (check_layer(index, (enum index_layer)i, err) < 0)
			return -1;
	return 0;
}
