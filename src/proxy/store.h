/* proxy/store.h - the cache's answers in the store, so that a restart forgets nothing.
 *
 * Read once when the proxy begins, written now and then: no answer waits for it. A store
 * that is busy or broken costs what is new, and nothing else.                            */
#ifndef PROXY_STORE_H
#define PROXY_STORE_H

#include "db/db.h"
#include "proxy/cache.h"

/* The newest answers that fit into the cache. */
MUST_CHECK int proxy_store_load(struct db *db, struct cache *cache, int64_t now,
				struct error *err);
/* What the store does not have yet; what is too old, or over `max_bytes` of text, goes. */
MUST_CHECK int proxy_store_save(struct db *db, struct cache *cache, size_t max_bytes,
				int64_t now, struct error *err);

#endif
