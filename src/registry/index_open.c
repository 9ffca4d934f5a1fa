/* Opening, checking and verifying the file of the index. */
#include "registry/index_map.h"

#include "os/file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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

static int check_header(struct index *index, struct error *err)
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

/* ---- verified once ----------------------------------------------------------------- */

enum { STAMP_MAX = 200 };
struct stamp {
	char text[STAMP_MAX];
};

/* What a file is known by: another one of that name has another line. */
static struct stamp stamp_of(const struct index *index, const struct stat *status)
{
	struct stamp stamp;
	struct hex digest = hex_of((struct slice){ (const char *)index->header->digest,
						   sizeof index->header->digest });

	snprintf(stamp.text, sizeof stamp.text, "%ju %ju %jd.%09ld %jd %s\n",
		 (uintmax_t)status->st_dev, (uintmax_t)status->st_ino,
		 (intmax_t)status->st_mtim.tv_sec, status->st_mtim.tv_nsec,
		 (intmax_t)status->st_size, digest.text);
	return stamp;
}

static bool was_verified(const char *path, const struct stamp *stamp)
{
	struct buffer text;
	struct error ignored;
	bool same;

	buffer_init(&text, STAMP_MAX);
	same = file_read(path, &text, &ignored) == 0 &&
	       slice_equal(buffer_slice(&text), slice_of(stamp->text));
	buffer_clear(&text);
	return same;
}

/* Where the note cannot be written, the file is verified again the next time. */
static int verify_once(const struct index *index, const struct stat *status,
		       const char *path, struct error *err)
{
	struct stamp stamp = stamp_of(index, status);
	struct error ignored;

	if (was_verified(path, &stamp))
		return 0;
	if (index_verify(index, err) < 0)
		return -1;
	(void)(file_write(path, FILE_REPLACE, 0644, slice_of(stamp.text), &ignored) ==
	       0);
	return 0;
}

static int map_file(struct index *index, const char *path, struct stat *status,
		    struct error *err)
{
	void *at;
	int fd;
	int result = -1;

	if (file_open_read(path, FILE_LINKS_FOLLOW, &fd, err) < 0)
		return -1;
	if (fstat(fd, status) < 0) {
		error_system(err, errno, "'%s' cannot be read", path);
		goto close_fd;
	}
	if (!S_ISREG(status->st_mode) || status->st_size <= 0) {
		error_set(err, ERROR_SYNTAX, "not a registry index");
		goto close_fd;
	}
	at = mmap(NULL, (size_t)status->st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED) {
		error_system(err, errno, "'%s' cannot be mapped", path);
		goto close_fd;
	}
	index->at = at;
	index->bytes = (size_t)status->st_size;
	index->header = at;
	result = 0;
close_fd:
	close(fd);
	return result;
}

struct index *index_map(const char *path, struct stat *status, struct error *err)
{
	struct index *index = calloc(1, sizeof *index);

	if (!index)
		abort();
	if (map_file(index, path, status, err) == 0 && check_header(index, err) == 0)
		return index;
	index_close(index);
	return NULL;
}

struct index *index_open(struct slice path, struct error *err)
{
	struct arena *arena = arena_new();
	struct slice note = arena_printf(arena, SLICE_FMT ".verified", SLICE_ARG(path));
	struct stat status;
	struct index *index = index_map(arena_cstr(arena, path), &status, err);

	if (index && verify_once(index, &status, arena_cstr(arena, note), err) < 0) {
		index_close(index);
		index = NULL;
	}
	if (!index)
		error_context(err, "registry index '" SLICE_FMT "'", SLICE_ARG(path));
	arena_free(arena);
	return index;
}

void index_close(struct index *index)
{
	if (!index)
		return;
	if (index->at)
		munmap((void *)(uintptr_t)index->at, index->bytes);
	free(index);
}
