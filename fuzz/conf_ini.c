/* Configuration files: what is read lies inside the text and has no comment in it. The
 * input is "x.conf" and, behind lines "%%% x.d/NAME", further files of its folder.     */
#include "conf/ini.h"
#include "folder.h"

#include <assert.h>

static const char *const NAMES[] = { "x.conf", "x.d/a.conf", "x.d/b.conf", NULL };

static void options_check(const struct ini *ini)
{
	for (size_t i = 0; i < ini->sections.count; i++) {
		const struct ini_section *section = &ini->sections.at[i];
		const struct ini_options *options = &section->options;

		for (size_t j = 0; j < options->count; j++) {
			assert(options->at[j].value.len <= options->at[j].verbatim.len);
			assert(ini_find(ini, section->name, options->at[j].name));
		}
		assert(!ini_find(ini, section->name, S("No Such Option")));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct ini ini = { 0 }, all = { 0 };
	struct error err = { 0 };
	char path[FUZZ_PATH_MAX], folder[FUZZ_PATH_MAX];

	if (ini_parse(arena, S("fuzz"), text, &ini, &err))
		assert(err.kind != ERROR_NONE && ini.sections.count == 0);
	options_check(&ini);
	if (fuzz_names == NULL)
		fuzz_folder_make(NAMES);
	fuzz_files_write("x.conf", text);
	fuzz_path("x.conf", path);
	fuzz_path("x.d", folder);
	if (ini_read_with_folder(arena, slice_of(path), slice_of(folder), &all, &err) ==
	    0)
		options_check(&all);
	arena_free(arena);
	return 0;
}
