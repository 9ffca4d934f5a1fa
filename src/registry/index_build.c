#include "registry/index_builder.h"

#include "input/gzip.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { UNPACKED_TIMES = 100, UNPACKED_MIN = 256 << 20 };

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
	{ "arin.db", "arin", false },
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

void *rows_grow(void *at, size_t *room, size_t row_bytes)
{
	*room = *room ? 2 * *room : 64;
	at = reallocarray(at, *room, row_bytes);
	if (!at) {
		fputs("tipoff: out of memory\n", stderr);
		abort();
	}
	return at;
}

void index_builder_init(struct index_builder *builder, struct arena *arena,
			struct index_counts *counts)
{
	*builder = (struct index_builder){ .arena = arena,
					   .scratch = arena_new(),
					   .counts = counts };
	pool_init(&builder->strings);
	pool_init(&builder->handles);
	pool_init(&builder->references);
	pool_init(&builder->sets);
}

void index_drafts_clear(struct index_drafts *drafts)
{
	free(drafts->at);
	free(drafts->narrow.at);
	free(drafts->wide.at);
	free(drafts->order);
	*drafts = (struct index_drafts){ 0 };
}

void index_builder_clear(struct index_builder *builder)
{
	pool_clear(&builder->strings);
	pool_clear(&builder->handles);
	pool_clear(&builder->references);
	pool_clear(&builder->sets);
	for (size_t i = 0; i < INDEX_LAYERS; i++)
		index_drafts_clear(&builder->layers[i]);
	free(builder->sources.at);
	free(builder->holders.at);
	free(builder->mails.at);
	arena_free(builder->scratch);
}

struct index_mark index_mark(const struct index_builder *builder)
{
	struct index_mark mark = { .sources = builder->sources.count,
				   .holders = builder->holders.count,
				   .mails = builder->mails.count,
				   .objects = builder->counts->objects,
				   .skipped = builder->counts->skipped };

	for (size_t i = 0; i < INDEX_LAYERS; i++)
		mark.layers[i] = builder->layers[i].count;
	return mark;
}

void index_return_to(struct index_builder *builder, const struct index_mark *mark)
{
	builder->sources.count = mark->sources;
	builder->holders.count = mark->holders;
	builder->mails.count = mark->mails;
	builder->counts->objects = mark->objects;
	builder->counts->skipped = mark->skipped;
	for (size_t i = 0; i < INDEX_LAYERS; i++) {
		struct index_drafts *drafts = &builder->layers[i];

		drafts->count = mark->layers[i];
		if (drafts->narrow.count)
			drafts->narrow.count = drafts->count;
		else if (drafts->wide.count)
			drafts->wide.count = drafts->count;
	}
}

static uint64_t number_of(const uint8_t *bytes, size_t count)
{
	uint64_t number = 0;

	for (size_t i = 0; i < count; i++)
		number = number << 8 | bytes[i];
	return number;
}

void index_add_draft(struct index_builder *builder, enum index_layer layer,
		     const struct range *range, const struct index_draft *draft)
{
	const uint8_t *first = range->first.bytes, *last = range->last.bytes;
	struct index_drafts *drafts = &builder->layers[layer];

	if (range->first.family == FAMILY_IPV4) {
		*ROWS_ADD(&drafts->narrow) =
			(struct index_bounds4){ (uint32_t)number_of(first, 4),
						(uint32_t)number_of(last, 4) };
	} else {
		drafts = &builder->layers[layer + 1];
		*ROWS_ADD(&drafts->wide) = (struct index_bounds6){
			number_of(first, 8), number_of(first + 8, 8),
			number_of(last, 8), number_of(last + 8, 8)
		};
	}
	*ROWS_ADD(drafts) = *draft;
}

void index_add_numbers(struct index_builder *builder, uint32_t first, uint32_t last,
		       const struct index_draft *draft)
{
	struct index_drafts *drafts = &builder->layers[INDEX_NUMBERS];

	*ROWS_ADD(&drafts->narrow) = (struct index_bounds4){ first, last };
	*ROWS_ADD(drafts) = *draft;
}

uint16_t index_add_source(struct index_builder *builder, const struct index_file *file,
			  int64_t dated_at)
{
	*ROWS_ADD(&builder->sources) = (struct index_source_row){
		.name = pool_add(&builder->strings, file->name),
		.registry = pool_add(&builder->strings, slice_of(file->registry->name)),
		.dated_at = dated_at,
	};
	return (uint16_t)(builder->sources.count - 1);
}

/* Registries' texts pack to a tenth; a bomb packs to a thousandth. A damaged file is said
 * to be one when it is read.                                                           */
