/* A redirect: the first line is the base, the rest what Location says. */
#include "net/url.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice rest = { (const char *)bytes, size }, base = rest, out;
	struct arena *arena = arena_new();
	struct error err;
	struct url url;

	slice_next(&rest, '\n', &base);
	if (url_parse(base, &url, &err) == 0 &&
	    url_resolve(arena, base, rest, &out, &err) == 0)
		assert(url_parse(out, &url, &err) == 0 && url.host.len && url.port);
	arena_free(arena);
	return 0;
}
