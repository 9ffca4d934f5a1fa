/* os/cache.h - files that can be made again, in a folder where only this user writes.
 *
 * Who could put a file there could make this program believe it. So a folder counts only
 * if it is one (and no link), belongs to the effective user and is open to nobody else,
 * and a file only if it is a regular one of the same user that nobody else may write.
 * Nothing here is an error: what cannot be had, trusted or written is not there.
 *
 * cache_open   makes the folder and what is missing above it (mode 0700), but only below a
 *              folder of this user: what root does with another's HOME leaves nothing.
 * cache_read   the whole file, added to `out`; false where there is none to trust, or it
 *              is larger than the buffer's maximum.
 * cache_write  replaces the file at once, then removes the oldest of the folder's files
 *              until `keep` are left. It is not synced: after a crash it may be there in
 *              part, so content has to carry its own proof. For the same reason no crash
 *              point stands here (os/point.h).                                          */
#ifndef OS_CACHE_H
#define OS_CACHE_H

#include "base/buffer.h"

struct cache {
	int folder; /* descriptor; -1: none */
};

MUST_CHECK bool cache_open(struct cache *cache, const char *folder);
void cache_close(struct cache *cache);
MUST_CHECK bool cache_read(const struct cache *cache, const char *name,
			   struct buffer *out);
bool cache_write(const struct cache *cache, const char *name, struct slice bytes,
		 size_t keep);

#endif
