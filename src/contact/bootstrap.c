#include "contact/bootstrap.h"

#include "json/reader.h"
#include "net/url.h"

static struct slice base_url(struct arena *arena, const struct json_value *urls)
{
	struct slice chosen = { NULL, 0 };
	struct error ignored;
	struct url url;

	for (size_t i = 0; i < json_count(urls); i++) {
		struct slice text = json_text(json_at(urls, i));

		if (url_parse(text, &url, &ignored) != 0)
			continue;
		if (chosen.len == 0 || url.https)
			chosen = text;
		if (url.https)
			break;
	}
	if (chosen.len == 0)
		return chosen;
	return arena_printf(arena, SLICE_FMT "%s", SLICE_ARG(chosen),
			    slice_ends(chosen, S("/")) ? "" : "/");
}

static void add_range(struct arena *arena, struct bootstrap *out, struct slice key,
		      struct slice url)
{
	struct range range;

	if (range_parse(key, &range) == 0)
		*LIST_ADD(arena, &out->ranges) = (struct bootstrap_range){ range, url };
}

/* "64496-64511" or "64496" */
static void add_numbers(struct arena *arena, struct bootstrap *out, struct slice key,
			struct slice url)
{
	ptrdiff_t dash = slice_find_byte(key, '-');
	struct slice low = dash < 0 ? key : slice_cut(key, 0, (size_t)dash);
	struct slice high = dash < 0 ? key : slice_from(key, (size_t)dash + 1);
	uint64_t first, last;

	if (slice_to_u64(low, UINT32_MAX, &first) == 0 &&
	    slice_to_u64(high, UINT32_MAX, &last) == 0 && first <= last)
		*LIST_ADD(arena, &out->numbers) =
			(struct bootstrap_numbers){ (uint32_t)first, (uint32_t)last,
						    url };
}

static void add_domain(struct arena *arena, struct bootstrap *out, struct slice key,
		       struct slice url)
{
	*LIST_ADD(arena, &out->domains) =
		(struct bootstrap_domain){ arena_copy(arena, key), url };
}

static void add_tag(struct arena *arena, struct bootstrap *out, struct slice key,
		    struct slice url)
{
	*LIST_ADD(arena, &out->tags) =
		(struct bootstrap_tag){ arena_copy(arena, key), url };
}

static const struct {
	const char *name;
	size_t keys; /* where a service has them; the URLs stand behind */
	void (*add)(struct arena *arena, struct bootstrap *out, struct slice key,
		    struct slice url);
} FILES[] = {
	{ "ipv4", 0, add_range },      { "ipv6", 0, add_range },
	{ "asn", 0, add_numbers },     { "dns", 0, add_domain },
	{ "object-tags", 1, add_tag },
};

/* services: [ [ [key...], [url...] ], ... ] (RFC 9224 section 3); object tags have their
 * registrants before them (RFC 8521 section 3).                                         */
static void add_services(struct arena *arena, size_t file,
			 const struct json_value *services, struct bootstrap *out)
{
	for (size_t i = 0; i < json_count(services); i++) {
		const struct json_value *service = json_at(services, i);
		const struct json_value *keys = json_at(service, FILES[file].keys);
		struct slice url =
			base_url(arena, json_at(service, FILES[file].keys + 1));

		for (size_t k = 0; url.len && k < json_count(keys); k++)
			FILES[file].add(arena, out, json_text(json_at(keys, k)), url);
	}
}

int bootstrap_parse(struct arena *arena, struct slice name, struct slice json,
		    struct bootstrap *out, struct error *err)
{
	struct json *document = json_read(json, BOOTSTRAP_MAX_BYTES, err);
	const struct json_value *services;
	int status = 0;

	if (!document)
		return -1;
	services = json_get(json_root(document), "services");
	if (!json_is_array(services))
		status = error_set(err, ERROR_SYNTAX,
				   "no 'services' in it (RFC 9224 section 3)");
	for (size_t i = 0; status == 0 && i < COUNT_OF(FILES); i++)
		if (slice_equal(name, slice_of(FILES[i].name)))
			add_services(arena, i, services, out);
	json_free(document);
	return status;
}

struct slice bootstrap_for_address(const struct bootstrap *bootstrap,
				   const struct address *address)
{
	const struct bootstrap_range *best = NULL;

	for (size_t i = 0; i < bootstrap->ranges.count; i++) {
		const struct bootstrap_range *row = &bootstrap->ranges.at[i];

		if (range_contains(&row->range, address) &&
		    (!best || range_covers(&best->range, &row->range)))
			best = row;
	}
	return best ? best->url : (struct slice){ NULL, 0 };
}

struct slice bootstrap_for_number(const struct bootstrap *bootstrap, uint32_t autnum)
{
	for (size_t i = 0; i < bootstrap->numbers.count; i++) {
		const struct bootstrap_numbers *row = &bootstrap->numbers.at[i];

		if (row->first <= autnum && autnum <= row->last)
			return row->url;
	}
	return (struct slice){ NULL, 0 };
}

static bool domain_under(struct slice domain, struct slice parent)
{
	size_t before = domain.len - parent.len;

	if (parent.len == 0)
		return true;
	if (parent.len > domain.len ||
	    !slice_equal_nocase(slice_from(domain, before), parent))
		return false;
	return before == 0 || domain.at[before - 1] == '.';
}

struct slice bootstrap_for_domain(const struct bootstrap *bootstrap,
				  struct slice domain)
{
	const struct bootstrap_domain *best = NULL;

	for (size_t i = 0; i < bootstrap->domains.count; i++) {
		const struct bootstrap_domain *row = &bootstrap->domains.at[i];

		if (domain_under(domain, row->name) &&
		    (!best || row->name.len > best->name.len))
			best = row;
	}
	return best ? best->url : (struct slice){ NULL, 0 };
}

struct slice bootstrap_for_handle(const struct bootstrap *bootstrap,
				  struct slice handle)
{
	ptrdiff_t hyphen = slice_find_last_byte(handle, '-');

	for (size_t i = 0; hyphen > 0 && i < bootstrap->tags.count; i++)
		if (slice_equal_nocase(bootstrap->tags.at[i].tag,
				       slice_from(handle, (size_t)hyphen + 1)))
			return bootstrap->tags.at[i].url;
	return (struct slice){ NULL, 0 };
}
