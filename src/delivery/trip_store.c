#include "delivery/trip.h"

int trip_get(struct db *db, struct arena *arena, struct slice plus, struct trip *out,
	     bool *found, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT plus, token, out_id, back_id, began_at, out_at, back_at, envelope, spf, "
		"dkim FROM trip WHERE plus = ?1",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, plus);
	step = db_step(s, err);
	if (step == 1)
		*out = (struct trip){
			.plus = column_text(s, 0, arena),
			.token = column_text(s, 1, arena),
			.out_id = column_text(s, 2, arena),
			.back_id = column_text(s, 3, arena),
			.began_at = column_int(s, 4),
			.out_at = column_int(s, 5),
			.back_at = column_int(s, 6),
			.envelope = column_text(s, 7, arena),
			.spf = column_text(s, 8, arena),
			.dkim = column_text(s, 9, arena),
		};
	*found = step == 1;
	db_reset(s);
	return step < 0 ? -1 : 0;
}

int trip_put(struct db *db, const struct trip *trip, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT OR REPLACE INTO trip (plus, token, out_id, back_id, began_at, out_at, "
		"back_at, envelope, spf, dkim) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
		"?10)",
		err);

	if (!s)
		return -1;
	bind_text(s, 1, trip->plus);
	bind_text(s, 2, trip->token);
	bind_text(s, 3, trip->out_id);
	bind_text(s, 4, trip->back_id);
	bind_int(s, 5, trip->began_at);
	bind_int(s, 6, trip->out_at);
	bind_int(s, 7, trip->back_at);
	bind_text(s, 8, trip->envelope);
	bind_text(s, 9, trip->spf);
	bind_text(s, 10, trip->dkim);
	return db_run(s, err);
}

int trip_apply(struct db *db, struct arena *arena, struct settings *settings,
	       bool *untried, struct error *err)
{
	struct trip trip;
	bool found;

	*untried = false;
	if (!settings->plus.len)
		return 0;
	if (trip_get(db, arena, settings->plus, &trip, &found, err) != 0)
		return -1;
	if (found && trip.back_at)
		return 0;
	*untried = true;
	settings->plus = S("");
	return 0;
}
