#include "os/file.h"
#include "registry/index_builder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Names of dumps as the registries publish them, compressed or not. */
static const struct {
	const char *prefix, *registry;
	bool statistics;
} known_files[] = {
	{ "ripe.db", "ripe", false },
	{ "ripe-nonauth.db", "ripe", false },
	{ "apnic.db", "apnic", false },
	{ "afrinic.db", "afrinic", false },
	{ "lacnic.db", "lacnic", false },
	{ "delegated-ripencc", "ripe", true },
	{ "delegated-apnic", "apnic", true },
	{ "delegated-arin", "arin", true },
	{ "delegated-lacnic", "lacnic", true },
	{ "delegated-afrinic", "afrinic", true },
};

static void note(struct index_builder *builder, struct slice name, const char *why)
{
	*LIST_ADD(builder->arena, &builder->counts->notes) = arena_printf(
		builder->arena, "'" SLICE_FMT "': %s", SLICE_ARG(name), why);
}

static bool recognise(struct index_file *file)
{
	static const char *const beside[] = { ".md5", ".asc", ".sha256",
					      ".CURRENTSERIAL" };

	for (size_t i = 0; i < COUNT_OF(beside); i++)
		if (slice_ends(file->name, slice_of(beside[i])))
			return false;
	for (size_t i = 0; i < COUNT_OF(known_files); i++)
		if (slice_starts(file->name, slice_of(known_files[i].prefix))) {
			file->registry =
				registry_named(slice_of(known_files[i].registry));
			file->statistics = known_files[i].statistics;
			return true;
		}
	return false;
}

uint16_t index_add_source(struct index_builder *builder, const struct index_file *file,
			  int64_t dated_at)
{
	*LIST_ADD(builder->arena, &builder->sources) = (struct index_source_row){
		.name = pool_add(&builder->strings, file->name),
		.registry = pool_add(&builder->strings, slice_of(file->registry->name)),
		.dated_at = dated_at,
	};
	return (uint16_t)(builder->sources.count - 1);
}

/* A file that cannot be read is told of and left out: the others still help. */
static void read_file(struct index_builder *builder, struct slice folder,
		      struct slice name)
{
	struct index_file file = { .name = arena_copy(builder->arena, name) };
	struct error err;
	struct stat status;

	file.path = slice_of(arena_cstr(
		builder->arena, arena_printf(builder->arena, SLICE_FMT "/" SLICE_FMT,
					     SLICE_ARG(folder), SLICE_ARG(name))));
	if (stat(file.path.at, &status) < 0 || !S_ISREG(status.st_mode))
		return;
	if (!recognise(&file)) {
		note(builder, name, "left out: no dump that is known by this name");
		return;
	}
	if (builder->sources.count == UINT16_MAX)
		return;
	/* a dump cannot be from later than now, whatever a copy did to its date */
	file.modified_at = (int64_t)status.st_mtim.tv_sec * SECOND_US;
	if (file.modified_at > builder->now)
		file.modified_at = builder->now;
	error_clear(&err);
	if ((file.statistics ? index_read_statistics(builder, &file, &err)
			     : index_read_database(builder, &file, &err)) < 0)
		note(builder, name, err.text);
	builder->counts->files++;
}

static int read_folder(struct index_builder *builder, struct slice folder,
		       struct error *err)
{
	struct dirent **entries;
	int count =
		scandir(arena_cstr(builder->arena, folder), &entries, NULL, alphasort);

