/* proxy/cache.h - answers by what was asked and by the range they are about.
 *
 * Memory is bounded: the entry that was not used for longest makes room. An entry that is
 * being sent lives on until its last user lets go of it. Answers too old to be given are
 * kept: they are better than none where a registry cannot be reached.
 *
 * A range holds the address that was asked for: who fills the entry has checked that, so
 * that no answer speaks for the whole of the net (contacts.md S23). It is found again by
 * the widest block of addresses inside the range around that address.                    */
#ifndef PROXY_CACHE_H
#define PROXY_CACHE_H

#include "base/clock.h"
#include "net/address.h"

#define CACHE_NUMBERS_US (7 * DAY_US) /* networks, AS numbers, handles       */
#define CACHE_DOMAIN_US DAY_US
#define CACHE_NOTHING_US HOUR_US /* there is none, or not all servers answered */
#define CACHE_STALE_US (30 * DAY_US) /* then it is too old even for a dead server */

struct cache;

struct cache_answer {
	struct slice key;
	struct slice servers; /* "whois.iana.org, whois.ripe.net"                */
	struct slice asked; /* the question in its one spelling                  */
	struct slice text; /* as it is sent                                      */
	int64_t asked_at, fresh_us;
	struct address about; /* family 0: the answer is about no range          */
	struct range range; /* holds `about`                                     */
	bool is_saved; /* the store has it                                       */
};
struct cache_entry {
	struct cache_answer answer; /* read only; its slices live as long as it  */
	/* the rest is the cache's own */
	uint32_t users;
	bool is_in;
	size_t size_bytes;
	uint64_t block_hash;
	uint8_t block_prefix;
	struct cache_entry *next_key, *next_block, *newer, *older, *next_unsaved;
	char bytes[];
};

struct cache *cache_new(size_t max_bytes);
void cache_free(struct cache *cache); /* NULL is fine; nobody uses an entry any more */

/* Borrowed until the next put, or for as long as it is held. NULL: there is none. */
struct cache_entry *cache_find(struct cache *cache, struct slice key);
/* That of the narrowest block that holds the address. */
struct cache_entry *cache_find_address(struct cache *cache,
				       const struct address *address);
/* Takes the place of what was there under the same key; held once for the caller. */
struct cache_entry *cache_put(struct cache *cache, const struct cache_answer *answer);
void cache_hold(struct cache_entry *entry);
void cache_let_go(struct cache *cache, struct cache_entry *entry);

bool cache_is_fresh(const struct cache_entry *entry, int64_t now);

size_t cache_size_bytes(const struct cache *cache); /* held entries included */
size_t cache_count(const struct cache *cache);
bool cache_has_unsaved(const struct cache *cache);
/* Entries that the store does not have, and marks them as saved one by one: NULL ends. */
struct cache_entry *cache_next_unsaved(struct cache *cache);

#endif
