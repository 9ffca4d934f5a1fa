#include "contact/budget_store.h"

/* Commits, or undoes what was begun. */
static int transaction_end(struct db *db, int status, struct error *err)
{
	if (status == 0 && db_commit(db, err) == 0)
		return 0;
	db_rollback(db);
	return -1;
}

/* What is older than a period counts no more. What lies further ahead than any lot can
 * was written before the clock was set back.                                            */
static int forget_old(struct db *db, const struct lot_wish *wish, struct error *err)
{
	struct statement *row = db_prepare(
		db, "DELETE FROM budget WHERE name = ?1 AND until <= ?2", err);

	if (!row)
		return -1;
	bind_text(row, 1, wish->name);
	bind_int(row, 2, wish->now - wish->period_us);
	if (db_run(row, err) != 0)
		return -1;
	row = db_prepare(
		db, "UPDATE budget SET until = ?2 WHERE name = ?1 AND until > ?2", err);
	if (!row)
		return -1;
	bind_text(row, 1, wish->name);
	bind_int(row, 2, wish->now + wish->life_us);
	return db_run(row, err);
}

static int sum_taken(struct db *db, struct slice name, int64_t *taken, int64_t *oldest,
		     struct error *err)
{
	struct statement *row = db_prepare(
		db,
		"SELECT coalesce(sum(taken), 0), coalesce(min(until), 0) FROM budget"
		" WHERE name = ?1",
		err);
	int step;

	if (!row)
		return -1;
	bind_text(row, 1, name);
	step = db_step(row, err);
	if (step == 1) {
		*taken = column_int(row, 0);
		*oldest = column_int(row, 1);
	}
	db_reset(row);
	return step < 0 ? -1 : 0;
}

static int lot_insert(struct db *db, const struct lot_wish *wish, struct lot *lot,
		      struct error *err)
{
	struct statement *row = db_prepare(
		db, "INSERT INTO budget (name, until, taken) VALUES (?1, ?2, ?3)", err);

	if (!row)
		return -1;
	bind_text(row, 1, wish->name);
	bind_int(row, 2, lot->until);
	bind_int(row, 3, lot->taken);
	if (db_run(row, err) != 0)
		return -1;
	lot->id = db_last_id(db);
	return 0;
}

static int take(struct db *db, const struct lot_wish *wish, struct lot *out,
		struct error *err)
{
	int64_t taken = 0, oldest = 0;
	struct lot lot = { .until = wish->now + wish->life_us };

	if (forget_old(db, wish, err) != 0 ||
	    sum_taken(db, wish->name, &taken, &oldest, err) != 0)
		return -1;
	lot.taken = wish->questions - taken;
	if (lot.taken > wish->size)
		lot.taken = wish->size;
	if (lot.taken <= 0) {
		*out = (struct lot){ .at = oldest + wish->period_us };
		return 0;
	}
	if (lot_insert(db, wish, &lot, err) != 0)
		return -1;
	*out = lot;
	return 0;
}

int lot_take(struct db *db, const struct lot_wish *wish, struct lot *out,
	     struct error *err)
{
	struct lot lot = { 0 };

	if (db_begin_light(db, err) != 0)
		return -1;
	if (transaction_end(db, take(db, wish, &lot, err), err) != 0)
		return -1;
	*out = lot;
	return 0;
}

int lot_return(struct db *db, int64_t id, int64_t used, int64_t last_used,
	       struct error *err)
{
	struct statement *row =
		used ? db_prepare(
			       db,
			       "UPDATE budget SET taken = ?2, until = ?3 WHERE id = ?1",
			       err)
		     : db_prepare(db, "DELETE FROM budget WHERE id = ?1", err);

	if (!row)
		return -1;
	bind_int(row, 1, id);
	if (used) {
		bind_int(row, 2, used);
		bind_int(row, 3, last_used);
	}
	return db_run(row, err);
}

int back_off_read(struct db *db, struct arena *arena, struct slice host,
		  struct back_off *out, struct error *err)
{
	struct statement *row =
		db_prepare(db,
			   "SELECT refused_at, until, times, words FROM back_off"
			   " WHERE host = ?1",
			   err);
	int step;

	*out = (struct back_off){ 0 };
	if (!row)
		return -1;
	bind_text(row, 1, host);
	step = db_step(row, err);
	if (step == 1)
		*out = (struct back_off){ column_int(row, 0), column_int(row, 1),
					  column_int(row, 2),
					  column_text(row, 3, arena) };
	db_reset(row);
	return step < 0 ? -1 : 0;
}

int back_off_keep(struct db *db, struct slice host, const struct back_off *back_off,
		  struct error *err)
{
	struct statement *row = db_prepare(db,
					   "INSERT OR REPLACE INTO back_off"
					   " (host, refused_at, until, times, words)"
					   " VALUES (?1, ?2, ?3, ?4, ?5)",
					   err);

	if (!row)
		return -1;
	bind_text(row, 1, host);
	bind_int(row, 2, back_off->refused_at);
	bind_int(row, 3, back_off->until);
	bind_int(row, 4, back_off->times);
	bind_text(row, 5, back_off->words);
	return db_run(row, err);
}

int back_off_forget(struct db *db, struct slice host, struct error *err)
{
	struct statement *row =
		db_prepare(db, "DELETE FROM back_off WHERE host = ?1", err);

	if (!row)
		return -1;
	bind_text(row, 1, host);
	return db_run(row, err);
}
