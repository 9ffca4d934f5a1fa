/* RDAP bootstrap files: the first byte says which; every URL found is one we may ask. */
#include "contact/bootstrap.h"
#include "net/url.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const names[] = { "ipv4", "ipv6", "asn", "dns" };
	struct slice json = slice_from((struct slice){ (const char *)bytes, size }, 1);
	const char *name = names[size ? bytes[0] % 4 : 0];
	struct arena *arena = arena_new();
	struct bootstrap bootstrap = { 0 };
	struct error err;
	struct url url;

	if (bootstrap_parse(arena, slice_of(name), json, &bootstrap, &err) == 0)
		for (size_t i = 0; i < bootstrap.ranges.count; i++)
			if (url_parse(bootstrap.ranges.at[i].url, &url, &err) != 0)
				abort();
	arena_free(arena);
	return 0;
}
