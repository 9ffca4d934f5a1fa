/* Dumps of registries: the first byte picks a database or a statistics file. */
#include "registry/index_builder.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct index_counts counts = { 0 };
	struct index_builder builder = { .arena = arena_new(),
					 .scratch = arena_new(),
					 .counts = &counts };
	int fd = memfd_create("dump", MFD_CLOEXEC);
	struct index_file file = { .path = arena_printf(builder.arena,
							"/proc/self/fd/%d", fd),
				   .name = S("dump"),
				   .registry = registry_named(S("ripe")) };
	struct index_segments segments;
	struct error err;
	int result = -1;

	pool_init(&builder.strings);
	pool_init(&builder.handles);
	file.path = slice_of(arena_cstr(builder.arena, file.path));
	if (size && write(fd, bytes + 1, size - 1) == (ssize_t)size - 1)
		result = bytes[0] % 2 ? index_read_statistics(&builder, &file, &err)
				      : index_read_database(&builder, &file, &err);
	index_sort(&builder.objects);
	index_resolve(&builder);
	index_flatten(&builder, &builder.objects, 0, FAMILY_IPV4, &segments);
	close(fd);
	pool_clear(&builder.strings);
	pool_clear(&builder.handles);
	arena_free(builder.scratch);
	arena_free(builder.arena);
	return result > 0;
}
