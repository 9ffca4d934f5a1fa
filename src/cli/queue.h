/* cli/queue.h - what the commands of the review queue share. */
#ifndef CLI_QUEUE_H
#define CLI_QUEUE_H

#include "case/store.h"
#include "cli/workplace.h"

/* Runs `act` on each case named in the arguments, each in one transaction; the first
 * failure ends it. The exit code.                                                        */
int cases_each(struct run *run,
	       int (*act)(struct run *run, struct db *db, const struct kase *kase));
/* The same for acts that only read: without a transaction, so nobody waits. */
int cases_read(struct run *run,
	       int (*act)(struct run *run, struct db *db, const struct kase *kase));

#endif
