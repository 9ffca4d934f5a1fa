#include "incident/own.h"

struct own_range {
	struct range range;
	const char *reason;
};

struct own_side {
	struct {
		struct own_range *at;
		size_t count, room;
	} ranges;
	struct {
		struct own_host *at;
		size_t count, room;
	} hosts;
	bool documentation_public;
};

static int ranges_add(struct arena *arena, struct own_side *own,
		      const struct slices *texts, const char *key, const char *reason,
		      struct error *err)
{
	for (size_t i = 0; i < texts->count; i++) {
		struct range range;

		if (range_parse(texts->at[i], &range) != 0)
			return error_set(
				err, ERROR_CONFIG,
				"'" SLICE_FMT
				"' in [own] %s is no address and no range: write "
				"198.51.100.7 or 198.51.100.0/24",
				SLICE_ARG(texts->at[i]), key);
		*LIST_ADD(arena, &own->ranges) = (struct own_range){ range, reason };
	}
	return 0;
}

static int hosts_add(struct arena *arena, struct own_side *own,
		     const struct settings *settings, struct error *err)
{
	for (size_t i = 0; i < settings->hosts.count; i++) {
		const struct settings_host *row = &settings->hosts.at[i];
		struct own_host host = { .host = row->host, .name = row->name };

		if (address_parse(row->address, &host.address) != 0)
			return error_set(
				err, ERROR_CONFIG,
				"'" SLICE_FMT "' in [hosts] " SLICE_FMT
				" is no address: write LOGHOST = PUBLIC-ADDRESS "
				"[FULL-NAME]",
				SLICE_ARG(row->address), SLICE_ARG(row->host));
		*LIST_ADD(arena, &own->hosts) = host;
		*LIST_ADD(arena, &own->ranges) =
			(struct own_range){ { host.address, host.address },
					    "among your own addresses" };
	}
	return 0;
}

struct own_side *own_side_new(struct arena *arena, const struct settings *settings,
			      struct error *err)
{
	struct own_side *own = ARENA_NEW(arena, struct own_side);

	own->documentation_public = settings->documentation_public;
	if (ranges_add(arena, own, &settings->own, "addresses",
		       "among your own addresses", err) != 0 ||
	    ranges_add(arena, own, &settings->allow, "allow", "on your allow-list",
		       err) != 0 ||
	    hosts_add(arena, own, settings, err) != 0)
		return NULL;
	return own;
}

const char *own_side_refuses(const struct own_side *own, const struct address *source)
{
	const struct address_special *special = address_special(source);

	if (special && !(special->documentation && own->documentation_public))
		return special->name;
	for (size_t i = 0; i < own->ranges.count; i++)
		if (range_contains(&own->ranges.at[i].range, source))
			return own->ranges.at[i].reason;
	return NULL;
}

const char *own_side_refuses_incident(const struct own_side *own,
				      const struct incident *incident)
{
	const struct tally *full = &incident->lists[LIST_ADDRESSES];
	const char *reason = NULL;

	if (incident->source.family == FAMILY_IPV4)
		return own_side_refuses(own, &incident->source);
	for (size_t i = 0; i < full->count && !reason; i++) {
		struct address address;

		if (address_parse(full->at[i].text, &address) == 0)
			reason = own_side_refuses(own, &address);
	}
	return reason;
}

const struct own_host *own_side_host(const struct own_side *own, struct slice host)
{
	if (!host.len)
		host = S("*");
	for (size_t i = 0; i < own->hosts.count; i++)
		if (slice_equal_nocase(own->hosts.at[i].host, host))
			return &own->hosts.at[i];
	return NULL;
}

const struct own_host *own_side_address(const struct own_side *own,
					const struct address *address)
{
	for (size_t i = 0; i < own->hosts.count; i++)
		if (address_equal(&own->hosts.at[i].address, address))
			return &own->hosts.at[i];
	return NULL;
}
