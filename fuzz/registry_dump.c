/* Dumps of registries: the first byte picks a database or a statistics file. */
#include "registry/index_builder.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct index_counts counts = { 0 };
	struct arena *arena = arena_new();
	struct index_builder builder;
	int fd = memfd_create("dump", MFD_CLOEXEC);
	struct slice path = arena_printf(arena, "/proc/self/fd/%d", fd);
	struct index_file file = { .path = slice_of(arena_cstr(arena, path)),
				   .name = S("dump") };
	struct index_flat flat;
	struct error err;
	int result = -1;

	index_builder_init(&builder, arena, &counts);
	file.registry = registry_named(size && bytes[0] & 2 ? S("apnic") : S("ripe"));
	if (size && write(fd, bytes + 1, size - 1) == (ssize_t)size - 1)
		result = bytes[0] & 1 ? index_read_statistics(&builder, &file, &err)
				      : index_read_database(&builder, &file, &err);
	index_resolve(&builder);
	for (size_t i = 0; i < INDEX_LAYERS; i++) {
		index_sort(&builder.layers[i]);
		index_flatten(&builder.layers[i], &flat);
		index_flat_clear(&flat);
	}
	close(fd);
	index_builder_clear(&builder);
	arena_free(arena);
	return result > 0;
}
