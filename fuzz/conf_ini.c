/* Configuration files: what is read lies inside the text and has no comment in it. */
#include "conf/ini.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct ini ini = { 0 };
	struct error err = { 0 };

	if (ini_parse(arena, S("fuzz"), text, &ini, &err))
		assert(err.kind != ERROR_NONE && ini.sections.count == 0);
	for (size_t i = 0; i < ini.sections.count; i++) {
		const struct ini_options *options = &ini.sections.at[i].options;
		for (size_t j = 0; j < options->count; j++)
			assert(options->at[j].value.len <= options->at[j].verbatim.len);
	}
	arena_free(arena);
	return 0;
}
