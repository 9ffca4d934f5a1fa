/* Lines of clients of the WHOIS proxy; a question's key must be its own question's. */
#include "proxy/query.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice row = S("whois.listed.example:4343");
	struct slices servers = { &row, 1, 1 };
	struct proxy_rules rules = { size % 2, &servers };
	struct arena *arena = arena_new();
	struct proxy_query query;
	struct error err;

	if (proxy_query_parse(arena, (struct slice){ (const char *)bytes, size },
			      &rules, &query, &err) == 0)
		assert(query.verb != PROXY_ASK || slice_find_byte(query.key, '\n') < 0);
	arena_free(arena);
	return 0;
}
