/* A list of CSIRTs: rows, FIRST's or Trusted Introducer's JSON. */
#include "contact/csirt.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct contact_answer answer = { .has_network = true,
					 .network.country = S("nl") };
	struct csirts csirts = { 0 };
	struct error err;

	if (csirts_read(arena, text, &csirts, &err) != 0)
		assert(err.text[0]);
	csirts_apply(arena, &csirts, 0, &answer);
	assert(csirts.count <= TABLE_ROWS_MAX && answer.contacts.count <= 2);
	for (size_t i = 0; i < answer.contacts.count; i++)
		assert(slice_find_byte(answer.contacts.at[i].address, '@') > 0);
	arena_free(arena);
	return 0;
}
