#include "registry/fetch_get.h"

#include <stdlib.h>

/* A server that says nothing for so long is left. */
enum { CONNECT_MS = 15000, STALL_MS = 30000 };

struct getter {
	struct arena *arena;
	int64_t connect_ms, stall_ms;
	struct loop *loop;
	struct hosts hosts;
	struct dns *dns;
	struct http *http;
	struct routes routes;
	struct get *get; /* under way */
	struct endpoints endpoints;
	bool waiting, connected;
	struct slice location, problem;
};

static int begin(struct getter *getter, const struct settings *settings,
		 struct error *err)
{
	bool has_hosts = settings->hosts_file.len != 0;

	if (has_hosts &&
	    hosts_read(getter->arena, settings->hosts_file, &getter->hosts, err) != 0)
		return error_context(err, "the hosts table");
	if (routes_parse(getter->arena, &settings->connect_to, &getter->routes, err) !=
	    0)
		return -1;
	getter->loop = loop_new(err);
	if (!getter->loop)
		return -1;
	getter->dns = dns_new(getter->loop, settings->dns,
			      has_hosts ? &getter->hosts : NULL, err);
	if (!getter->dns)
		return -1;
	getter->http = http_new(getter->loop, settings->ca_file, err);
	return getter->http ? 0 : -1;
}

struct getter *getter_new(struct arena *arena, const struct settings *settings,
			  int64_t patience_ms, struct error *err)
{
	struct getter *getter = calloc(1, sizeof *getter);

	if (!getter)
		abort();
	getter->arena = arena;
	getter->connect_ms = patience_ms ? patience_ms : CONNECT_MS;
	getter->stall_ms = patience_ms ? patience_ms : STALL_MS;
	if (begin(getter, settings, err) == 0)
		return getter;
	getter_free(getter);
	return NULL;
}

void getter_free(struct getter *getter)
{
	if (!getter)
		return;
	http_free(getter->http);
	dns_free(getter->dns);
	if (getter->loop)
		loop_free(getter->loop);
	free(getter);
}

static void wait_for_it(struct getter *getter)
{
	while (getter->waiting && loop_turn(getter->loop))
		;
}

static void endpoints_found(void *context, const struct endpoints *endpoints,
			    const char *problem)
{
	struct getter *getter = context;

	getter->waiting = false;
	getter->endpoints = (struct endpoints){ 0 };
	for (size_t i = 0; i < endpoints->count; i++)
		*LIST_ADD(getter->arena, &getter->endpoints) = endpoints->at[i];
	getter->problem = arena_copy(getter->arena, slice_of(problem));
}

static bool is_redirect(long status)
{
	return status >= 301 && status <= 308 && status != 304;
}

/* What a redirect says besides is nobody's. */
static bool arrived(void *context, const struct http_answer *so_far, struct slice bytes)
{
	struct get *get = ((struct getter *)context)->get;

	if (is_redirect(so_far->status))
		return true;
	return get->arrived(get->context, so_far, bytes);
}

static void answered(void *context, const struct http_answer *answer)
{
	struct getter *getter = context;
	struct get *get = getter->get;
	struct arena *arena = getter->arena;

	getter->waiting = false;
	getter->connected = answer->connected;
	getter->problem = arena_copy(arena, slice_of(answer->problem));
	getter->location = arena_copy(arena, answer->location);
	get->status = answer->status;
	get->body = arena_copy(arena, answer->body);
	get->etag = arena_copy(arena, answer->etag);
	get->last_modified = arena_copy(arena, answer->last_modified);
	get->modified_at = answer->modified_at;
	get->fresh_s = answer->fresh_s;
}

/* Until one of the endpoints takes the connection. */
static void try_endpoints(struct getter *getter, const struct url *url)
{
	struct get *get = getter->get;
	struct http_request request = { .url = get->url,
					.accept = S("*/*"),
					.headers = &get->headers,
					.max_bytes = GET_BODY_MAX,
					.connect_ms = getter->connect_ms,
					.stall_ms = getter->stall_ms,
					.arrived = get->arrived ? arrived : NULL };

	getter->waiting = true;
	route_find(&getter->routes, getter->dns, url->host, url->port, endpoints_found,
		   getter);
	wait_for_it(getter);
	getter->connected = false;
	for (size_t i = 0; i < getter->endpoints.count && !getter->connected; i++) {
		request.to = getter->endpoints.at[i];
		getter->waiting = true;
		http_get(getter->http, &request, answered, getter);
		wait_for_it(getter);
	}
}

/* The next hop; false and a problem where it is not followed. */
static bool redirect(struct getter *getter, const struct url *from)
{
	struct get *get = getter->get;
	struct slice target;
	struct error err = { 0 };
	struct url to;

	if (url_resolve(getter->arena, get->url, getter->location, &target, &err) ==
		    0 &&
	    url_parse(target, &to, &err) == 0) {
		if (to.https || !from->https ||
		    routes_match(&getter->routes, to.host, to.port)) {
			get->url = target;
			return true;
		}
		error_fill(&err, ERROR_REFUSED, "it leads from https to http");
	}
	getter->problem = arena_printf(getter->arena,
				       "its redirect is not followed: %s", err.text);
	return false;
}

void get_run(struct getter *getter, struct get *get)
{
	struct error err = { 0 };
	struct url url;

	getter->get = get;
	for (unsigned hops = 0; hops <= GET_REDIRECTS_MAX; hops++) {
		getter->problem = slice_of(NULL);
		get->status = 0;
		if (url_parse(get->url, &url, &err) != 0) {
			get->problem = arena_copy(getter->arena, slice_of(err.text));
			return;
		}
		try_endpoints(getter, &url);
		if (!getter->problem.len && is_redirect(get->status) &&
		    getter->location.len && redirect(getter, &url))
			continue;
		get->problem = getter->problem;
		return;
	}
	get->problem = S("it redirects more than five times");
}
