/* registry/index_map.h - the mapped index and its rows. Private to index_*.c. */
#ifndef REGISTRY_INDEX_MAP_H
#define REGISTRY_INDEX_MAP_H

#include "registry/index.h"
#include "registry/index_format.h"

#include <sys/stat.h>

/* The sections' rows, found once: their bounds lie inside the file. */
struct index_rows {
	const void *at;
	size_t count;
};
struct index {
	const char *at;
	size_t bytes;
	const struct index_header *header;
	struct index_rows rows[INDEX_SECTIONS];
	unsigned shift[INDEX_LAYERS]; /* of a narrow layer's table; 32: none */
};

/* The header, the bounds of the sections and of the tables; fills rows and shift. */
MUST_CHECK int index_check_header(struct index *index, struct error *err);
/* Mapped, with its header checked and nothing more. `status` is the file's. */
MUST_CHECK struct index *index_map(const char *path, struct stat *status,
				   struct error *err);

static inline const struct index_rows *index_rows_of(const struct index *index,
						     enum index_layer layer,
						     enum index_part part)
{
	return &index->rows[index_section_of(layer, part)];
}

static inline const struct index_block *index_block_at(const struct index *index,
						       enum index_layer layer, size_t i)
{
	const struct index_rows *rows = index_rows_of(index, layer, INDEX_BLOCKS);

	return i < rows->count ? (const struct index_block *)rows->at + i : NULL;
}

#endif
