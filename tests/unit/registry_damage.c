/* Every way in which the file of the index can be damaged (contacts.md S31): each is
 * refused in words, and none of them is followed out of the file.                     */
#include "check.h"
#include "registry/index_format.h"
#include "registry/index.h"
#include "scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char nets[] = "role:           Desk\n"
			   "abuse-mailbox:  abuse@river.example\n"
			   "nic-hdl:        AR1-RIPE\n"
			   "\n"
			   "inetnum:        198.51.100.0 - 198.51.100.255\n"
			   "netname:        RIVER-NET\n"
			   "abuse-c:        AR1-RIPE\n"
			   "\n"
			   "inetnum:        198.51.100.64 - 198.51.100.95\n"
			   "netname:        CUSTOMER\n"
			   "\n"
			   "inet6num:       2001:db8::/32\n"
			   "netname:        RIVER-SIX\n";

struct made {
	struct scratch scratch;
	char path[400];
	char *bytes;
	size_t count;
};

static struct made make(void)
{
	static const struct clock clock = { .fixed = INT64_C(1795219200) * SECOND_US,
					    .is_fixed = true };
	struct made made = { .scratch = scratch_new() };
	struct arena *arena = arena_new();
	struct index_counts counts;
	struct error err = { 0 };
	char note[420];
	FILE *file;

	scratch_write(&made.scratch, "dumps/ripe.db", nets);
	snprintf(made.path, sizeof made.path, SLICE_FMT,
		 SLICE_ARG(scratch_path(&made.scratch, "index")));
	CHECK_INT(index_build(arena, scratch_path(&made.scratch, "dumps"),
			      slice_of(made.path), &clock, &counts, &err),
		  0);
	CHECK_TEXT(err.text, "");
	/* rewritten within one tick of the clock it would be the file of the note */
	snprintf(note, sizeof note, "%s.verified", made.path);
	CHECK_INT(unlink(note), 0);
	made.bytes = calloc(1, 1 << 16);
	file = fopen(made.path, "rb");
	made.count = fread(made.bytes, 1, 1 << 16, file);
	fclose(file);
	CHECK(made.count > sizeof(struct index_header) && made.count < 1 << 16);
	arena_free(arena);
	return made;
}

static void clear(struct made *made)
{
	free(made->bytes);
	scratch_free(&made->scratch);
}

static struct index_header *header_of(struct made *made)
{
	return (struct index_header *)(void *)made->bytes;
}

static void *rows_of(struct made *made, size_t section)
{
	return made->bytes + header_of(made)->sections[section].offset;
}

/* Right checksums, so that only what stands below them is wrong. */
static void seal(struct made *made)
{
	struct index_header *header = header_of(made);
	struct sha256 digest;

	for (size_t i = 0; i < INDEX_SECTIONS; i++) {
		struct index_section *section = &header->sections[i];

		if (section->offset > made->count ||
		    section->count * index_row_bytes(i) > made->count - section->offset)
			continue;
		digest = sha256_of(
			(struct slice){ made->bytes + section->offset,
					section->count * index_row_bytes(i) });
		memcpy(section->digest, digest.bytes, sizeof digest.bytes);
	}
	digest = sha256_of(
		(struct slice){ made->bytes, offsetof(struct index_header, digest) });
	memcpy(header->digest, digest.bytes, sizeof header->digest);
}

static void put(const struct made *made, size_t count)
{
	FILE *file = fopen(made->path, "wb");

	CHECK_INT(fwrite(made->bytes, 1, count, file), count);
	CHECK_INT(fclose(file), 0);
}

static void refused(const struct made *made, const char *words)
{
	struct error err = { 0 };
	struct index *index = index_open(slice_of(made->path), &err);

	CHECK(index == NULL);
	if (!CHECK(slice_find(slice_of(err.text), slice_of(words)) >= 0))
		CHECK_TEXT(err.text, words);
	CHECK(slice_find(slice_of(err.text), slice_of(made->path)) >= 0);
	index_close(index);
}

static void cut_off(void)
{
	static const size_t left[] = { 1, 9, 600, 1600 };
	struct made made = make();

	for (size_t i = 0; i < COUNT_OF(left); i++) {
		put(&made, left[i]);
		refused(&made, left[i] < 8 ? "not a registry index" : "cut off");
	}
	put(&made, made.count - 1);
	refused(&made, "cut off");
	put(&made, 0);
	refused(&made, "not a registry index");
	clear(&made);
}

static void of_another_kind(void)
{
	struct made made = make();

	made.bytes[0] ^= 1;
	put(&made, made.count);
	refused(&made, "not a registry index");
	clear(&made);
}

static void of_another_version(void)
{
	struct made made = make();

	header_of(&made)->version = INDEX_VERSION + 1;
	seal(&made);
	put(&made, made.count);
	refused(&made, "made by another version of tipoff: build it again");
	clear(&made);
}

