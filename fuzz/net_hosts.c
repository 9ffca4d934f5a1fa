/* Hosts tables and connect-to rows: the user's own words, and yet never a crash. */
#include "net/route.h"

#include <assert.h>

enum { ROWS_TRIED = 100 };

/* A row is found by its address and by its name. */
static void row_check(struct arena *arena, const struct hosts *hosts,
		      const struct hosts_row *row)
{
	struct addresses addresses = { 0 };
	struct slices names = { 0 };

	assert(host_name_valid(row->name));
	hosts_addresses(hosts, arena, row->name, &addresses);
	hosts_names(hosts, arena, &row->address, &names);
	assert(addresses.count && names.count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct slices rows = { &text, 1, 1 };
	struct arena *arena = arena_new();
	struct hosts hosts = { 0 };
	struct routes routes = { 0 };
	struct error err;

	if (hosts_parse(arena, S("fuzz"), text, &hosts, &err) == 0)
		for (size_t i = 0; i < hosts.count && i < ROWS_TRIED; i++)
			row_check(arena, &hosts, &hosts.at[i]);
	if (routes_parse(arena, &rows, &routes, &err) == 0)
		assert(routes.count == 1 && routes.at[0].to.port != 0);
	arena_free(arena);
	return 0;
}