static int check_packing(const struct index_file *file, uint64_t packed,
			 struct error *err)
{
	uint64_t unpacked;

	if (!slice_ends(file->name, S(".gz")) ||
	    gzip_measure(file->path.at, UNPACKED_MIN + UNPACKED_TIMES * packed,
			 &unpacked, err) == 0 ||
	    err->kind == ERROR_SYNTAX)
		return 0;
	if (err->kind == ERROR_LIMIT)
		return error_set(err, ERROR_LIMIT,
				 "left out: it unpacks to far more than it should");
	return -1;
}

/* input/ speaks of logs where bytes are no text. */
static const char *reason(const struct error *err)
{
	return slice_find(slice_of(err->text), S(" log")) >= 0
		       ? "left out: it holds no text: fetch it again"
		       : err->text;
}

/* A file that cannot be read is told of and left out: the others still help. */
static void read_file(struct index_builder *builder, struct slice folder,
		      struct slice name)
{
	struct index_file file = { .name = arena_copy(builder->arena, name) };
	uint64_t before;
	struct error err;
	struct stat status;

	file.path = slice_of(arena_cstr(
		builder->arena, arena_printf(builder->arena, SLICE_FMT "/" SLICE_FMT,
					     SLICE_ARG(folder), SLICE_ARG(name))));
	/* IANA's tables may lie beside the dumps and have nothing for the index */
	if (stat(file.path.at, &status) < 0 || !S_ISREG(status.st_mode) ||
	    slice_ends(name, S(".csv")))
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
	before = builder->counts->objects + builder->counts->skipped;
	if (check_packing(&file, (uint64_t)status.st_size, &err) < 0 ||
	    (file.statistics ? index_read_statistics(builder, &file, &err)
			     : index_read_database(builder, &file, &err)) < 0)
		note(builder, name, reason(&err));
	else if (builder->counts->objects + builder->counts->skipped == before)
		note(builder, name, "there is no object in it");
	else
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
				    "' cannot be read ('tipoff registry update' makes "
				    "it and fetches them)",
				    SLICE_ARG(folder));
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.')
			read_file(builder, folder, slice_of(entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	return 0;
}

/* An index of nothing would take the place of one that knows something. */
static int check_any(const struct index_builder *builder, struct slice folder,
		     struct error *err)
{
	const struct slices *notes = &builder->counts->notes;

	for (size_t i = 0; i < INDEX_LAYERS; i++)
		if (builder->layers[i].count)
			return 0;
	if (notes->count)
		return error_set(err, ERROR_NOT_FOUND,
				 "no registry dump in '" SLICE_FMT
				 "' that holds anything, so that no index is made of "
				 "it: " SLICE_FMT "%s",
				 SLICE_ARG(folder), SLICE_ARG(notes->at[0]),
				 notes->count > 1 ? ", and more" : "");
	if (builder->sources.count)
		return error_set(err, ERROR_NOT_FOUND,
				 "the dumps in '" SLICE_FMT
				 "' hold no network, so that no index is made of them: "
				 "'tipoff registry update' fetches those that do",
				 SLICE_ARG(folder));
	return error_set(err, ERROR_NOT_FOUND,
			 "no registry dump in '" SLICE_FMT
			 "': 'tipoff registry update' fetches them, or put files "
			 "like ripe.db.inetnum.gz and "
			 "delegated-arin-extended-latest there",
			 SLICE_ARG(folder));
}

static int build(struct index_builder *builder, struct slice folder, struct slice path,
		 struct error *err)
{
	if (read_folder(builder, folder, err) < 0 ||
	    check_any(builder, folder, err) != 0)
		return -1;
	index_resolve(builder);
	if (index_write(builder, arena_cstr(builder->arena, path), err) < 0)
		return -1;
	builder->counts->skipped += builder->overlapping;
	if (builder->overlapping)
		note(builder, folder,
		     "some ranges overlap others only in part: left out");
	return 0;
}

/* What was written is read again, whole: a bad disk shows now. */
static int verify(struct slice path, struct error *err)
{
	struct index *index = index_open(path, err);

	if (!index)
		return error_context(err, "the index that was just built");
	index_close(index);
	return 0;
}

int index_build(struct arena *arena, struct slice folder, struct slice path,
		const struct clock *clock, struct index_counts *out, struct error *err)
{
	struct index_counts counts = { 0 };
	struct index_builder builder;
	int result;

	index_builder_init(&builder, arena, &counts);
	builder.now = clock_now(clock);
	result = build(&builder, folder, path, err);
	index_builder_clear(&builder);
	if (result == 0)
		result = verify(path, err);
	if (result == 0)
		*out = counts;
	return result;
}
