/* RWhois answers. */
#include "contact/reading.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct address about = { 0 };
	struct reading reading;

	assert(address_parse(S("192.0.2.1"), &about) == 0);
	rwhois_read(arena, S("rwhois.isp.example"), text, &about, 0, &reading);
	arena_free(arena);
	return 0;
}
