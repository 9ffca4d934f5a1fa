#include "incident/roll.h"

static int empty(const struct incident_roll *roll, struct error *err)
{
	struct statement *s = db_prepare(
		roll->db,
		"CREATE TEMP TABLE IF NOT EXISTS incident_roll (use INTEGER NOT NULL, part "
		"INTEGER NOT NULL, place INTEGER NOT NULL, incident TEXT NOT NULL, PRIMARY KEY "
		"(use, part, place)) STRICT, WITHOUT ROWID",
		err);

	if (!s || db_run(s, err) != 0)
		return -1;
	s = db_prepare(roll->db, "DELETE FROM incident_roll WHERE use = ?1", err);
	if (!s)
		return -1;
	bind_int(s, 1, roll->use);
	return db_run(s, err);
}

int incident_roll_begin(struct db *db, enum incident_roll_use use,
			struct incident_roll *out, struct error *err)
{
	*out = (struct incident_roll){ .db = db, .use = use };
	return empty(out, err);
}

int incident_roll_end(struct incident_roll *roll, struct error *err)
{
	struct statement *s =
		db_prepare(roll->db,
			   "SELECT max(part) + 1 FROM incident_roll WHERE use = ?1",
			   err);
	int step;

	if (!s)
		return -1;
	bind_int(s, 1, roll->use);
	step = db_step(s, err);
	if (step == 1)
		roll->count = (size_t)column_int(s, 0);
	db_reset(s);
	return step < 0 ? -1 : 0;
}

int incident_roll_all(struct db *db, struct incident_roll *out, struct error *err)
{
	struct statement *s;

	if (incident_roll_begin(db, INCIDENTS_JUDGED, out, err) != 0)
		return -1;
	s = db_prepare(
		db,
		"INSERT INTO incident_roll (use, part, place, incident) SELECT ?1, "
		"row_number() OVER (ORDER BY last, id) - 1, 0, id FROM incident",
		err);
	if (!s)
		return -1;
	bind_int(s, 1, out->use);
	return db_run(s, err) == 0 ? incident_roll_end(out, err) : -1;
}

int incident_roll_by_verdict(const struct incident_roll *from,
			     struct incident_roll *out, struct error *err)
{
	struct statement *s;

	if (incident_roll_begin(from->db, INCIDENTS_SHOWN, out, err) != 0)
		return -1;
	s = db_prepare(
		from->db,
		"INSERT INTO incident_roll (use, part, place, incident) SELECT ?1, "
		"row_number() OVER (ORDER BY CASE i.verdict WHEN 'report' THEN 0 WHEN "
		"'ignore' THEN 2 ELSE 1 END, l.part, l.place) - 1, 0, l.incident FROM "
		"incident_roll l JOIN incident i ON i.id = l.incident WHERE l.use = ?2",
		err);
	if (!s)
		return -1;
	bind_int(s, 1, out->use);
	bind_int(s, 2, from->use);
	return db_run(s, err) == 0 ? incident_roll_end(out, err) : -1;
}

static struct statement *part_select(const struct incident_roll *roll, size_t part,
				     struct error *err)
{
	struct statement *s = db_prepare(
		roll->db,
		"SELECT incident FROM incident_roll WHERE use = ?1 AND part = ?2 ORDER BY "
		"place",
		err);

	if (!s)
		return NULL;
	bind_int(s, 1, roll->use);
	bind_int(s, 2, (int64_t)part);
	return s;
}

int incident_roll_part(const struct incident_roll *roll, size_t part,
		       struct arena *arena, struct slices *out, struct error *err)
{
	struct statement *s = part_select(roll, part, err);
	int step;

	if (!s)
		return -1;
	while ((step = db_step(s, err)) == 1)
		*LIST_ADD(arena, out) = column_text(s, 0, arena);
	db_reset(s);
	return step;
}

int incident_roll_get(const struct incident_roll *roll, size_t part,
		      struct incident_name *out, struct error *err)
{
	struct statement *s = part_select(roll, part, err);
	int step;

	if (!s)
		return -1;
	step = db_step(s, err);
	*out = (struct incident_name){ "" };
	if (step == 1)
		(void)column_bytes(s, 0, out->text, INCIDENT_ID_LEN);
	db_reset(s);
	return step < 0 ? -1 : 0;
}

int incident_roll_sources(const struct incident_roll *roll, struct source_counts *out,
			  struct error *err)
{
	struct statement *s = db_prepare(
		roll->db,
		"SELECT count(*), sum(gravest = 0), sum(gravest = 1), sum(gravest = 2) FROM "
		"(SELECT max(CASE i.verdict WHEN 'report' THEN 2 WHEN 'ignore' THEN 0 ELSE 1 "
		"END) AS gravest FROM incident_roll l JOIN incident i ON i.id = l.incident "
		"WHERE l.use = ?1 GROUP BY i.source, CASE WHEN length(i.source) THEN x'' ELSE "
		"i.source_name END)",
		err);
	int step;

	if (!s)
		return -1;
	bind_int(s, 1, roll->use);
	step = db_step(s, err);
	*out = (struct source_counts){ 0 };
	if (step == 1) {
		out->all = (uint64_t)column_int(s, 0);
		for (int v = VERDICT_IGNORE; v <= VERDICT_REPORT; v++)
			out->of_verdict[v] = (uint64_t)column_int(s, v + 1);
	}
	db_reset(s);
	return step < 0 ? -1 : 0;
}
