#include "proxy/cache.h"

#include "base/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_BITS = 16, TABLE_SIZE = 1 << TABLE_BITS, PREFIXES = 129 };

struct cache {
	size_t max_bytes, size_bytes, count;
	struct cache_entry *newest, *oldest; /* by use */
	struct cache_entry *unsaved;
	struct cache_entry *keys[TABLE_SIZE], *blocks[TABLE_SIZE];
	size_t prefixes[2][PREFIXES]; /* how many blocks, IPv4 and IPv6 */
};

static void *allocate(size_t size)
{
	void *at = calloc(1, size);

	if (!at) {
		fputs("tipoff: out of memory\n", stderr);
		abort();
	}
	return at;
}

struct cache *cache_new(size_t max_bytes)
{
	struct cache *cache = allocate(sizeof *cache);

	cache->max_bytes = max_bytes;
	return cache;
}

static struct cache_entry **key_place(struct cache *cache, struct slice key)
{
	return &cache->keys[table_hash(key) % TABLE_SIZE];
}

static size_t family_at(const struct address *address)
{
	return address->family == FAMILY_IPV6;
}

static uint64_t block_hash(const struct address *address, unsigned prefix)
{
	struct address first = address_mask(address, prefix);
	char bytes[18] = { (char)first.family, (char)prefix };

	memcpy(bytes + 2, first.bytes, sizeof first.bytes);
	return table_hash((struct slice){ bytes, sizeof bytes });
}

/* The widest block around the address that lies inside the range. */
static unsigned block_prefix(const struct range *range, const struct address *about)
{
	unsigned bits = address_bits(about), prefix = 0;

	while (prefix < bits) {
		struct range block = range_of_prefix(about, prefix);

		if (range_covers(range, &block))
			break;
		prefix++;
	}
	return prefix;
}

static void use(struct cache *cache, struct cache_entry *entry)
{
	if (cache->newest == entry)
		return;
	if (entry->newer)
		entry->newer->older = entry->older;
	if (entry->older)
		entry->older->newer = entry->newer;
	if (cache->oldest == entry)
		cache->oldest = entry->newer;
	entry->newer = NULL;
	entry->older = cache->newest;
	if (cache->newest)
		cache->newest->newer = entry;
	cache->newest = entry;
	if (!cache->oldest)
		cache->oldest = entry;
}

static void unlink_block(struct cache *cache, struct cache_entry *entry)
{
	struct cache_entry **at = &cache->blocks[entry->block_hash % TABLE_SIZE];

	if (entry->answer.about.family == FAMILY_NONE)
		return;
	while (*at != entry)
		at = &(*at)->next_block;
	*at = entry->next_block;
	cache->prefixes[family_at(&entry->answer.about)][entry->block_prefix]--;
}

static void unlink_unsaved(struct cache *cache, struct cache_entry *entry)
{
	struct cache_entry **at = &cache->unsaved;

	if (entry->answer.is_saved)
		return;
	while (*at && *at != entry)
		at = &(*at)->next_unsaved;
	if (*at)
		*at = entry->next_unsaved;
}

static void free_unused(struct cache *cache, struct cache_entry *entry)
{
	if (entry->users || entry->is_in)
		return;
	cache->size_bytes -= entry->size_bytes;
	free(entry);
}

static void take_out(struct cache *cache, struct cache_entry *entry)
{
	struct cache_entry **at = key_place(cache, entry->answer.key);

	while (*at != entry)
		at = &(*at)->next_key;
	*at = entry->next_key;
	unlink_block(cache, entry);
	unlink_unsaved(cache, entry);
	if (entry->newer)
		entry->newer->older = entry->older;
	else
		cache->newest = entry->older;
	if (entry->older)
		entry->older->newer = entry->newer;
	else
		cache->oldest = entry->newer;
	cache->count--;
	entry->is_in = false;
	free_unused(cache, entry);
}

void cache_free(struct cache *cache)
{
	if (!cache)
		return;
	while (cache->oldest)
		take_out(cache, cache->oldest);
	free(cache);
}

static struct cache_entry *find_key(struct cache *cache, struct slice key)
{
	struct cache_entry *entry = *key_place(cache, key);

	while (entry && !slice_equal(entry->answer.key, key))
		entry = entry->next_key;
	return entry;
}

