/* registry/fetch_get.h - one GET, redirects followed; private to fetch*.c.
 *
 * Each hop is resolved, checked and pinned as net/route.h says; at most GET_REDIRECTS_MAX
 * of them, never from https to http but where the user's own row leads there.           */
#ifndef REGISTRY_FETCH_GET_H
#define REGISTRY_FETCH_GET_H

#include "base/arena.h"
#include "conf/settings.h"
#include "net/http.h"

enum { GET_REDIRECTS_MAX = 5, GET_BODY_MAX = 64 * 1024 };

struct getter;
/* A server that says nothing for `patience_ms` is left; 0: for half a minute. */
MUST_CHECK struct getter *getter_new(struct arena *arena,
				     const struct settings *settings,
				     int64_t patience_ms, struct error *err);
void getter_free(struct getter *getter); /* NULL is fine */

struct get {
	struct slice url;
	struct slices headers;
	/* Of the last hop only, as http_request's: NULL collects at most GET_BODY_MAX. */
	bool (*arrived)(void *context, const struct http_answer *so_far,
			struct slice bytes);
	void *context;
	/* Filled: texts live in the getter's arena. */
	long status; /* 0: no answer                                     */
	struct slice body, etag, last_modified;
	int64_t modified_at, fresh_s; /* as http_answer has them                  */
	struct slice problem; /* why there is no answer, or not all of it        */
};
void get_run(struct getter *getter, struct get *get);

#endif
