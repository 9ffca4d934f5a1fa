#include "os/file.h"
#include "registry/index.h"
#include "registry/index_format.h"
#include "registry/registries.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PARENTS_MAX = 8 };
/* Larger files are verified when asked to: opening one must not take its time. */
#define VERIFY_AT_OPEN_BYTES (UINT64_C(16) << 20)

struct index {
	const char *at;
	size_t bytes;
	const struct index_header *header;
};

/* ---- opening ----------------------------------------------------------------------- */

static int check_sections(const struct index *index, struct error *err)
{
	for (size_t i = 0; i < INDEX_SECTIONS; i++) {
		const struct index_section *section = &index->header->sections[i];

		if (section->offset % 8 || section->offset > index->bytes ||
		    section->count >
			    (index->bytes - section->offset) / index_row_bytes[i])
			return error_set(err, ERROR_SYNTAX,
					 "section %zu lies outside the file", i);
	}
	return 0;
}

static int check_header(const struct index *index, struct error *err)
{
	const struct index_header *header = index->header;
	struct sha256 digest;

	if (index->bytes < sizeof *header || memcmp(header->magic, INDEX_MAGIC, 8) != 0)
		return error_set(err, ERROR_SYNTAX, "not a registry index");
	if (header->version != INDEX_VERSION || header->order != INDEX_ORDER)
		return error_set(err, ERROR_SYNTAX,
				 "made by another version or machine: build it again");
	digest = sha256_of(
		(struct slice){ index->at, offsetof(struct index_header, digest) });
	if (memcmp(digest.bytes, header->digest, sizeof header->digest) != 0 ||
	    header->file_bytes != index->bytes)
		return error_set(err, ERROR_SYNTAX,
				 "damaged or cut off: build it again");
	return check_sections(index, err);
}

int index_verify(const struct index *index, struct error *err)
{
	for (size_t i = 0; i < INDEX_SECTIONS; i++) {
		const struct index_section *section = &index->header->sections[i];
		struct sha256 digest = sha256_of(
			(struct slice){ index->at + section->offset,
					section->count * index_row_bytes[i] });

		if (memcmp(digest.bytes, section->digest, sizeof section->digest) != 0)
			return error_set(err, ERROR_SYNTAX,
					 "section %zu is damaged: build it again", i);
	}
	return 0;
}

static int map(struct index *index, const char *path, struct error *err)
{
	struct stat status;
	void *at;
	int fd;
	int result = -1;

	if (file_open_read(path, FILE_LINKS_FOLLOW, &fd, err) < 0)
		return -1;
	if (fstat(fd, &status) < 0) {
		error_system(err, errno, "'%s' cannot be read", path);
		goto close_fd;
	}
	if (!S_ISREG(status.st_mode) || status.st_size <= 0) {
		error_set(err, ERROR_SYNTAX, "not a registry index");
		goto close_fd;
	}
	at = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED) {
		error_system(err, errno, "'%s' cannot be mapped", path);
		goto close_fd;
	}
	index->at = at;
	index->bytes = (size_t)status.st_size;
	index->header = at;
	result = 0;
close_fd:
	close(fd);
	return result;
}

struct index *index_open(struct slice path, struct error *err)
{
	struct index *index = calloc(1, sizeof *index);
	struct arena *arena = arena_new();

	if (!index)
		abort();
	if (map(index, arena_cstr(arena, path), err) < 0 ||
	    check_header(index, err) < 0 ||
	    (index->bytes <= VERIFY_AT_OPEN_BYTES && index_verify(index, err) < 0)) {
		error_context(err, "registry index '" SLICE_FMT "'", SLICE_ARG(path));
		index_close(index);
		index = NULL;
	}
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

/* ---- rows, every reference checked -------------------------------------------------- */

static size_t row_count(const struct index *index, enum index_section_id id)
{
	return index->header->sections[id].count;
}

static const void *row_at(const struct index *index, enum index_section_id id, size_t i)
{
	if (i >= row_count(index, id))
		return NULL;
	return index->at + index->header->sections[id].offset + i * index_row_bytes[id];
}

static struct slice string_at(const struct index *index, uint32_t offset)
{
	size_t room = row_count(index, INDEX_STRINGS);
	const char *pool = index->at + index->header->sections[INDEX_STRINGS].offset;
	uint16_t len;

