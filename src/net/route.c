#include "net/route.h"

#include "base/cursor.h"

#include <stdio.h>
#include <stdlib.h>

/* "[2001:db8::1]" or what stands before the next colon. */
static struct slice row_part(struct cursor *cursor)
{
	struct slice part;

	if (!cursor_try(cursor, S("[")))
		return cursor_until(cursor, ':', 253);
	part = cursor_until(cursor, ']', 64);
	cursor_literal(cursor, S(":"));
	return part;
}

static int port_parse(struct slice text, bool may_be_empty, uint16_t *out)
{
	uint64_t port = 0;

	if (text.len == 0 && may_be_empty) {
		*out = 0;
		return 0;
	}
	if (slice_to_u64(text, UINT16_MAX, &port) != 0 || port == 0)
		return -1;
	*out = (uint16_t)port;
	return 0;
}

static int row_parse(struct slice text, struct route_row *out)
{
	struct cursor cursor = cursor_of(slice_trim(text));
	struct route_row row = { .host = row_part(&cursor) };
	struct slice port = row_part(&cursor), address = row_part(&cursor);

	if (cursor.failed || port_parse(port, true, &row.port) != 0 ||
	    address_parse(address, &row.to.address) != 0 ||
	    port_parse(cursor_rest(&cursor), false, &row.to.port) != 0)
		return -1;
	*out = row;
	return 0;
}

int routes_parse(struct arena *arena, const struct slices *rows, struct routes *out,
		 struct error *err)
{
	struct routes routes = { 0 };

	for (size_t i = 0; i < rows->count; i++) {
		struct route_row row;

		if (row_parse(rows->at[i], &row) != 0)
			return error_set(err, ERROR_CONFIG,
					 "connect-to = '" SLICE_FMT
					 "' is wrong; write HOST:PORT:ADDRESS:PORT",
					 SLICE_ARG(rows->at[i]));
		*LIST_ADD(arena, &routes) = row;
	}
	*out = routes;
	return 0;
}

const struct route_row *routes_match(const struct routes *routes, struct slice host,
				     uint16_t port)
{
	for (size_t i = 0; i < routes->count; i++) {
		const struct route_row *row = &routes->at[i];

		if ((row->host.len == 0 || slice_equal_nocase(row->host, host)) &&
		    (row->port == 0 || row->port == port))
			return row;
	}
	return NULL;
}

bool route_address_allowed(const struct address *address)
{
	struct address embedded;

	if (address->family == FAMILY_NONE || address_special(address))
		return false;
	return !address_embedded(address, &embedded) || !address_special(&embedded);
}

struct search {
	route_found *found;
	void *context;
	uint16_t port;
};

static void keep_allowed(struct arena *arena, const struct addresses *from,
			 uint8_t family, uint16_t port, struct endpoints *out)
{
	for (size_t i = 0; i < from->count; i++)
		if (from->at[i].family == family && route_address_allowed(&from->at[i]))
			*LIST_ADD(arena, out) = (struct endpoint){ from->at[i], port };
}

/* IPv4 first: a machine without working IPv6 then loses no time. */
static void addresses_answered(void *context, const struct dns_answer *answer)
{
	struct search *search = context;
	struct arena *arena = arena_new();
	struct endpoints endpoints = { 0 };
	const char *problem = NULL;

	keep_allowed(arena, &answer->addresses, FAMILY_IPV4, search->port, &endpoints);
	keep_allowed(arena, &answer->addresses, FAMILY_IPV6, search->port, &endpoints);
	if (answer->outcome == DNS_FAILED)
		problem = answer->problem;
	else if (answer->addresses.count == 0)
		problem = "the name has no address";
	else if (endpoints.count == 0)
		problem = "its address is private or special, so it is not asked";
	search->found(search->context, &endpoints, problem);
	arena_free(arena);
	free(search);
}

static void found_one(const struct endpoint *to, route_found *found, void *context)
{
	struct endpoint copy = *to;
	struct endpoints one = { &copy, 1, 1 };

	found(context, &one, NULL);
}

void route_find(const struct routes *routes, struct dns *dns, struct slice host,
		uint16_t port, route_found *found, void *context)
{
	const struct route_row *row = routes_match(routes, host, port);
	struct endpoint literal = { .port = port };
	struct endpoints none = { 0 };
	struct search *search;

	if (row) {
		found_one(&row->to, found, context);
		return;
	}
	if (address_parse(host, &literal.address) == 0) {
		if (route_address_allowed(&literal.address))
			found_one(&literal, found, context);
		else
			found(context, &none,
			      "its address is private or special, so it is not asked");
		return;
	}
	search = malloc(sizeof *search);
	if (!search)
		abort();
	*search = (struct search){ found, context, port };
	dns_addresses(dns, host, addresses_answered, search);
}
