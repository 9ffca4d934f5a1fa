/* Names in a reply to a PTR question: whatever comes, only host names go out. */
#include "net/dns.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice packet = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct slices names = { 0 };

	dns_pointers_read(arena, packet, &names);
	assert(names.count <= DNS_ANSWERS_MAX);
	for (size_t i = 0; i < names.count; i++)
		assert(host_name_valid(names.at[i]));
	arena_free(arena);
	return 0;
}