struct cache_entry *cache_find(struct cache *cache, struct slice key)
{
	struct cache_entry *entry = find_key(cache, key);

	if (entry)
		use(cache, entry);
	return entry;
}

static struct cache_entry *find_block(struct cache *cache,
				      const struct address *address, unsigned prefix)
{
	uint64_t hash = block_hash(address, prefix);
	struct cache_entry *entry = cache->blocks[hash % TABLE_SIZE];

	while (entry && (entry->block_hash != hash || entry->block_prefix != prefix ||
			 !range_contains(&entry->answer.range, address)))
		entry = entry->next_block;
	return entry;
}

struct cache_entry *cache_find_address(struct cache *cache,
				       const struct address *address)
{
	const size_t *prefixes = cache->prefixes[family_at(address)];

	for (unsigned prefix = address_bits(address) + 1; prefix-- > 0;) {
		struct cache_entry *entry =
			prefixes[prefix] ? find_block(cache, address, prefix) : NULL;

		if (entry) {
			use(cache, entry);
			return entry;
		}
	}
	return NULL;
}

static struct slice put_bytes(char **at, struct slice from)
{
	struct slice copy = { *at, from.len };

	if (from.len)
		memcpy(*at, from.at, from.len);
	*at += from.len;
	return copy;
}

static struct cache_entry *entry_new(const struct cache_answer *answer)
{
	size_t size = sizeof(struct cache_entry) + answer->key.len +
		      answer->servers.len + answer->asked.len + answer->text.len;
	struct cache_entry *entry = allocate(size);
	char *at = entry->bytes;

	entry->size_bytes = size;
	entry->answer = *answer;
	entry->answer.key = put_bytes(&at, answer->key);
	entry->answer.servers = put_bytes(&at, answer->servers);
	entry->answer.asked = put_bytes(&at, answer->asked);
	entry->answer.text = put_bytes(&at, answer->text);
	return entry;
}

static void link_block(struct cache *cache, struct cache_entry *entry)
{
	const struct address *about = &entry->answer.about;
	struct cache_entry **at;

	if (about->family == FAMILY_NONE)
		return;
	entry->block_prefix = (uint8_t)block_prefix(&entry->answer.range, about);
	entry->block_hash = block_hash(about, entry->block_prefix);
	at = &cache->blocks[entry->block_hash % TABLE_SIZE];
	entry->next_block = *at;
	*at = entry;
	cache->prefixes[family_at(about)][entry->block_prefix]++;
}

struct cache_entry *cache_put(struct cache *cache, const struct cache_answer *answer)
{
	struct cache_entry *entry = entry_new(answer);
	struct cache_entry *before = find_key(cache, answer->key), **at;

	if (before)
		take_out(cache, before);
	cache->size_bytes += entry->size_bytes;
	entry->users = 1;
	while (cache->oldest && cache->size_bytes > cache->max_bytes)
		take_out(cache, cache->oldest);
	if (cache->size_bytes > cache->max_bytes)
		return entry; /* it alone is too much, with what is being sent */
	at = key_place(cache, entry->answer.key);
	entry->next_key = *at;
	*at = entry;
	entry->is_in = true;
	cache->count++;
	link_block(cache, entry);
	use(cache, entry);
	if (!answer->is_saved) {
		entry->next_unsaved = cache->unsaved;
		cache->unsaved = entry;
	}
	return entry;
}

void cache_hold(struct cache_entry *entry)
{
	entry->users++;
}

void cache_let_go(struct cache *cache, struct cache_entry *entry)
{
	entry->users--;
	free_unused(cache, entry);
}

bool cache_is_fresh(const struct cache_entry *entry, int64_t now)
{
	return now - entry->answer.asked_at < entry->answer.fresh_us;
}

size_t cache_size_bytes(const struct cache *cache)
{
	return cache->size_bytes;
}

size_t cache_count(const struct cache *cache)
{
	return cache->count;
}

bool cache_has_unsaved(const struct cache *cache)
{
	return cache->unsaved != NULL;
}

struct cache_entry *cache_next_unsaved(struct cache *cache)
{
	struct cache_entry *entry = cache->unsaved;

	if (!entry)
		return NULL;
	cache->unsaved = entry->next_unsaved;
	entry->answer.is_saved = true;
	return entry;
}
