#include "proxy/allowance.h"

#include "base/digest.h"

#include <stdlib.h>

enum { SETS = 2048, WAYS = 8, IPV6_PREFIX = 64 };

struct bucket {
	struct address client; /* family 0: free */
	int64_t touched_at;
	int64_t microtokens;
};
struct allowance {
	struct allowance_options options;
	struct bucket buckets[SETS][WAYS];
};

enum { TOKEN = 1000000 };

struct allowance *allowance_new(const struct allowance_options *options)
{
	struct allowance *allowance = calloc(1, sizeof *allowance);

	if (!allowance)
		abort();
	allowance->options = *options;
	return allowance;
}

void allowance_free(struct allowance *allowance)
{
	free(allowance);
}

/* The client's own bucket, or a full one in place of the one that rests longest. */
static struct bucket *bucket_get(struct allowance *allowance,
				 const struct address *client, int64_t now)
{
	struct slice key = { (const char *)client->bytes, sizeof client->bytes };
	struct bucket *set = allowance->buckets[table_hash(key) % SETS], *oldest = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (address_equal(&set[i].client, client))
			return &set[i];
		if (set[i].touched_at < oldest->touched_at ||
		    set[i].client.family == FAMILY_NONE)
			oldest = &set[i];
	}
	*oldest = (struct bucket){ *client, now, allowance->options.burst * TOKEN };
	return oldest;
}

static void refill(const struct allowance *allowance, struct bucket *bucket,
		   int64_t now)
{
	int64_t most = allowance->options.burst * TOKEN;
	int64_t past = now - bucket->touched_at;

	if (past <= 0) /* a clock that was set back gives nothing */
		return;
	bucket->touched_at = now;
	if (past >= DAY_US)
		bucket->microtokens = most;
	else
		bucket->microtokens += past * allowance->options.a_minute / 60;
	if (bucket->microtokens > most)
		bucket->microtokens = most;
}

bool allowance_take(struct allowance *allowance, const struct address *client,
		    int64_t now)
{
	struct address masked = *client;
	struct bucket *bucket;

	if (allowance->options.a_minute == 0)
		return true;
	if (client->family == FAMILY_IPV6)
		masked = address_mask(client, IPV6_PREFIX);
	bucket = bucket_get(allowance, &masked, now);
	refill(allowance, bucket, now);
	if (bucket->microtokens < TOKEN)
		return false;
	bucket->microtokens -= TOKEN;
	return true;
}
