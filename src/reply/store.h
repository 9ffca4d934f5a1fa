/* reply/store.h - the case that a mail which came back belongs to. */
#ifndef REPLY_STORE_H
#define REPLY_STORE_H

#include "db/db.h"
#include "reply/reply.h"

/* By its keys, of what left or may have left; *kase is empty where none fits. */
MUST_CHECK int reply_store_case(struct db *db, struct arena *arena,
				const struct reply *reply, struct slice *kase,
				struct error *err);

#endif
