/* A dump as it was fetched: the first byte picks its kind, the rest is the file. */
#include "registry/received.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct source source = { .name = S("dump"),
				 .registry = S("ripe"),
				 .max_bytes = 1 << 20,
				 .max_unpacked = 1 << 20 };
	int fd = memfd_create("dump", MFD_CLOEXEC);
	struct arena *arena = arena_new();
	struct slice path = arena_printf(arena, "/proc/self/fd/%d", fd);
	struct received received = { .source = &source,
				     .path = arena_cstr(arena, path),
				     .old_path = "/nonexistent" };
	struct error err;
	int result = -1;

	if (size && write(fd, bytes + 1, size - 1) == (ssize_t)size - 1) {
		source.kind = (enum source_kind)(bytes[0] % 4 % 3);
		received.md5 = bytes[0] & 4
				       ? S("MD5 (x) = 0123456789abcdef0123456789abcdef")
				       : S("");
		result = received_check(&received, &err);
	}
	close(fd);
	arena_free(arena);
	return result > 0;
}
