#include "proxy/store.h"

enum { SAVE_MAX = 4096 }; /* answers in one transaction */

static void row_read(struct statement *s, struct arena *arena, struct cache_answer *out)
{
	*out = (struct cache_answer){
		.key = column_text(s, 0, arena),
		.asked_at = column_int(s, 1),
		.fresh_us = column_int(s, 2),
		.servers = column_text(s, 3, arena),
		.asked = column_text(s, 4, arena),
		.text = column_text(s, 5, arena),
		.about = column_address(s, 6),
		.range = { column_address(s, 7), column_address(s, 8) },
		.is_saved = true,
	};
	/* a range that does not hold its address speaks for nobody (S23) */
	if (out->about.family == FAMILY_NONE ||
	    !range_contains(&out->range, &out->about))
		out->about.family = FAMILY_NONE;
}

int proxy_store_load(struct db *db, struct cache *cache, int64_t now, struct error *err)
{
	/* the newest last, so that they are the last to make room */
	struct statement *s = db_prepare(
		db,
		"SELECT key, asked_at, fresh_us, servers, asked, text, about, first, "
		"last FROM whois_answer WHERE asked_at > ?1 ORDER BY asked_at",
		err);
	struct arena *arena;
	int step;

	if (!s)
		return -1;
	arena = arena_new();
	bind_int(s, 1, now - CACHE_STALE_US);
	while ((step = db_step(s, err)) == 1) {
		struct cache_answer answer;

		row_read(s, arena, &answer);
		cache_let_go(cache, cache_put(cache, &answer));
		arena_reset(arena);
	}
	db_reset(s);
	arena_free(arena);
	return step;
}

static int entry_save(struct db *db, const struct cache_answer *answer,
		      struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT OR REPLACE INTO whois_answer (key, asked_at, fresh_us, servers, "
		"asked, text, about, first, last) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
		"?9)",
		err);
	struct range range = answer->range;

	if (!s)
		return -1;
	if (answer->about.family == FAMILY_NONE)
		range = (struct range){ 0 };
	bind_blob(s, 1, answer->key);
	bind_int(s, 2, answer->asked_at);
	bind_int(s, 3, answer->fresh_us);
	bind_blob(s, 4, answer->servers);
	bind_blob(s, 5, answer->asked);
	bind_blob(s, 6, answer->text);
	bind_address(s, 7, &answer->about);
	bind_address(s, 8, &range.first);
	bind_address(s, 9, &range.last);
	return db_run(s, err);
}

static int forget_old(struct db *db, int64_t now, struct error *err)
{
	struct statement *s =
		db_prepare(db, "DELETE FROM whois_answer WHERE asked_at <= ?1", err);

	if (!s)
		return -1;
	bind_int(s, 1, now - CACHE_STALE_US);
	return db_run(s, err);
}

/* The oldest go: those behind the newest ones that fit. */
static int forget_many(struct db *db, size_t max_bytes, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"DELETE FROM whois_answer WHERE key IN (SELECT key FROM (SELECT key, "
		"SUM(length(text) + 200) OVER (ORDER BY asked_at DESC, key) AS held FROM "
		"whois_answer) WHERE held > ?1)",
		err);

	if (!s)
		return -1;
	bind_int(s, 1, (int64_t)max_bytes);
	return db_run(s, err);
}

int proxy_store_save(struct db *db, struct cache *cache, size_t max_bytes, int64_t now,
		     struct error *err)
{
	struct cache_entry *entry;

	if (!cache_has_unsaved(cache))
		return 0;
	if (db_begin(db, err) != 0)
		return -1;
	for (int i = 0; i < SAVE_MAX && (entry = cache_next_unsaved(cache)); i++)
		if (entry_save(db, &entry->answer, err) != 0)
			goto rollback;
	if (forget_old(db, now, err) != 0 || forget_many(db, max_bytes, err) != 0)
		goto rollback;
	if (db_commit(db, err) == 0)
		return 0;
rollback:
	db_rollback(db);
	return -1;
}
