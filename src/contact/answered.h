/* contact/answered.h - the addresses that answers.h was asked about, outside of memory.
 *
 * They stand in tables of the connection's own temporary file, which nobody else sees and
 * which goes with the connection.                                                        */
#ifndef CONTACT_ANSWERED_H
#define CONTACT_ANSWERED_H

#include "db/db.h"
#include "net/address.h"

struct answered {
	struct address address;
	int64_t since;
	uint32_t part; /* 0: none yet */
	struct slice names;
};

/* None are there. */
MUST_CHECK int answered_begin(struct db *db, struct error *err);
MUST_CHECK int answered_note(struct db *db, const struct address *address,
			     int64_t since, struct error *err);
/* Each gets a place, in their order; `count` is how many they are. */
MUST_CHECK int answered_sort(struct db *db, size_t *count, struct error *err);
/* Without its names. */
MUST_CHECK int answered_at(struct db *db, size_t place, struct answered *out,
			   struct error *err);
MUST_CHECK int answered_give(struct db *db, size_t place, uint32_t part,
			     struct slice names, struct error *err);
/* 1 found, 0 there is none, -1. */
MUST_CHECK int answered_find(struct db *db, struct arena *arena,
			     const struct address *address, struct answered *out,
			     struct error *err);

#endif
