/* Rule files: the first line is the name with its parameters, the rest is the file, and
 * behind lines "%%% NAME" what belongs to it in its folder.                           */
#include "event/filter.h"
#include "folder.h"

#include <assert.h>

static const char *const NAMES[] = { "x.conf", "x.local", "common.conf", NULL };

/* The same from files, under the parameters of the name. */
static void files_read(struct arena *arena, struct slice name, struct slice text)
{
	ptrdiff_t open = slice_find_byte(name, '[');
	struct slice parameters = slice_from(name, open < 0 ? name.len : (size_t)open);
	struct slice whole =
		arena_printf(arena, "x.conf" SLICE_FMT, SLICE_ARG(parameters));
	struct filter filter = { 0 };
	struct error err = { 0 };

	if (fuzz_names == NULL)
		fuzz_folder_make(NAMES);
	fuzz_files_write("x.conf", text);
	if (filter_read(arena, slice_of(fuzz_folder), whole, &filter, &err))
		assert(err.kind != ERROR_NONE && filter.name.len == 0);
	else
		assert(!filter_is_part(filter.name));
}

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
	files_read(arena, name, text);
	assert(arena_size_bytes(arena) < 128 << 20);
	arena_free(arena);
	return 0;
}
