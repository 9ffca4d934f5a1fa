/* Whois answers: the first byte picks the registry, hence the grammar. */
#include "contact/reading.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const servers[] = {
		"whois.ripe.net",     "whois.apnic.net",  "whois.arin.net",
		"whois.lacnic.net",   "whois.krnic.net",  "whois.nic.ad.jp",
		"whois.twnic.net.tw", "whois.isp.example"
	};
	struct slice text = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct address about = { 0 };
	struct reading reading;

	assert(address_parse(S("192.0.2.1"), &about) == 0);
	if (size)
		whois_read(arena, slice_of(servers[bytes[0] % 8]), slice_from(text, 1),
			   &about, 0, &reading);
	arena_free(arena);
	return 0;
}
