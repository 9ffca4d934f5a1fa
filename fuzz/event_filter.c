/* Rule files: the first line is the name with its parameters, the rest is the file. */
#include "event/filter.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size }, name = text;
	struct arena *arena = arena_new();
	struct filter filter = { 0 };
	struct error err = { 0 };

	slice_next(&text, '\n', &name);
	if (filter_parse(arena, name, text, &filter, &err))
		assert(err.kind != ERROR_NONE && filter.name.len == 0);
	else
		assert(filter.maxlines > 0 && filter.name.len > 0);
	assert(arena_size_bytes(arena) < 128 << 20);
	arena_free(arena);
	return 0;
}
