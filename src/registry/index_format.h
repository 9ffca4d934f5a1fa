/* registry/index_format.h - the file of the registry index. Private to index_*.c.
 *
 * A header, then sections of fixed rows, each at a multiple of 8, in the byte order of
 * the machine that built it (another one refuses it and builds anew). A string is a row
 * of the pool: two bytes of length, then the bytes; offset 0 is the empty string.
 *
 * Blocks are the registered ranges. Segments cut the address space into disjoint pieces,
 * each from its start to the next one's, with the most specific block; a block knows its
 * parent, which is the fallback chain. Objects of databases and rows of statistics are
 * two layers: a look-up asks the first, then the second. Announced routes are a third,
 * whose blocks know nothing but the number of the AS.                               */
#ifndef REGISTRY_INDEX_FORMAT_H
#define REGISTRY_INDEX_FORMAT_H

#include "base/digest.h"

#define INDEX_MAGIC "TIPOFFIX"
#define INDEX_NONE UINT32_MAX

enum { INDEX_VERSION = 1, INDEX_ORDER = 0x01020304 };

enum index_section_id {
	INDEX_SOURCES,
	INDEX_BLOCKS,
	INDEX_CONTACTS,
	INDEX_OBJECTS4, /* segments: objects, statistics, routes */
	INDEX_OBJECTS6,
	INDEX_STATISTICS4,
	INDEX_STATISTICS6,
	INDEX_ROUTES4,
	INDEX_ROUTES6,
	INDEX_STRINGS, /* bytes */
	INDEX_SECTIONS,
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
enum { INDEX_STOPS = 1 }; /* nothing above speaks for this block */
struct index_block {
	uint8_t first[16], last[16];
	uint32_t parent; /* block or INDEX_NONE                           */
	/* Strings. A handle of 0: the key is the range itself, as in databases. */
	uint32_t handle, name, organisation;
	uint32_t contacts; /* row of the first                              */
	uint16_t contact_count;
	uint16_t source;
	char country[2]; /* NUL NUL: unknown                              */
	uint8_t family, flags;
	uint32_t origin; /* AS number of a route, 0 of the others          */
};
struct index_contact {
	uint32_t address, object; /* strings */
	uint8_t role, whose, percent, suspect;
};
struct index_segment4 {
	uint32_t start, block;
};
struct index_segment6 {
	uint64_t high, low;
	uint32_t block, unused;
};

/* Bytes of one row, by section. */
static const size_t index_row_bytes[INDEX_SECTIONS] = {
	[INDEX_SOURCES] = sizeof(struct index_source_row),
	[INDEX_BLOCKS] = sizeof(struct index_block),
	[INDEX_CONTACTS] = sizeof(struct index_contact),
	[INDEX_OBJECTS4] = sizeof(struct index_segment4),
	[INDEX_OBJECTS6] = sizeof(struct index_segment6),
	[INDEX_STATISTICS4] = sizeof(struct index_segment4),
	[INDEX_STATISTICS6] = sizeof(struct index_segment6),
	[INDEX_ROUTES4] = sizeof(struct index_segment4),
	[INDEX_ROUTES6] = sizeof(struct index_segment6),
	[INDEX_STRINGS] = 1,
};

#endif
