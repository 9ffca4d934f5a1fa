/* RDAP bootstrap files: the first byte says which; every URL found is one we may ask. */
#include "contact/bootstrap.h"
#include "net/url.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const names[] = { "ipv4", "ipv6", "asn", "dns",
					     "object-tags" };
	struct slice json = slice_from((struct slice){ (const char *)bytes, size }, 1);
	const char *name = names[size ? bytes[0] % 5 : 0];
	struct arena *arena = arena_new();
	static const struct address about = { FAMILY_IPV4, { 203, 0, 113, 7 } };
	struct bootstrap bootstrap = { 0 };
	struct error err;
	struct url url;

	if (bootstrap_parse(arena, slice_of(name), json, &bootstrap, &err) == 0) {
		const struct slice found[] = {
			bootstrap_for_address(&bootstrap, &about),
			bootstrap_for_number(&bootstrap, 64500),
			bootstrap_for_domain(&bootstrap, S("a.example.test")),
			bootstrap_for_handle(&bootstrap, S("NWH7-ARIN")),
		};

		for (size_t i = 0; i < COUNT_OF(found); i++)
			if (found[i].len && url_parse(found[i], &url, &err) != 0)
				abort();
	}
	arena_free(arena);
	return 0;
}
