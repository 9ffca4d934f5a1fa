/* registry/index_format.h - the file of the registry index. Private to index_*.c.
 *
 * A header, then sections of fixed rows, each at a multiple of 8, in the byte order of
 * the machine that built it (another one refuses it and builds anew), each with its own
 * checksum. A string is a row of a pool: two bytes of length, then the bytes; offset 0 is
 * the empty one. The contacts of a block are a row of such a pool too.
 *
 * There are seven layers, each of one family: the objects of databases, the rows of
 * statistics, announced routes, and AS numbers, which look like IPv4 addresses. A layer
 * has four parts. Blocks are the registered ranges, outer before inner; their bounds
 * stand apart, since few look-ups need them. Segments cut the space into disjoint pieces,
 * each from its start to the next one's, with the most specific block; a block knows its
 * parent, which is the fallback chain. Of a narrow layer the table says for each value of
 * an address's first bits how many segments begin before it.                         */
#ifndef REGISTRY_INDEX_FORMAT_H
#define REGISTRY_INDEX_FORMAT_H

#include "base/digest.h"

#define INDEX_MAGIC "TIPOFFIX"
#define INDEX_NONE UINT32_MAX

enum { INDEX_VERSION = 2, INDEX_ORDER = 0x01020304 };

enum index_layer {
	INDEX_OBJECTS4,
	INDEX_OBJECTS6,
	INDEX_STATISTICS4,
	INDEX_STATISTICS6,
	INDEX_ROUTES4,
	INDEX_ROUTES6,
	INDEX_NUMBERS,
	INDEX_LAYERS,
};
enum index_part {
	INDEX_BLOCKS,
	INDEX_BOUNDS,
	INDEX_SEGMENTS,
	INDEX_TABLE,
	INDEX_PARTS,
};
enum index_section_id {
	INDEX_SOURCES,
	INDEX_STRINGS, /* bytes */
	INDEX_SETS, /* bytes: contacts of a block */
	INDEX_FIRST_LAYER,
	INDEX_SECTIONS = INDEX_FIRST_LAYER + INDEX_LAYERS * INDEX_PARTS,
};

struct index_section {
	uint64_t offset, count; /* of rows */
	uint8_t digest[SHA256_BYTES];
};
struct index_header {
	char magic[8];
	uint32_t version, order;
	int64_t built_at;
	uint64_t file_bytes;
	struct index_section sections[INDEX_SECTIONS];
	uint8_t digest[SHA256_BYTES]; /* of all that stands before it */
};

struct index_source_row {
	uint32_t name, registry;
	int64_t dated_at;
	uint64_t objects;
	uint32_t statistics, unused; /* 1: a delegated file */
};
enum {
	INDEX_STOPS = 1, /* nothing above speaks for this block         */
	INDEX_LIR = 2, /* its organisation is a local registry of RIPE */
};
struct index_block {
	uint32_t parent; /* block of this layer or INDEX_NONE           */
	uint32_t name, organisation; /* strings; of statistics the holder's id, 0 */
	uint32_t value; /* contacts, in INDEX_SETS; of a route the AS   */
	uint16_t source;
	char country[2]; /* NUL NUL: unknown                            */
	uint8_t flags, unused[3];
};
struct index_bounds4 {
	uint32_t first, last;
};
struct index_bounds6 {
	uint64_t first_high, first_low, last_high, last_low;
};
struct index_contact {
	uint32_t address, object; /* strings; object 0: the block itself */
	uint8_t role, whose, percent, suspect;
};
struct index_segment4 {
	uint32_t start, block;
};
struct index_segment6 {
	uint64_t high, low;
	uint32_t block, unused;
};

static inline size_t index_section_of(enum index_layer layer, enum index_part part)
{
	return INDEX_FIRST_LAYER + (size_t)layer * INDEX_PARTS + part;
}

static inline bool index_layer_is_wide(enum index_layer layer)
{
	return layer == INDEX_OBJECTS6 || layer == INDEX_STATISTICS6 ||
	       layer == INDEX_ROUTES6;
}

/* Bytes of one row. */
static inline size_t index_row_bytes(size_t section)
{
	bool wide;

	if (section == INDEX_SOURCES)
		return sizeof(struct index_source_row);
	if (section < INDEX_FIRST_LAYER)
		return 1;
	section -= INDEX_FIRST_LAYER;
	wide = index_layer_is_wide((enum index_layer)(section / INDEX_PARTS));
	switch ((enum index_part)(section % INDEX_PARTS)) {
	case INDEX_BLOCKS:
		return sizeof(struct index_block);
	case INDEX_BOUNDS:
		return wide ? sizeof(struct index_bounds6)
			    : sizeof(struct index_bounds4);
	case INDEX_SEGMENTS:
		return wide ? sizeof(struct index_segment6)
			    : sizeof(struct index_segment4);
	default:
		return sizeof(uint32_t);
	}
}

#endif
