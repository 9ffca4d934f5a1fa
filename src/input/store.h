/* input/store.h - positions in the store. Inside the caller's transaction where it writes.
 *
 * A position counts once: who commits a chunk must still see the same candidates as when
 * the chunk was begun (input_store_unchanged), else somebody else read on meanwhile and
 * the transaction is rolled back (DESIGN.md section 8).                                  */
#ifndef INPUT_STORE_H
#define INPUT_STORE_H

#include "db/db.h"
#include "input/input.h"

struct stored_position {
	int64_t id;
	struct input_position position;
	struct slice matcher; /* what lines leave behind for later lines             */
};
struct stored_positions {
	struct stored_position *at;
	size_t count, room;
};

/* Those whose head fits the input, the largest offset first. */
MUST_CHECK int input_store_find(struct db *db, struct arena *arena,
				const struct input *input, struct stored_positions *out,
				struct error *err);
/* Since when the log of this name is followed: since now, where it was not yet. A
 * statement of its own, in no transaction.                                            */
MUST_CHECK int input_store_follow(struct db *db, struct slice path, int64_t now,
				  int64_t *since, struct error *err);
bool stored_positions_same(const struct stored_positions *a,
			   const struct stored_positions *b);
/* Writes the row, as a new one where its id is 0, which is then set. */
MUST_CHECK int input_store_save(struct db *db, struct stored_position *row,
				struct slice path, int64_t now, struct error *err);

/* How far a source that is no file was read, by its own cursor. */
struct stored_cursor {
	struct slice cursor; /* empty: nothing was read                            */
	uint64_t line; /* lines so far                                            */
	struct slice matcher;
};
MUST_CHECK int input_cursor_find(struct db *db, struct arena *arena, struct slice name,
				 struct stored_cursor *out, struct error *err);
MUST_CHECK int input_cursor_save(struct db *db, struct slice name,
				 const struct stored_cursor *cursor, int64_t now,
				 struct error *err);

/* A row of a database, known by what it says: *fresh where it was not counted before, and
 * then it is now.                                                                       */
MUST_CHECK int input_store_record(struct db *db, const struct sha256 *print,
				  int64_t now, bool *fresh, struct error *err);

#endif