	if (count < 0)
		return error_system(err, errno,
				    "the folder of registry dumps '" SLICE_FMT
				    "' cannot be read",
				    SLICE_ARG(folder));
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.')
			read_file(builder, folder, slice_of(entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	return 0;
}

/* ---- writing ----------------------------------------------------------------------- */

struct writer {
	struct index_header header;
	struct buffer out;
};

static void add_section(struct writer *writer, enum index_section_id id,
			const void *rows, size_t count)
{
	struct slice bytes = { rows, count * index_row_bytes[id] };
	struct sha256 digest = sha256_of(bytes);
	struct index_section *section = &writer->header.sections[id];

	while (writer->out.len % 8)
		buffer_add_byte(&writer->out, '\0');
	section->offset = writer->out.len;
	section->count = count;
	memcpy(section->digest, digest.bytes, sizeof section->digest);
	buffer_add(&writer->out, bytes);
}

static void add_segments(struct writer *writer, struct index_builder *builder,
			 struct index_drafts *drafts, size_t first_block,
			 enum index_section_id id4)
{
	struct index_segments segments;
	struct index_segment4 *narrow;

	index_flatten(builder, drafts, first_block, FAMILY_IPV4, &segments);
	narrow = ARENA_ARRAY(builder->arena, struct index_segment4, segments.count + 1);
	for (size_t i = 0; i < segments.count; i++)
		narrow[i] = (struct index_segment4){ (uint32_t)segments.at[i].low,
						     segments.at[i].block };
	add_section(writer, id4, narrow, segments.count);
	builder->counts->ranges += segments.count;
	index_flatten(builder, drafts, first_block, FAMILY_IPV6, &segments);
	add_section(writer, id4 + 1, segments.at, segments.count);
	builder->counts->ranges += segments.count;
}

static int finish(struct writer *writer, const char *path, struct error *err)
{
	struct index_header *header = &writer->header;
	struct sha256 digest;

	if (writer->out.failed)
		return error_set(err, ERROR_LIMIT, "the registry index is too large");
	header->file_bytes = writer->out.len;
	digest = sha256_of((struct slice){ (const char *)header,
					   offsetof(struct index_header, digest) });
	memcpy(header->digest, digest.bytes, sizeof header->digest);
	memcpy(writer->out.at, header, sizeof *header);
	return file_write(path, FILE_REPLACE, 0644, buffer_slice(&writer->out), err);
}

static int write_index(struct index_builder *builder, const char *path,
		       int64_t built_at, struct error *err)
{
	struct writer writer = { .header = { .magic = INDEX_MAGIC,
					     .version = INDEX_VERSION,
					     .order = INDEX_ORDER,
					     .built_at = built_at } };
	size_t statistics = builder->objects.count;
	struct slice strings = buffer_slice(&builder->strings.text);
	int result;

	buffer_init(&writer.out, SIZE_MAX / 2);
	buffer_add(&writer.out, (struct slice){ (const char *)&writer.header,
						sizeof writer.header });
	add_section(&writer, INDEX_SOURCES, builder->sources.at,
		    builder->sources.count);
	add_section(&writer, INDEX_CONTACTS, builder->contacts.at,
		    builder->contacts.count);
	add_section(&writer, INDEX_STRINGS, strings.at, strings.len);
	add_segments(&writer, builder, &builder->objects, 0, INDEX_OBJECTS4);
	add_segments(&writer, builder, &builder->statistics, statistics,
		     INDEX_STATISTICS4);
	add_segments(&writer, builder, &builder->routes,
		     statistics + builder->statistics.count, INDEX_ROUTES4);
	/* Last: flattening fills in the parents. */
	add_section(&writer, INDEX_BLOCKS, builder->blocks.at, builder->blocks.count);
	result = finish(&writer, path, err);
	buffer_clear(&writer.out);
	return result;
}

static int build(struct index_builder *builder, struct slice folder, struct slice path,
		 const struct clock *clock, struct error *err)
{
	if (read_folder(builder, folder, err) < 0)
		return -1;
	if (builder->sources.count == 0)
		return error_set(err, ERROR_NOT_FOUND,
				 "no registry dump in '" SLICE_FMT
				 "': files like ripe.db.inetnum.gz and "
				 "delegated-arin-extended-latest belong there",
				 SLICE_ARG(folder));
	index_sort(&builder->objects);
	index_sort(&builder->statistics);
	index_sort(&builder->routes);
	index_resolve(builder);
	builder->counts->contacts = builder->contacts.count;
	if (write_index(builder, arena_cstr(builder->arena, path), clock_now(clock),
			err) < 0)
		return -1;
	builder->counts->skipped += builder->overlapping;
	if (builder->overlapping)
		note(builder, folder,
		     "some ranges overlap others only in part: left out");
	return 0;
}

int index_build(struct arena *arena, struct slice folder, struct slice path,
		const struct clock *clock, struct index_counts *out, struct error *err)
{
	struct index_counts counts = { 0 };
	struct index_builder builder = { .arena = arena,
					 .scratch = arena_new(),
					 .now = clock_now(clock),
					 .counts = &counts };
	int result;

	pool_init(&builder.strings);
	pool_init(&builder.handles);
	result = build(&builder, folder, path, clock, err);
	pool_clear(&builder.strings);
	pool_clear(&builder.handles);
	arena_free(builder.scratch);
	if (result == 0)
		*out = counts;
	return result;
}
