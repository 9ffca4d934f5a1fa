/* A table of providers, and what it does to contacts at its own domains. */
#include "contact/provider.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct providers providers = { 0 };
	struct contact_answer answer = { 0 };
	struct error err;

	if (providers_read(arena, text, &providers, &err) != 0)
		assert(err.text[0]);
	assert(providers.count <= TABLE_ROWS_MAX);
	for (size_t i = 0; i < providers.count && i < 8; i++)
		*LIST_ADD(arena, &answer.contacts) = (struct contact){
			.address = arena_printf(arena, "abuse@" SLICE_FMT,
						SLICE_ARG(providers.at[i].domain)),
		};
	providers_apply(arena, &providers, &answer);
	arena_free(arena);
	return 0;
}
