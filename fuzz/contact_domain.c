/* Domain whois. */
#include "contact/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct reading reading;

	whois_domain_read(arena, S("whois.registrar.example"), text, S("river.example"),
			  0, &reading);
	arena_free(arena);
	return 0;
}