	if (room < sizeof len || offset > room - sizeof len)
		return slice_of(NULL);
	memcpy(&len, pool + offset, sizeof len);
	if (len > room - sizeof len - offset)
		return slice_of(NULL);
	return (struct slice){ pool + offset + sizeof len, len };
}

static uint64_t number_of(const uint8_t *bytes, size_t count)
{
	uint64_t number = 0;

	for (size_t i = 0; i < count; i++)
		number = number << 8 | bytes[i];
	return number;
}

static bool is_after(const struct index *index, enum index_section_id id, size_t i,
		     const struct address *address)
{
	const struct index_segment6 *wide;
	uint64_t high;

	if (address->family == FAMILY_IPV4) {
		const struct index_segment4 *segment = row_at(index, id, i);

		return !segment || segment->start > number_of(address->bytes, 4);
	}
	wide = row_at(index, id, i);
	if (!wide)
		return true;
	high = number_of(address->bytes, 8);
	return wide->high > high ||
	       (wide->high == high && wide->low > number_of(address->bytes + 8, 8));
}

static struct range range_of_block(const struct index_block *block)
{
	struct range range = { { .family = block->family },
			       { .family = block->family } };

	memcpy(range.first.bytes, block->first, sizeof block->first);
	memcpy(range.last.bytes, block->last, sizeof block->last);
	return range;
}

static const struct index_block *block_of_segment(const struct index *index,
						  enum index_section_id id, size_t i,
						  uint8_t family)
{
	const struct index_segment4 *narrow =
		family == FAMILY_IPV4 ? row_at(index, id, i) : NULL;
	const struct index_segment6 *wide =
		family == FAMILY_IPV6 ? row_at(index, id, i) : NULL;

	if (narrow)
		return row_at(index, INDEX_BLOCKS, narrow->block);
	return wide ? row_at(index, INDEX_BLOCKS, wide->block) : NULL;
}

/* The block of the last segment that begins at or before the address. */
static const struct index_block *find_block(const struct index *index,
					    enum index_section_id id4,
					    const struct address *address)
{
	enum index_section_id id = address->family == FAMILY_IPV4 ? id4 : id4 + 1;
	size_t low = 0;
	size_t high = row_count(index, id);
	const struct index_block *block;
	struct range range;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_after(index, id, middle, address))
			high = middle;
		else
			low = middle + 1;
	}
	if (low == 0)
		return NULL;
	block = block_of_segment(index, id, low - 1, address->family);
	if (!block || block->family != address->family)
		return NULL;
	range = range_of_block(block);
	return range_contains(&range, address) ? block : NULL;
}

static struct index_source source_of(const struct index *index,
				     const struct index_block *block)
{
	return block->source < row_count(index, INDEX_SOURCES)
		       ? index_source_at(index, block->source)
		       : (struct index_source){ 0 };
}

/* ---- the reading ------------------------------------------------------------------- */

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

/* As the database writes its key: "first - last", a prefix for IPv6. */
static struct slice handle_of(const struct index *index, struct arena *arena,
			      const struct index_block *block)
{
	struct range range = range_of_block(block);

	if (block->handle)
		return arena_copy(arena, string_at(index, block->handle));
	if (block->family == FAMILY_IPV6)
		return arena_printf(arena, "%s", range_format(&range).text);
	return arena_printf(arena, "%s - %s", address_format(&range.first).text,
			    address_format(&range.last).text);
}

static void read_network(const struct index *index, struct arena *arena,
			 const struct index_block *block, struct index_hit *out)
{
	struct index_source source = source_of(index, block);
	const struct index_source_row *row =
		row_at(index, INDEX_SOURCES, block->source);

	out->range = range_of_block(block);
	out->handle = handle_of(index, arena, block);
	out->name = arena_copy(arena, string_at(index, block->name));
	out->organisation = arena_copy(arena, string_at(index, block->organisation));
	out->registry = arena_copy(arena, source.registry);
	out->dated_at = source.dated_at;
	out->found_in = arena_printf(arena, "%s %s of %s", long_name(source.registry),
				     row && row->statistics ? "statistics" : "dump",
				     time_format(source.dated_at, TIME_DATE).text);
	if (block->country[0])
		out->country = arena_copy(arena, (struct slice){ block->country, 2 });
}

