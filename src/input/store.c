#include "input/store.h"

#include <string.h>

/* The lengths of heads there are: a young log was stored with a short one. */
static int head_lengths(struct db *db, struct arena *arena, uint32_t **out,
			size_t *count, struct error *err)
{
	struct statement *s =
		db_prepare(db, "SELECT DISTINCT head_len FROM input_position", err);
	struct {
		uint32_t *at;
		size_t count, room;
	} lengths = { 0 };
	int step;

	if (!s)
		return -1;
	while ((step = db_step(s, err)) == 1)
		*LIST_ADD(arena, &lengths) = (uint32_t)column_int(s, 0);
	db_reset(s);
	*out = lengths.at;
	*count = lengths.count;
	return step;
}

static int rows_with_head(struct db *db, struct arena *arena, uint32_t head_len,
			  const struct sha256 *head, struct stored_positions *out,
			  struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT id, offset, line, tail_len, tail_sha256, matcher FROM input_position "
		"WHERE head_sha256 = ?1 AND head_len = ?2",
		err);
	int step;

	if (!s)
		return -1;
	bind_blob(s, 1, sha256_slice(head));
	bind_int(s, 2, head_len);
	while ((step = db_step(s, err)) == 1) {
		struct stored_position *row = LIST_ADD(arena, out);

		row->id = column_int(s, 0);
		row->position = (struct input_position){
			.offset = (uint64_t)column_int(s, 1),
			.line = (uint64_t)column_int(s, 2),
			.head_len = head_len,
			.tail_len = (uint32_t)column_int(s, 3),
			.head = *head,
		};
		column_digest(s, 4, &row->position.tail);
		row->matcher = column_text(s, 5, arena);
	}
	db_reset(s);
	return step;
}

static void sort_by_offset(struct stored_positions *rows)
{
	for (size_t i = 1; i < rows->count; i++) {
		struct stored_position row = rows->at[i];
		size_t j = i;

		for (; j > 0 &&
		       (rows->at[j - 1].position.offset < row.position.offset ||
			(rows->at[j - 1].position.offset == row.position.offset &&
			 rows->at[j - 1].id > row.id));
		     j--)
			rows->at[j] = rows->at[j - 1];
		rows->at[j] = row;
	}
}

int input_store_find(struct db *db, struct arena *arena, const struct input *input,
		     struct stored_positions *out, struct error *err)
{
	uint32_t *lengths = NULL;
	size_t count = 0;

	*out = (struct stored_positions){ 0 };
	if (head_lengths(db, arena, &lengths, &count, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct sha256 head;

		if (input_head(input, lengths[i], &head) &&
		    rows_with_head(db, arena, lengths[i], &head, out, err) != 0)
			return -1;
	}
	sort_by_offset(out);
	return 0;
}

static int followed_since(struct db *db, struct slice path, int64_t *since,
			  struct error *err)
{
	struct statement *s =
		db_prepare(db, "SELECT since FROM input_followed WHERE path = ?1", err);
	int step;

	if (!s)
		return -1;
	bind_blob(s, 1, path);
	step = db_step(s, err);
	if (step == 1)
		*since = column_int(s, 0);
	db_reset(s);
	return step;
}

int input_store_follow(struct db *db, struct slice path, int64_t now, int64_t *since,
		       struct error *err)
{
	int known = followed_since(db, path, since, err);
	struct statement *s;

	if (known != 0)
		return known < 0 ? -1 : 0;
	s = db_prepare(db,
		       "INSERT OR IGNORE INTO input_followed (path, since) "
		       "VALUES (?1, ?2)",
		       err);
	if (!s)
		return -1;
	bind_blob(s, 1, path);
	bind_int(s, 2, now);
	*since = now;
	return db_run(s, err);
}

bool stored_positions_same(const struct stored_positions *a,
			   const struct stored_positions *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (a->at[i].id != b->at[i].id ||
		    a->at[i].position.offset != b->at[i].position.offset)
			return false;
	return true;
}

static int row_insert(struct db *db, struct stored_position *row, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO input_position (head_len, head_sha256, offset, tail_len, "
		"tail_sha256, line, path, matcher, seen_at) VALUES (0, x'', 0, 0, x'', 0, "
		"x'', x'', 0)",
		err);

	if (!s || db_run(s, err) != 0)
		return -1;
	row->id = db_last_id(db);
	return 0;
}

int input_store_save(struct db *db, struct stored_position *row, struct slice path,
		     int64_t now, struct error *err)
{
	const struct input_position *position = &row->position;
	struct statement *s = db_prepare(
		db,
		"UPDATE input_position SET head_len = ?2, head_sha256 = ?3, offset = ?4, "
		"tail_len = ?5, tail_sha256 = ?6, line = ?7, path = ?8, matcher = ?9, "
		"seen_at = ?10 WHERE id = ?1",
		err);

	if (!s || (row->id == 0 && row_insert(db, row, err) != 0))
		return -1;
	bind_int(s, 1, row->id);
	bind_int(s, 2, position->head_len);
	bind_blob(s, 3, sha256_slice(&position->head));
	bind_int(s, 4, (int64_t)position->offset);
	bind_int(s, 5, position->tail_len);
	bind_blob(s, 6, sha256_slice(&position->tail));
	bind_int(s, 7, (int64_t)position->line);
	bind_blob(s, 8, path);
	bind_blob(s, 9, row->matcher);
	bind_int(s, 10, now);
	return db_run(s, err);
}

int input_store_record(struct db *db, const struct sha256 *print, int64_t now,
		       bool *fresh, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO input_record (sha256, seen_at) VALUES (?1, ?2) ON CONFLICT DO "
		"NOTHING",
		err);

	if (!s)
		return -1;
	bind_blob(s, 1, sha256_slice(print));
	bind_int(s, 2, now);
	if (db_run(s, err) != 0)
		return -1;
	*fresh = db_changes(db) == 1;
	return 0;
}

int input_cursor_find(struct db *db, struct arena *arena, struct slice name,
		      struct stored_cursor *out, struct error *err)
{
	struct statement *s = db_prepare(
		db, "SELECT cursor, line, matcher FROM input_cursor WHERE name = ?1",
		err);
	int step;

	*out = (struct stored_cursor){ 0 };
	if (!s)
		return -1;
	bind_blob(s, 1, name);
	step = db_step(s, err);
	if (step == 1) {
		out->cursor = column_text(s, 0, arena);
		out->line = (uint64_t)column_int(s, 1);
		out->matcher = column_text(s, 2, arena);
	}
	db_reset(s);
	return step < 0 ? -1 : 0;
}

int input_cursor_save(struct db *db, struct slice name,
		      const struct stored_cursor *cursor, int64_t now,
		      struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT OR REPLACE INTO input_cursor (name, cursor, line, matcher, "
		"seen_at) VALUES (?1, ?2, ?3, ?4, ?5)",
		err);

	if (!s)
		return -1;
	bind_blob(s, 1, name);
	bind_blob(s, 2, cursor->cursor);
	bind_int(s, 3, (int64_t)cursor->line);
	bind_blob(s, 4, cursor->matcher);
	bind_int(s, 5, now);
	return db_run(s, err);
}
