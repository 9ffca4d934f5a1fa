#include "registry/index_builder.h"

#include "os/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A table of 2^21 entries is 8 MiB, which mostly stays in the processor's cache. */
enum { BLOCK_BYTES = 1 << 20, TABLE_BITS_MAX = 21 };

struct writer {
	struct file_draft file;
	struct index_header header;
	struct buffer out; /* not written yet */
	uint64_t at; /* of the next byte */
	struct error *err;
	bool failed; /* sticky; err says why */
};

static void flush(struct writer *writer)
{
	if (!writer->failed &&
	    file_write_all(writer->file.fd, writer->file.path,
			   buffer_slice(&writer->out), writer->err) < 0)
		writer->failed = true;
	buffer_reset(&writer->out);
}

static void put(struct writer *writer, struct slice bytes)
{
	while (bytes.len) {
		struct slice part = slice_cut(bytes, 0, BLOCK_BYTES);

		if (writer->out.len + part.len > BLOCK_BYTES)
			flush(writer);
		buffer_add(&writer->out, part);
		writer->at += part.len;
		bytes = slice_from(bytes, part.len);
	}
}

static void begin(struct writer *writer, size_t section, size_t count)
{
	static const char zeros[8];

	put(writer, (struct slice){ zeros, (8 - writer->at % 8) % 8 });
	writer->header.sections[section].offset = writer->at;
	writer->header.sections[section].count = count;
}

static void put_section(struct writer *writer, size_t section, const void *rows,
			size_t count)
{
	begin(writer, section, count);
	put(writer, (struct slice){ rows, count * index_row_bytes(section) });
}

static void put_blocks(struct writer *writer, const struct index_builder *builder,
		       enum index_layer layer, const struct index_flat *flat)
{
	const struct index_drafts *drafts = &builder->layers[layer];
	bool refers = layer == INDEX_OBJECTS4 || layer == INDEX_OBJECTS6 ||
		      layer == INDEX_NUMBERS;

	begin(writer, index_section_of(layer, INDEX_BLOCKS), drafts->count);
	for (size_t i = 0; i < drafts->count; i++) {
		const struct index_draft *draft = &drafts->at[drafts->order[i]];
		struct index_block block = { .parent = flat->parents[i],
					     .name = draft->name,
					     .organisation = draft->organisation,
					     .value = draft->value,
					     .source = draft->source,
					     .flags = draft->flags };
		struct index_reference reference;

		memcpy(block.country, draft->country, sizeof block.country);
		if (refers && draft->value) {
			memcpy(&reference,
			       pool_at(&builder->references, draft->value).at,
			       sizeof reference);
			block.value = reference.set;
			block.flags |= (uint8_t)reference.flags;
			if (reference.name)
				block.organisation = reference.name;
		}
		put(writer, (struct slice){ (const char *)&block, sizeof block });
	}
}

static void put_bounds(struct writer *writer, const struct index_drafts *drafts,
		       enum index_layer layer)
{
	bool wide = index_layer_is_wide(layer);
	size_t section = index_section_of(layer, INDEX_BOUNDS);
	size_t bytes = index_row_bytes(section);

	begin(writer, section, drafts->count);
	for (size_t i = 0; i < drafts->count; i++) {
		uint32_t at = drafts->order[i];
		const void *row = wide ? (const void *)&drafts->wide.at[at]
				       : (const void *)&drafts->narrow.at[at];

		put(writer, (struct slice){ row, bytes });
	}
}

static void put_segments(struct writer *writer, const struct index_segments *segments,
			 enum index_layer layer)
{
	size_t section = index_section_of(layer, INDEX_SEGMENTS);

	if (index_layer_is_wide(layer)) {
		put_section(writer, section, segments->at, segments->count);
		return;
	}
	begin(writer, section, segments->count);
	for (size_t i = 0; i < segments->count; i++) {
		struct index_segment4 narrow = { (uint32_t)segments->at[i].low,
						 segments->at[i].block };

		put(writer, (struct slice){ (const char *)&narrow, sizeof narrow });
	}
}

/* About a segment an entry. */
static unsigned table_bits(size_t segments)
{
	unsigned bits = 4;

	while (bits < TABLE_BITS_MAX && (size_t)1 << bits < segments)
		bits++;
	return bits;
}

