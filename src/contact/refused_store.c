#include "contact/refused.h"

int refused_add(struct db *db, struct slice address, int64_t at, struct slice words,
		struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO refused (address, at, words) VALUES (lower(?1), ?2, ?3) ON "
		"CONFLICT DO UPDATE SET at = excluded.at, words = excluded.words",
		err);

	if (!s)
		return -1;
	bind_text(s, 1, address);
	bind_int(s, 2, at);
	bind_text(s, 3, words);
	return db_run(s, err);
}

int refused_list(struct db *db, struct arena *arena, int64_t since,
		 struct refused_rows *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT address, words, at FROM refused WHERE at > ?1 ORDER BY address",
		err);
	int step;

	if (!s)
		return -1;
	bind_int(s, 1, since);
	while ((step = db_step(s, err)) == 1)
		*LIST_ADD(arena, out) = (struct refused){
			column_text(s, 0, arena),
			column_text(s, 1, arena),
			column_int(s, 2),
		};
	db_reset(s);
	return step;
}
