#include "contact/suppression.h"

int suppression_add(struct db *db, const struct suppression *row, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO suppression (scope, key, reason, at) VALUES (?1, ?2, ?3, ?4) ON "
		"CONFLICT DO UPDATE SET reason = excluded.reason",
		err);

	if (!s)
		return -1;
	bind_text(s, 1, row->scope);
	bind_text(s, 2, row->key);
	bind_text(s, 3, row->reason);
	bind_int(s, 4, row->at);
	return db_run(s, err);
}

int suppression_remove(struct db *db, const struct suppression *row, struct error *err)
{
	struct statement *s = db_prepare(
		db, "DELETE FROM suppression WHERE scope = ?1 AND key = ?2", err);

	if (!s)
		return -1;
	bind_text(s, 1, row->scope);
	bind_text(s, 2, row->key);
	if (db_run(s, err) != 0)
		return -1;
	if (db_changes(db) == 0)
		return error_set(err, ERROR_NOT_FOUND,
				 "'" SLICE_FMT "' is not on the stop list",
				 SLICE_ARG(row->key));
	return 0;
}

int suppression_list(struct db *db, struct arena *arena, struct suppressions *out,
		     struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT scope, key, reason, at FROM suppression ORDER BY scope, key",
		err);
	int step;

	if (!s)
		return -1;
	while ((step = db_step(s, err)) == 1)
		*LIST_ADD(arena, out) = (struct suppression){
			column_text(s, 0, arena),
			column_text(s, 1, arena),
			column_text(s, 2, arena),
			column_int(s, 3),
		};
	db_reset(s);
	return step;
}
