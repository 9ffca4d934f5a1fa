#include "contact/servers.h"

#include <stdio.h>

/* RIPE: -r, because the abuse contact comes without the personal records, which are
 * rationed. APNIC and AFRINIC: without, because there the contact often stands in the
 * records only. ARIN: + for whole records, n and a for the kind. JPNIC: /e for ASCII.   */
static const struct style {
	const char *registry;
	const char *handle; /* how its handles end              */
	const char *address_format; /* with one %s                      */
	const char *number_format; /* %s is the number without "AS"    */
} STYLES[] = {
	{ "arin", "-ARIN", "n + %s", "a + %s" },
	{ "ripe", "-RIPE", "-r %s", "-r AS%s" },
	{ "apnic", "-AP", "%s", "AS%s" },
	{ "lacnic", "-LACNIC", "%s", "AS%s" },
	{ "afrinic", "-AFRINIC", "%s", "AS%s" },
	{ "jpnic", NULL, "%s/e", "AS %s/e" },
};

static const struct style *style_of(struct slice host)
{
	static const struct style plain = { NULL, NULL, "%s", "AS%s" };
	const struct registry *registry = registry_of_host(host);

	for (size_t i = 0; registry && i < COUNT_OF(STYLES); i++)
		if (slice_equal(slice_of(registry->name), slice_of(STYLES[i].registry)))
			return &STYLES[i];
	return &plain;
}

/* `format` is one of the table's, with one %s. */
static struct slice fill(struct arena *arena, const char *format, const char *value)
{
	struct slice text = slice_of(format);
	size_t hole = (size_t)slice_find(text, S("%s"));

	return arena_printf(arena, SLICE_FMT "%s" SLICE_FMT,
			    SLICE_ARG(slice_cut(text, 0, hole)), value,
			    SLICE_ARG(slice_from(text, hole + 2)));
}

struct slice server_address_query(struct arena *arena, struct slice host,
				  const struct address *address)
{
	return fill(arena, style_of(host)->address_format,
		    address_format(address).text);
}

struct slice server_number_query(struct arena *arena, struct slice host,
				 uint32_t autnum)
{
	char text[16];

	snprintf(text, sizeof text, "%u", autnum);
	return fill(arena, style_of(host)->number_format, text);
}

const struct registry *server_of_handle(struct slice handle)
{
	for (size_t i = 0; i < COUNT_OF(STYLES); i++) {
		struct slice end = slice_of(STYLES[i].handle);

		if (end.len && handle.len > end.len &&
		    slice_equal_nocase(slice_from(handle, handle.len - end.len), end))
			return registry_named(slice_of(STYLES[i].registry));
	}
	return NULL;
}

const char *server_referral_refusal(struct slice from, const struct referral *to)
{
	const struct registry *named_by = registry_of_host(from);

	if (to->port != WHOIS_PORT && to->port != RWHOIS_PORT)
		return "its port is neither 43 nor 4321";
	if (registry_of_host(to->host))
		return NULL;
	if (!named_by || !slice_equal(slice_of(named_by->name), S("arin")))
		return "only ARIN may name a server that is not a registry's";
	return NULL;
}
