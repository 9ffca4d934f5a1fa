/* Packed lines: what was packed comes out the same, and what was not does no harm. */
#include "incident/line_pack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The first line is the model, what stands before its first blank the source. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice line = { (const char *)bytes, size }, first, source, rest;
	struct arena *arena = arena_new();
	uint8_t *packed = malloc(line_pack_room(size));
	char *out = malloc(size + 1);

	assert(packed && out);
	if (size && slice_next(&line, '\n', &first)) {
		struct line_model *model = line_model_new(arena, first);
		size_t len;

		rest = first;
		if (!slice_next(&rest, ' ', &source))
			source = first;
		len = line_pack(model, source, line, packed);
		rest = (struct slice){ (const char *)packed, len };
		assert(len <= line_pack_room(line.len));
		assert(line_unpack(model, source, rest, out, line.len) == 0);
		assert(!line.len || memcmp(out, line.at, line.len) == 0);
		(void)(line_unpack(model, source, line, out, size) == 0);
	}
	free(packed);
	free(out);
	arena_free(arena);
	return 0;
}
