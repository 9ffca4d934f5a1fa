/* incident/pool.h - small pieces of memory that are given back and taken again.
 *
 * Pieces are 8-byte aligned and not cleared. Who gives one back says how long it is.
 * Memory goes back to the system only with pool_free(); out of memory ends the process. */
#ifndef INCIDENT_POOL_H
#define INCIDENT_POOL_H

#include "base/arena.h"

struct pool;

struct pool *pool_new(void);
void pool_free(struct pool *pool); /* NULL is fine */
void pool_forget(struct pool *pool); /* all earlier pieces die */
void *pool_take(struct pool *pool, size_t size);
void pool_give(struct pool *pool, void *piece, size_t size);

#endif
