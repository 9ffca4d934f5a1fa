/* input/spool.h - lines that come by no file, kept in files until they are counted.
 *
 * One file per sender, FOLDER/NAME.syslog, read like any other log: by content and
 * position, so what stands in it counts once, whoever is killed when. It begins with a
 * line of its own that no other file has. A full one is moved aside to NAME.syslog.1 and
 * removed once the store says that all of it was counted.
 *
 * Durability: spool_flush() hands everything to the kernel, so that no killed process
 * loses a line; spool_sync() to the disk, for a machine that loses its power: called once
 * a second, because a sync for every line would be the limit of what can be taken in.   */
#ifndef INPUT_SPOOL_H
#define INPUT_SPOOL_H

#include "db/db.h"

struct spool;

/* `folder` is made; lines that a killed process wrote in part are cut off. */
MUST_CHECK struct spool *spool_open(const char *folder, struct error *err);
void spool_free(struct spool *spool); /* NULL is fine; flushes and syncs */

enum { SPOOL_SENDERS_MAX = 256 };
enum spool_result {
	SPOOL_KEPT,
	SPOOL_FULL, /* the file is too long, and its predecessor not read yet   */
	SPOOL_MANY, /* too many senders                                          */
	SPOOL_FAILED, /* and err                                                 */
};
/* `lines` are whole lines. Kept in memory until spool_flush(), at most 1 MB. */
enum spool_result spool_add(struct spool *spool, struct slice name, struct slice lines,
			    struct error *err);
MUST_CHECK int spool_flush(struct spool *spool, struct error *err);
MUST_CHECK int spool_sync(struct spool *spool, struct error *err);
/* Removes what was moved aside and counted. */
MUST_CHECK int spool_clean(struct spool *spool, struct db *db, struct error *err);

#endif
