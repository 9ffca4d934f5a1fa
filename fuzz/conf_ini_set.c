/* Configuration with its includes and local files, every value of it expanded. The input
 * is "x.conf" and, behind lines "%%% NAME", the files below.                          */
#include "conf/ini_set.h"
#include "folder.h"

#include <assert.h>

static const char *const NAMES[] = { "x.conf",     "x.local",     "a.conf", "a.local",
				     "x.d/a.conf", "x.d/b.local", "b.conf", NULL };

static void values_get(const struct ini_set *set, const struct ini_vars *vars)
{
	for (size_t i = 0; i < set->sections.count; i++) {
		const struct ini_section *section = &set->sections.at[i];

		for (size_t j = 0; j < section->options.count && j < 64; j++) {
			struct error err = { 0 };
			struct slice value = { 0 };

			if (ini_set_get(set, section->name, section->options.at[j].name,
					vars, &value, &err) > 0)
				assert(value.len <= INI_VALUE_MAX);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct ini_var given = { S("Given"), S("%(word)s") };
	struct ini_vars vars = { &given, 1, 1 };
	struct slice text = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct ini_set set = { 0 };
	struct error err = { 0 };
	char stem[FUZZ_PATH_MAX];

	if (fuzz_names == NULL)
		fuzz_folder_make(NAMES);
	fuzz_files_write("x.conf", text);
	fuzz_path("x", stem);
	if (ini_set_read(arena, slice_of(stem), &set, &err) == 0)
		values_get(&set, &vars);
	else
		assert(err.kind != ERROR_NONE && set.files.count == 0);
	arena_free(arena);
	return 0;
}
