/* RDAP answers, for an address and for a handle. */
#include "contact/reading.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct address about = { 0 };
	struct reading reading;
	struct error err;

	if (rdap_read(arena, text,
		      &(struct rdap_question){ S("rdap.arin.net"), &about, 0 },
		      &reading, &err) < 0)
		assert(err.kind == ERROR_SYNTAX || err.kind == ERROR_LIMIT);
	assert(address_parse(S("192.0.2.1"), &about) == 0);
	if (rdap_read(arena, text,
		      &(struct rdap_question){ S("rdap.isp.example"), &about, 0 },
		      &reading, &err) < 0)
		assert(err.text[0]);
	arena_free(arena);
	return 0;
}
