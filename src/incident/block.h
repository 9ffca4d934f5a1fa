/* incident/block.h - what we did about a source: since when we block it, and until when.
 *
 * The blocks of one address are few and bounded; they are kept by address and not by
 * incident, because a ban may be read before the attack it answers. The same ban told by
 * fail2ban's log and by its database is one block: a jail does not ban anybody twice
 * within BLOCK_SAME_US.                                                                  */
#ifndef INCIDENT_BLOCK_H
#define INCIDENT_BLOCK_H

#include "db/db.h"
#include "incident/incident.h"

enum { BLOCKS_MAX = 16 };
#define BLOCK_SAME_US (60 * INT64_C(1000000))

struct block_table;

struct block_table *block_table_new(struct slice site, struct db *db);
void block_table_free(struct block_table *table);

/* An event whose outcome is blocked or unblocked. */
MUST_CHECK int block_table_add(struct block_table *table, const struct event *event,
			       struct error *err);
/* Those of the incident's source that began with it or later, oldest first, in `arena`. */
void block_table_find(const struct block_table *table, struct arena *arena,
		      const struct incident *incident, struct blocks *out);
MUST_CHECK int block_table_save(struct block_table *table, struct error *err);
void block_table_forget(struct block_table *table);

/* Of one address: a block that began. */
void blocks_begin(struct arena *arena, struct blocks *blocks,
		  const struct block *block);
/* Whether a block of the incident's source is one of it. */
bool block_concerns(const struct block *block, const struct incident *incident);

/* The block that a report speaks of: one in force, else the one that ended last. NULL for
 * none, and for a prefix of which other addresses were seen too.                        */
const struct block *incident_block(const struct incident *incident);

#endif