static void read_contacts(const struct index *index, struct arena *arena,
			  const struct index_block *block, size_t level,
			  struct index_hit *out)
{
	struct index_source source = source_of(index, block);

	for (size_t i = 0; i < block->contact_count; i++) {
		const struct index_contact *row =
			row_at(index, INDEX_CONTACTS, block->contacts + i);

		if (!row || row->role > INDEX_TECHNICAL || row->whose > INDEX_ABOVE)
			return;
		*LIST_ADD(arena, &out->mailboxes) = (struct index_mailbox){
			.address = arena_copy(arena, string_at(index, row->address)),
			.whose = level ? INDEX_ABOVE : (enum index_whose)row->whose,
			.role = (enum index_role)row->role,
			.dump = arena_copy(arena, source.name),
			.object = row->object
					  ? arena_copy(arena,
						       string_at(index, row->object))
					  : handle_of(index, arena, block),
			.range = range_of_block(block),
			.confidence = row->percent / 100.0 - 0.05 * (double)level,
			.dated_at = source.dated_at,
			.suspect = row->suspect != 0,
		};
	}
}

/* The block's own contacts, then those above it, which stay as the fallback. */
static void climb(const struct index *index, struct arena *arena,
		  const struct index_block *block, struct index_hit *out)
{
	for (size_t level = 0; block && level < PARENTS_MAX; level++) {
		read_contacts(index, arena, block, level, out);
		if (block->flags & INDEX_STOPS)
			return;
		block = block->parent == INDEX_NONE
				? NULL
				: row_at(index, INDEX_BLOCKS, block->parent);
	}
}

/* What the statistics add: who holds the space where the database is silent. */
static void read_statistics(const struct index *index, struct arena *arena,
			    const struct index_block *block, struct index_hit *out)
{
	struct slice holder = string_at(index, block->handle);
	const struct registry *national = registry_of_opaque_id(holder);

	if (national)
		out->national = slice_of(national->name);
	if (out->range.first.family == FAMILY_NONE)
		read_network(index, arena, block, out);
	else if (out->country.len == 0 && block->country[0])
		out->country = arena_copy(arena, (struct slice){ block->country, 2 });
}

/* The AS of the most specific route; several where several announce it. */
static void read_origins(const struct index *index, struct arena *arena,
			 const struct index_block *block, struct index_hit *out)
{
	struct range range = range_of_block(block);

	for (size_t level = 0; block && level < PARENTS_MAX; level++) {
		struct range outer = range_of_block(block);

		if (!range_equal(&outer, &range))
			return;
		*LIST_ADD(arena, &out->origins) = block->origin;
		block = row_at(index, INDEX_BLOCKS, block->parent);
	}
}

bool index_find(const struct index *index, struct arena *arena,
		const struct address *about, struct index_hit *out)
{
	const struct index_block *block;

	*out = (struct index_hit){ 0 };
	if (about->family == FAMILY_NONE)
		return false;
	block = find_block(index, INDEX_OBJECTS4, about);
	if (block) {
		read_network(index, arena, block, out);
		climb(index, arena, block, out);
	}
	block = find_block(index, INDEX_STATISTICS4, about);
	if (block)
		read_statistics(index, arena, block, out);
	block = find_block(index, INDEX_ROUTES4, about);
	if (block)
		read_origins(index, arena, block, out);
	return out->range.first.family != FAMILY_NONE || out->origins.count;
}

size_t index_source_count(const struct index *index)
{
	return row_count(index, INDEX_SOURCES);
}

struct index_source index_source_at(const struct index *index, size_t i)
{
	const struct index_source_row *row = row_at(index, INDEX_SOURCES, i);

	assert(row);
	return (struct index_source){ string_at(index, row->name),
				      string_at(index, row->registry), row->dated_at,
				      row->objects };
}

int64_t index_built_at(const struct index *index)
{
	return index->header->built_at;
}