static void put_table(struct writer *writer, const struct index_segments *segments,
		      enum index_layer layer)
{
	unsigned bits = table_bits(segments->count);
	size_t count = ((size_t)1 << bits) + 1;
	size_t section = index_section_of(layer, INDEX_TABLE);
	uint32_t before = 0;

	if (index_layer_is_wide(layer) || segments->count == 0) {
		put_section(writer, section, NULL, 0);
		return;
	}
	begin(writer, section, count);
	for (size_t i = 0; i < count; i++) {
		uint64_t start = (uint64_t)i << (32 - bits);

		while (before < segments->count && segments->at[before].low < start)
			before++;
		put(writer, (struct slice){ (const char *)&before, sizeof before });
	}
}

static void put_layer(struct writer *writer, struct index_builder *builder,
		      enum index_layer layer)
{
	struct index_drafts *drafts = &builder->layers[layer];
	struct index_flat flat;

	index_sort(drafts);
	index_flatten(drafts, &flat);
	put_blocks(writer, builder, layer, &flat);
	put_bounds(writer, drafts, layer);
	put_segments(writer, &flat.segments, layer);
	put_table(writer, &flat.segments, layer);
	builder->counts->ranges += flat.segments.count;
	builder->overlapping += flat.overlapping;
	index_flat_clear(&flat);
	index_drafts_clear(drafts);
}

static void put_pool(struct writer *writer, const struct pool *pool, size_t section)
{
	struct slice bytes = buffer_slice(&pool->text);

	put_section(writer, section, bytes.at, bytes.len);
}

/* The checksums, over what really stands in the file, then the header. */
static int seal(struct writer *writer, struct error *err)
{
	struct index_header *header = &writer->header;
	const struct file_draft *file = &writer->file;
	const char *at = mmap(NULL, writer->at, PROT_READ, MAP_SHARED, file->fd, 0);
	struct sha256 digest;

	if (at == MAP_FAILED)
		return error_system(err, errno, "cannot read '%s' again", file->path);
	for (size_t i = 0; i < INDEX_SECTIONS; i++) {
		struct index_section *section = &header->sections[i];

		digest = sha256_of((struct slice){
			at + section->offset, section->count * index_row_bytes(i) });
		memcpy(section->digest, digest.bytes, sizeof digest.bytes);
		(void)madvise((void *)(uintptr_t)at, writer->at, MADV_DONTNEED);
	}
	munmap((void *)(uintptr_t)at, writer->at);
	header->file_bytes = writer->at;
	digest = sha256_of((struct slice){ (const char *)header,
					   offsetof(struct index_header, digest) });
	memcpy(header->digest, digest.bytes, sizeof header->digest);
	if (lseek(file->fd, 0, SEEK_SET) != 0)
		return error_system(err, errno, "cannot write '%s'", file->path);
	return file_write_all(file->fd, file->path,
			      (struct slice){ (const char *)header, sizeof *header },
			      err);
}

int index_write(struct index_builder *builder, const char *path, struct error *err)
{
	struct writer writer = { .header = { .version = INDEX_VERSION,
					     .order = INDEX_ORDER,
					     .built_at = builder->now },
				 .err = err };

	if (file_draft_open(&writer.file, path, 0644, err) < 0)
		return -1;
	buffer_init(&writer.out, BLOCK_BYTES);
	memcpy(writer.header.magic, INDEX_MAGIC, sizeof writer.header.magic);
	put(&writer,
	    (struct slice){ (const char *)&writer.header, sizeof writer.header });
	put_section(&writer, INDEX_SOURCES, builder->sources.at,
		    builder->sources.count);
	/* what stands in the file is needed no more: its memory is for the layers */
	put_pool(&writer, &builder->strings, INDEX_STRINGS);
	pool_clear(&builder->strings);
	put_pool(&writer, &builder->sets, INDEX_SETS);
	pool_clear(&builder->handles);
	for (size_t i = 0; i < INDEX_LAYERS; i++)
		put_layer(&writer, builder, (enum index_layer)i);
	flush(&writer);
	buffer_clear(&writer.out);
	if (writer.failed || seal(&writer, err) < 0) {
		file_draft_drop(&writer.file);
		return -1;
	}
	return file_draft_commit(&writer.file, err);
}