static void of_another_byte_order(void)
{
	struct made made = make();

	header_of(&made)->order = 0x04030201;
	seal(&made);
	put(&made, made.count);
	refused(&made, "byte order: build it again");
	clear(&made);
}

static void with_offsets_outside(void)
{
	for (size_t i = 0; i < INDEX_SECTIONS; i++) {
		struct made made = make();
		struct index_section *section = &header_of(&made)->sections[i];

		if (i % 2)
			section->offset = UINT64_MAX - 7;
		else
			section->count = UINT64_MAX / 2;
		seal(&made);
		put(&made, made.count);
		refused(&made, "it lies outside the file");
		clear(&made);
	}
}

static void with_ranges_out_of_order(void)
{
	struct made made = make();
	struct index_segment4 *segments =
		rows_of(&made, index_section_of(INDEX_OBJECTS4, INDEX_SEGMENTS));

	segments[1].start = segments[2].start;
	seal(&made);
	put(&made, made.count);
	refused(&made, "segments of IPv4 objects: not in order");
	clear(&made);
}

static void with_a_table_that_leads_outside(void)
{
	struct made made = make();
	uint32_t *table = rows_of(&made, index_section_of(INDEX_OBJECTS4, INDEX_TABLE));

	table[16] = 4000000;
	seal(&made);
	put(&made, made.count);
	refused(&made, "table of IPv4 objects: not in order");
	clear(&made);
}

static void with_a_block_above_itself(void)
{
	struct made made = make();
	struct index_block *blocks =
		rows_of(&made, index_section_of(INDEX_OBJECTS4, INDEX_BLOCKS));

	blocks[0].parent = 1;
	seal(&made);
	put(&made, made.count);
	refused(&made, "parents that are none");
	clear(&made);
}

static void with_giant_texts(void)
{
	struct made made = make();
	uint8_t *texts = rows_of(&made, INDEX_STRINGS);

	texts[2] = texts[3] = 0xff;
	seal(&made);
	put(&made, made.count);
	refused(&made, "texts: longer than there is room");
	clear(&made);
}

static void with_a_wrong_checksum(void)
{
	for (size_t i = 0; i < INDEX_SECTIONS; i++) {
		struct made made = make();
		const struct index_section *section = &header_of(&made)->sections[i];

		if (section->count) {
			made.bytes[section->offset] ^= 1;
			put(&made, made.count);
			refused(&made, "wrong checksum");
		}
		clear(&made);
	}
}

/* A mapped file is never touched, and its name on another one is another file: that one
 * is looked through, whatever the note says of the first.                             */
static void replaced_while_mapped(void)
{
	struct made made = make();
	struct error err = { 0 };
	struct index *index = index_open(slice_of(made.path), &err);
	struct arena *arena = arena_new();
	struct address about;
	struct index_hit hit;
	char beside[400];

	CHECK(index != NULL);
	snprintf(beside, sizeof beside, "%s", made.path);
	snprintf(made.path + strlen(made.path), 8, ".other");
	made.bytes[header_of(&made)->sections[INDEX_STRINGS].offset + 5] ^= 1;
	put(&made, made.count);
	CHECK_INT(rename(made.path, beside), 0);
	snprintf(made.path, sizeof made.path, "%s", beside);
	CHECK_INT(address_parse(S("198.51.100.70"), &about), 0);
	CHECK(index_find(index, arena, &about, &hit));
	CHECK_SLICE(hit.name, S("CUSTOMER"));
	CHECK_INT(hit.mailboxes.count, 1);
	refused(&made, "texts: wrong checksum");
	index_close(index);
	arena_free(arena);
	clear(&made);
}

/* Looked through once: the note beside it names the file, and no other. */
static void verified_once(void)
{
	struct made made = make();
	struct error err = { 0 };
	char note[420];

	snprintf(note, sizeof note, "%s.verified", made.path);
	CHECK(access(note, F_OK) != 0);
	index_close(index_open(slice_of(made.path), &err));
	CHECK_TEXT(err.text, "");
	CHECK_INT(access(note, F_OK), 0);
	made.bytes[header_of(&made)->sections[INDEX_STRINGS].offset + 5] ^= 1;
	CHECK_INT(unlink(made.path), 0);
	put(&made, made.count);
	refused(&made, "wrong checksum");
	clear(&made);
}

int main(void)
{
	return CHECK_RUN(TEST(cut_off), TEST(of_another_kind), TEST(of_another_version),
			 TEST(of_another_byte_order), TEST(with_offsets_outside),
			 TEST(with_ranges_out_of_order),
			 TEST(with_a_table_that_leads_outside),
			 TEST(with_a_block_above_itself), TEST(with_giant_texts),
			 TEST(with_a_wrong_checksum), TEST(replaced_while_mapped),
			 TEST(verified_once));
}
