#include "incident/store.h"

static void row_read(struct statement *s, struct arena *arena,
		     const struct address *address, struct block *out)
{
	*out = (struct block){
		.by = column_text(s, 0, arena),
		.jail = column_text(s, 1, arena),
		.banned_at = column_int(s, 2),
		.unbanned_at = column_int(s, 3),
		.address = *address,
	};
}

int block_store_load(struct db *db, struct arena *arena, struct slice site,
		     const struct address *address, struct blocks *out,
		     struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT blocker, jail, banned_at, unbanned_at FROM block WHERE site = ?1 "
		"AND source = ?2 ORDER BY banned_at",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, site);
	bind_address(s, 2, address);
	while ((step = db_step(s, err)) == 1)
		row_read(s, arena, address, LIST_ADD(arena, out));
	db_reset(s);
	return step;
}

int block_store_save(struct db *db, struct slice site, const struct address *address,
		     const struct blocks *blocks, struct error *err)
{
	struct statement *drop = db_prepare(
		db, "DELETE FROM block WHERE site = ?1 AND source = ?2", err);
	struct statement *s = db_prepare(
		db,
		"INSERT INTO block (site, source, blocker, jail, banned_at, unbanned_at) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
		err);

	if (!s || !drop)
		return -1;
	bind_text(drop, 1, site);
	bind_address(drop, 2, address);
	if (db_run(drop, err) != 0)
		return -1;
	for (size_t i = 0; i < blocks->count; i++) {
		const struct block *block = &blocks->at[i];

		bind_text(s, 1, site);
		bind_address(s, 2, address);
		bind_text(s, 3, block->by);
		bind_blob(s, 4, block->jail);
		bind_int(s, 5, block->banned_at);
		bind_int(s, 6, block->unbanned_at);
		if (db_run(s, err) != 0)
			return -1;
	}
	return 0;
}

/* Of every address inside the incident's prefix. */
int block_store_of(struct db *db, struct arena *arena, struct incident *incident,
		   struct error *err)
{
	struct range range = range_of_prefix(&incident->source, incident->source_bits);
	struct statement *s = db_prepare(
		db,
		"SELECT blocker, jail, banned_at, unbanned_at, source FROM block WHERE site "
		"= (SELECT site FROM incident WHERE id = ?1) AND source BETWEEN ?2 AND ?3 "
		"AND length(source) = length(?2) ORDER BY banned_at, source",
		err);
	int step;

	if (!s)
		return -1;
	incident->blocks = (struct blocks){ 0 };
	bind_text(s, 1, slice_of(incident->id));
	bind_address(s, 2, &range.first);
	bind_address(s, 3, &range.last);
	while ((step = db_step(s, err)) == 1) {
		struct address address = column_address(s, 4);
		struct block block;

		row_read(s, arena, &address, &block);
		if (incident->blocks.count < BLOCKS_MAX &&
		    block_concerns(&block, incident))
			*LIST_ADD(arena, &incident->blocks) = block;
	}
	db_reset(s);
	return step;
}
