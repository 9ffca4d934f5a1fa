#include "incident/login.h"

#include "incident/store.h"

int login_store_add(struct db *db, struct slice site, const struct address *source,
		    const struct login *login, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO login (site, source, week, user, at) VALUES (?1, ?2, ?3, ?4, "
		"?5) ON CONFLICT DO UPDATE SET at = excluded.at WHERE excluded.at < at",
		err);

	if (!s)
		return -1;
	bind_text(s, 1, site);
	bind_address(s, 2, source);
	bind_int(s, 3, login_week(login->at));
	bind_blob(s, 4, login->user);
	bind_int(s, 5, login->at);
	return db_run(s, err);
}

/* Of every address inside the incident's prefix; those from a possible compromise on only
 * where a person said that it was none.                                                  */
int login_store_of(struct db *db, struct arena *arena, const struct settings *settings,
		   struct incident *incident, struct error *err)
{
	struct login_reach reach = login_reach(incident, settings);
	struct range range = range_of_prefix(&incident->source, incident->source_bits);
	struct statement *s;
	int step;

	incident->logins = (struct logins){ 0 };
	if (incident->base != CATEGORY_LOGIN_ATTACK ||
	    !settings->judge_known_login_us || incident->source.family == FAMILY_NONE)
		return 0;
	s = db_prepare(
		db,
		"WITH mine AS (SELECT site FROM incident WHERE id = ?1) SELECT user, at FROM "
		"login WHERE site = (SELECT site FROM mine) AND source BETWEEN ?2 AND ?3 AND "
		"length(source) = length(?2) AND week >= ?4 AND at <= ?5 AND at < "
		"coalesce((SELECT min(success_at) FROM incident WHERE site = (SELECT site "
		"FROM mine) AND source BETWEEN ?2 AND ?3 AND length(source) = length(?2) AND "
		"successes > 0 AND answered <> 'ours'), at + 1)",
		err);
	if (!s)
		return -1;
	bind_text(s, 1, slice_of(incident->id));
	bind_address(s, 2, &range.first);
	bind_address(s, 3, &range.last);
	bind_int(s, 4, reach.week);
	bind_int(s, 5, reach.until);
	while ((step = db_step(s, err)) == 1) {
		struct login login = { column_text(s, 0, arena), column_int(s, 1) };

		logins_take(arena, incident, &login);
	}
	db_reset(s);
	logins_end(incident);
	return step;
}

int login_store_prune(struct db *db, const struct settings *settings, int64_t now,
		      struct error *err)
{
	struct statement *s = db_prepare(db, "DELETE FROM login WHERE week < ?1", err);
	int64_t since = now - settings->judge_known_login_us -
			settings->judge_stale_us - settings->judge_window_us;

	if (!s)
		return -1;
	bind_int(s, 1, settings->judge_known_login_us ? login_week(since) : INT64_MAX);
	return db_run(s, err);
}
