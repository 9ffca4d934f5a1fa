/* The index file with right checksums, so that only the checks of references stand. */
#include "registry/index_map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct sha256 digest_of(const char *at, size_t count)
{
	return sha256_of((struct slice){ at, count });
}

static void seal(char *at, size_t size)
{
	struct index_header header;
	struct sha256 digest;

	memcpy(&header, at, sizeof header);
	header.file_bytes = size;
	for (size_t i = 0; i < INDEX_SECTIONS; i++) {
		struct index_section *section = &header.sections[i];

		if (section->offset > size ||
		    section->count > (size - section->offset) / index_row_bytes(i))
			continue;
		digest = digest_of(at + section->offset,
				   section->count * index_row_bytes(i));
		memcpy(section->digest, digest.bytes, sizeof digest.bytes);
	}
	digest =
		digest_of((const char *)&header, offsetof(struct index_header, digest));
	memcpy(header.digest, digest.bytes, sizeof digest.bytes);
	memcpy(at, &header, sizeof header);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const struct address about[] = {
		{ .family = FAMILY_IPV4, .bytes = { 203, 0, 113, 77 } },
		{ .family = FAMILY_IPV4, .bytes = { 192, 0, 2, 9 } },
		{ .family = FAMILY_IPV6, .bytes = { 0x20, 1, 0xd, 0xb8, 0, 7 } },
	};
	struct arena *arena = arena_new();
	int fd = memfd_create("index", MFD_CLOEXEC);
	char *copy = malloc(size + 1);
	struct index *index = NULL;
	struct index_hit hit;
	struct error err;
	struct stat status;

	memcpy(copy, bytes, size);
	if (size >= sizeof(struct index_header))
		seal(copy, size);
	if (fd >= 0 && write(fd, copy, size) == (ssize_t)size)
		index = index_map(
			arena_cstr(arena, arena_printf(arena, "/proc/self/fd/%d", fd)),
			&status, &err);
	for (size_t i = 0; i < COUNT_OF(about) && index; i++) {
		(void)index_find(index, arena, &about[i], &hit);
		(void)index_seek(index, &about[i]);
	}
	if (index && index_find_number(index, arena, 64500, &hit) &&
	    index_verify(index, &err) == 0)
		assert(hit.handle.len);
	for (size_t i = 0; index && i < index_source_count(index) && i < 100; i++)
		(void)index_source_at(index, i);
	index_close(index);
	close(fd);
	free(copy);
	arena_free(arena);
	return 0;
}
