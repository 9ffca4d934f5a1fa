#include "incident/store.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "incident/login.h"
#include "incident/sketch.h"

#include <inttypes.h>
#include <stdio.h>

#define COLUMNS                                                                   \
	"id, source, source_bits, source_name, resolved_at, base, category, "     \
	"window_start, first, last, count, successes, success_at, minute_at, "    \
	"minute_count, peak, certainty, time_basis, verdict, reasons, answered, " \
	"last_port, steps, steps_next, early"

/* Of incident_sketch: the hosts of ours; other kinds are enum incident_list. */
enum { SKETCH_TARGETS = 100 };

static enum category category_from(struct slice name)
{
	enum category category = CATEGORY_PROBE;

	/* a name that only a newer version knows stays the mildest */
	(void)(category_parse(name, &category) == 0);
	return category;
}

static enum verdict verdict_from(struct slice name)
{
	for (int v = VERDICT_IGNORE; v <= VERDICT_REPORT; v++)
		if (slice_equal(name, slice_of(verdict_name((enum verdict)v))))
			return (enum verdict)v;
	return VERDICT_HOLD;
}

static void lines_split(struct arena *arena, struct slice text, struct slices *out)
{
	struct slice line;

	if (!text.len)
		return;
	while (slice_next(&text, '\n', &line))
		*LIST_ADD(arena, out) = line;
}

/* Of acts that detectors alone told: what is empty was counted by an older version. */
#define NONE_EARLY "none"

/* What an older version counted has none: then its first act stands for all. */
static void early_read(struct slice text, struct incident *out)
{
	struct slice one;
	uint64_t at;

	if (!text.len && out->base == CATEGORY_LOGIN_ATTACK)
		early_add(&out->early, out->first, out->count);
	while (text.len && slice_next(&text, ' ', &one))
		if (slice_to_u64(one, INT64_MAX, &at) == 0)
			early_add(&out->early, (int64_t)at, 1);
}

static struct slice early_text(const struct early *early, char *room, size_t size)
{
	size_t len = 0;

	if (early->count == 0)
		return S(NONE_EARLY);
	for (size_t i = 0; i < early->count; i++)
		len += (size_t)snprintf(room + len, size - len, "%s%" PRId64,
					i ? " " : "", early->at[i]);
	return (struct slice){ room, len };
}

static void row_read(struct statement *s, struct arena *arena, struct incident *out)
{
	struct slice id = column_text(s, 0, arena);

	*out = (struct incident){
		.source = column_address(s, 1),
		.source_bits = (uint8_t)column_int(s, 2),
		.source_name = column_text(s, 3, arena),
		.resolved_at = column_int(s, 4),
		.base = category_from(column_text(s, 5, arena)),
		.category = category_from(column_text(s, 6, arena)),
		.window_start = column_int(s, 7),
		.first = column_int(s, 8),
		.last = column_int(s, 9),
		.count = (uint64_t)column_int(s, 10),
		.successes = (uint64_t)column_int(s, 11),
		.success_at = column_int(s, 12),
		.minute_at = column_int(s, 13),
		.minute_count = (uint64_t)column_int(s, 14),
		.peak = (uint64_t)column_int(s, 15),
		.certainty = (enum certainty)column_int(s, 16),
		.time_basis = (enum time_basis)column_int(s, 17),
		.verdict = verdict_from(column_text(s, 18, arena)),
		.answered = column_text(s, 20, arena),
		.last_port = (uint16_t)column_int(s, 21),
		.steps = (uint64_t)column_int(s, 22),
		.steps_next = (uint64_t)column_int(s, 23),
	};
	snprintf(out->id, sizeof out->id, SLICE_FMT, SLICE_ARG(id));
	lines_split(arena, column_text(s, 19, arena), &out->reasons);
	early_read(column_text(s, 24, arena), out);
}

static int facts_load(struct db *db, struct arena *arena, struct incident *incident,
		      struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT kind, value, count FROM incident_fact WHERE incident = ?1 "
		"ORDER BY kind, count DESC, value",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, slice_of(incident->id));
	while ((step = db_step(s, err)) == 1) {
		int64_t kind = column_int(s, 0);
		struct slice value = column_text(s, 1, arena);
		uint64_t count = (uint64_t)column_int(s, 2);

		if (kind < 0 || kind >= LIST_COUNT)
			continue;
		if (value.len)
			*LIST_ADD(arena, &incident->lists[kind]) =
				(struct tally_item){ value, count };
		else
			incident->lists[kind].beyond = count;
	}
	db_reset(s);
	return step;
}

static int targets_load(struct db *db, struct arena *arena, struct incident *incident,
			struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT host, address, name, count FROM incident_target WHERE incident = ?1 "
		"ORDER BY count DESC, host, address",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, slice_of(incident->id));
	while ((step = db_step(s, err)) == 1)
		*LIST_ADD(arena, &incident->targets) = (struct incident_target){
			.host = column_text(s, 0, arena),
			.address = column_address(s, 1),
			.name = column_text(s, 2, arena),
			.count = (uint64_t)column_int(s, 3),
		};
	db_reset(s);
	return step;
}

/* A sketch that is none costs an estimate, no more. */
static int sketches_load(struct db *db, struct arena *arena, struct incident *incident,
			 struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT kind, registers, beyond FROM incident_sketch WHERE incident = ?1",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, slice_of(incident->id));
	while ((step = db_step(s, err)) == 1) {
		struct sketch *sketch = ARENA_NEW(arena, struct sketch);
		int64_t kind = column_int(s, 0);

		if (sketch_from(column_text(s, 1, arena), sketch) != 0)
			continue;
		if (kind == SKETCH_TARGETS) {
			incident->targets.sketch = sketch;
			incident->targets.beyond = (uint64_t)column_int(s, 2);
		} else if (kind >= 0 && kind < LIST_COUNT) {
			incident->lists[kind].sketch = sketch;
		}
	}
	db_reset(s);
	return step;
}

static void evidence_read(struct statement *s, struct arena *arena,
			  struct evidence *out)
{
	*out = (struct evidence){
		.at = column_int(s, 0),
		.time_basis = (enum time_basis)column_int(s, 1),
		.file = column_text(s, 2, arena),
		.line = (uint64_t)column_int(s, 3),
		.text = column_text(s, 4, arena),
		.user = column_text(s, 5, arena),
		.source_port = (uint16_t)column_int(s, 6),
		.target_port = (uint16_t)column_int(s, 8),
	};
	column_digest(s, 7, &out->sha256);
}

static int evidence_load(struct db *db, struct arena *arena, struct incident *incident,
			 struct stored *stored, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT at, time_basis, file, line, text, user, source_port, sha256, "
		"target_port FROM evidence WHERE incident = ?1 ORDER BY id",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, slice_of(incident->id));
	while ((step = db_step(s, err)) == 1)
		evidence_read(s, arena, LIST_ADD(arena, &incident->evidence));
	db_reset(s);
	if (step < 0)
		return -1;
	stored->sealed = incident->evidence.count;
	s = db_prepare(
		db,
		"SELECT at, time_basis, file, line, text, user, source_port, sha256, "
		"target_port FROM evidence_last WHERE incident = ?1",
		err);
	if (!s)
		return -1;
	bind_text(s, 1, slice_of(incident->id));
	step = db_step(s, err);
	stored->has_last = step == 1;
	if (step == 1)
		evidence_read(s, arena, &stored->last);
	db_reset(s);
	return step < 0 ? -1 : 0;
}

static int in_case(struct db *db, const struct incident *incident, bool *out,
		   struct error *err)
{
	struct statement *s =
		db_prepare(db, "SELECT 1 FROM case_incident WHERE incident = ?1", err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, slice_of(incident->id));
	step = db_step(s, err);
	*out = step == 1;
	db_reset(s);
	return step < 0 ? -1 : 0;
}

static int lists_load(struct db *db, struct arena *arena, struct incident *incident,
		      struct error *err)
{
	if (facts_load(db, arena, incident, err) != 0 ||
	    targets_load(db, arena, incident, err) != 0)
		return -1;
	return sketches_load(db, arena, incident, err);
}

static int details_load(struct db *db, struct arena *arena, struct incident *incident,
			struct stored *stored, struct error *err)
{
	snprintf(stored->id, sizeof stored->id, "%s", incident->id);
	if (lists_load(db, arena, incident, err) != 0 ||
	    evidence_load(db, arena, incident, stored, err) != 0)
		return -1;
	return in_case(db, incident, &stored->in_case, err);
}

int incident_store_load(struct db *db, struct arena *arena, struct slice site,
			const struct incident *like, struct stored_list *out,
			struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT " COLUMNS
		" FROM incident WHERE site = ?1 AND source = ?2 AND base = ?3 "
		"AND (length(?4) = 0 OR source_name = ?4) AND (base <> 'login-attack' AND "
		"certainty IN (0, 2)) = ?5 ORDER BY window_start",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, site);
	bind_address(s, 2, &like->source);
	bind_text(s, 3, slice_of(category_name(like->base)));
	bind_text(s, 4,
		  like->source.family ? (struct slice){ NULL, 0 } : like->source_name);
	bind_int(s, 5, incident_forgeable(like));
	while ((step = db_step(s, err)) == 1)
		row_read(s, arena, &LIST_ADD(arena, out)->incident);
	db_reset(s);
	for (size_t i = 0; step == 0 && i < out->count; i++)
		step = details_load(db, arena, &out->at[i].incident, &out->at[i].stored,
				    err);
	return step < 0 ? -1 : 0;
}

/* The id follows the window's start; children follow the id by ON UPDATE CASCADE. */
static int row_write(struct db *db, struct slice site, const struct incident *incident,
		     struct slice stored_id, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO incident (id, site, source, source_bits, source_name, "
		"resolved_at, base, category, window_start, first, last, count, successes, "
		"success_at, minute_at, minute_count, peak, certainty, time_basis, verdict, "
		"reasons, last_port, steps, steps_next, early) VALUES (?1, ?2, ?3, ?4, ?5, ?6, "
		"?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, 'hold', '', "
		"?20, ?21, ?22, ?23) "
		"ON CONFLICT (id) DO UPDATE SET source_name = excluded.source_name, "
		"resolved_at = excluded.resolved_at, category = excluded.category, "
		"window_start = excluded.window_start, first = excluded.first, "
		"last = excluded.last, count = excluded.count, "
		"successes = excluded.successes, success_at = excluded.success_at, "
		"minute_at = excluded.minute_at, minute_count = excluded.minute_count, "
		"peak = excluded.peak, certainty = excluded.certainty, "
		"time_basis = excluded.time_basis, last_port = excluded.last_port, "
		"steps = excluded.steps, steps_next = excluded.steps_next, "
		"early = excluded.early",
		err);
	struct statement *rename = db_prepare(
		db, "UPDATE incident SET id = ?1, window_start = ?3 WHERE id = ?2",
		err);
	char early[EARLY_MAX * 24];

	if (!s || !rename)
		return -1;
	if (stored_id.len && !slice_equal(stored_id, slice_of(incident->id))) {
		bind_text(rename, 1, slice_of(incident->id));
		bind_text(rename, 2, stored_id);
		bind_int(rename, 3, incident->window_start);
		if (db_run(rename, err) != 0)
			return -1;
	}
	bind_text(s, 1, slice_of(incident->id));
	bind_text(s, 2, site);
	bind_address(s, 3, &incident->source);
	bind_int(s, 4, incident->source_bits);
	bind_blob(s, 5, incident->source_name);
	bind_int(s, 6, incident->resolved_at);
	bind_text(s, 7, slice_of(category_name(incident->base)));
	bind_text(s, 8, slice_of(category_name(incident->category)));
	bind_int(s, 9, incident->window_start);
	bind_int(s, 10, incident->first);
	bind_int(s, 11, incident->last);
	bind_int(s, 12, (int64_t)incident->count);
	bind_int(s, 13, (int64_t)incident->successes);
	bind_int(s, 14, incident->success_at);
	bind_int(s, 15, incident->minute_at);
	bind_int(s, 16, (int64_t)incident->minute_count);
	bind_int(s, 17, (int64_t)incident->peak);
	bind_int(s, 18, incident->certainty);
	bind_int(s, 19, incident->time_basis);
	bind_int(s, 20, incident->last_port);
	bind_int(s, 21, (int64_t)incident->steps);
	bind_int(s, 22, (int64_t)incident->steps_next);
	bind_text(s, 23, early_text(&incident->early, early, sizeof early));
	return db_run(s, err);
}

static int fact_write(struct db *db, const struct incident *incident, int kind,
		      struct slice value, uint64_t count, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO incident_fact (incident, kind, value, count) VALUES (?1, ?2, ?3, "
		"?4) ON CONFLICT DO UPDATE SET count = excluded.count",
		err);

	if (!s)
		return -1;
	bind_text(s, 1, slice_of(incident->id));
	bind_int(s, 2, kind);
	bind_blob(s, 3, value);
	bind_int(s, 4, (int64_t)count);
	return db_run(s, err);
}

static int facts_write(struct db *db, const struct incident *incident,
		       struct error *err)
{
	for (int kind = 0; kind < LIST_COUNT; kind++) {
		const struct tally *tally = &incident->lists[kind];

		for (size_t i = 0; i < tally->count; i++)
			if (fact_write(db, incident, kind, tally->at[i].text,
				       tally->at[i].count, err) != 0)
				return -1;
		if (tally->beyond &&
		    fact_write(db, incident, kind, S(""), tally->beyond, err) != 0)
			return -1;
	}
	return 0;
}

static int targets_write(struct db *db, const struct incident *incident,
			 struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO incident_target (incident, host, address, name, count) VALUES "
		"(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET count = excluded.count, "
		"name = excluded.name",
		err);

	if (!s)
		return -1;
	for (size_t i = 0; i < incident->targets.count; i++) {
		const struct incident_target *target = &incident->targets.at[i];

		bind_text(s, 1, slice_of(incident->id));
		bind_blob(s, 2, target->host);
		bind_address(s, 3, &target->address);
		bind_text(s, 4, target->name);
		bind_int(s, 5, (int64_t)target->count);
		if (db_run(s, err) != 0)
			return -1;
	}
	return 0;
}

static int sketch_write(struct db *db, const struct incident *incident, int kind,
			const struct sketch *sketch, uint64_t beyond, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO incident_sketch (incident, kind, registers, beyond) VALUES (?1, "
		"?2, ?3, ?4) ON CONFLICT DO UPDATE SET registers = excluded.registers, "
		"beyond = excluded.beyond",
		err);

	if (!s)
		return -1;
	bind_text(s, 1, slice_of(incident->id));
	bind_int(s, 2, kind);
	bind_blob(s, 3, sketch_bytes(sketch));
	bind_int(s, 4, (int64_t)beyond);
	return db_run(s, err);
}

static int sketches_write(struct db *db, const struct incident *incident,
			  struct error *err)
{
	const struct incident_targets *targets = &incident->targets;

	for (int kind = 0; kind < LIST_COUNT; kind++)
		if (incident->lists[kind].sketch &&
		    sketch_write(db, incident, kind, incident->lists[kind].sketch, 0,
				 err) != 0)
			return -1;
	if (!targets->sketch)
		return 0;
	return sketch_write(db, incident, SKETCH_TARGETS, targets->sketch,
			    targets->beyond, err);
}

static void evidence_bind(struct statement *s, const struct incident *incident,
			  const struct evidence *evidence)
{
	bind_text(s, 1, slice_of(incident->id));
	bind_int(s, 2, evidence->at);
	bind_int(s, 3, evidence->time_basis);
	bind_blob(s, 4, evidence->file);
	bind_int(s, 5, (int64_t)evidence->line);
	bind_blob(s, 6, evidence->text);
	bind_blob(s, 7, evidence->user);
	bind_int(s, 8, evidence->source_port);
	bind_int(s, 9, evidence->target_port);
	bind_blob(s, 10, sha256_slice(&evidence->sha256));
}

static int chain_head(struct db *db, struct sha256 *out, struct error *err)
{
	struct statement *s = db_prepare(
		db, "SELECT chain_sha256 FROM evidence ORDER BY id DESC LIMIT 1", err);
	int step;

	if (!s)
		return -1;
	*out = (struct sha256){ { 0 } };
	step = db_step(s, err);
	if (step == 1)
		column_digest(s, 0, out);
	db_reset(s);
	return step < 0 ? -1 : 0;
}

static int evidence_seal(struct db *db, const struct incident *incident,
			 const struct evidence *evidence, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO evidence (incident, at, time_basis, file, line, text, user, "
		"source_port, target_port, sha256, chain_sha256) VALUES (?1, ?2, ?3, ?4, ?5, "
		"?6, ?7, ?8, ?9, ?10, ?11)",
		err);
	struct sha256 head, next;
	struct slice parts[2];

	if (!s || chain_head(db, &head, err) != 0)
		return -1;
	parts[0] = sha256_slice(&head);
	parts[1] = sha256_slice(&evidence->sha256);
	next = sha256_of_parts(parts, 2);
	evidence_bind(s, incident, evidence);
	bind_blob(s, 11, sha256_slice(&next));
	return db_run(s, err);
}

static int last_write(struct db *db, const struct incident *incident,
		      const struct stored *stored, struct error *err)
{
	struct statement *drop =
		db_prepare(db, "DELETE FROM evidence_last WHERE incident = ?1", err);
	struct statement *s = db_prepare(
		db,
		"INSERT INTO evidence_last (incident, at, time_basis, file, line, text, user, "
		"source_port, target_port, sha256) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
		"?9, ?10)",
		err);

	if (!s || !drop)
		return -1;
	bind_text(drop, 1, slice_of(incident->id));
	if (db_run(drop, err) != 0)
		return -1;
	if (!stored->has_last)
		return 0;
	evidence_bind(s, incident, &stored->last);
	return db_run(s, err);
}

int incident_store_save(struct db *db, struct slice site,
			const struct incident *incident, struct stored *stored,
			struct error *err)
{
	if (row_write(db, site, incident, slice_of(stored->id), err) != 0 ||
	    facts_write(db, incident, err) != 0 ||
	    targets_write(db, incident, err) != 0 ||
	    sketches_write(db, incident, err) != 0)
		return -1;
	for (size_t i = stored->sealed; i < incident->evidence.count; i++)
		if (evidence_seal(db, incident, &incident->evidence.at[i], err) != 0)
			return -1;
	stored->sealed = incident->evidence.count;
	snprintf(stored->id, sizeof stored->id, "%s", incident->id);
	stored->changed = false;
	return last_write(db, incident, stored, err);
}

int incident_store_counts(struct db *db, struct arena *arena, struct slice id,
			  struct incident *out, struct error *err)
{
	struct statement *s =
		db_prepare(db, "SELECT " COLUMNS " FROM incident WHERE id = ?1", err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, id);
	step = db_step(s, err);
	if (step == 1)
		row_read(s, arena, out);
	db_reset(s);
	if (step == 0)
		return error_set(err, ERROR_NOT_FOUND,
				 "no incident '" SLICE_FMT
				 "': 'tipoff show CASE' and the alarm of 'tipoff "
				 "draft' tell their names",
				 SLICE_ARG(id));
	return step < 0 ? -1 : lists_load(db, arena, out, err);
}

int incident_store_get(struct db *db, struct arena *arena, struct slice id,
		       struct incident *out, struct error *err)
{
	struct stored stored = { 0 };

	if (incident_store_counts(db, arena, id, out, err) != 0 ||
	    evidence_load(db, arena, out, &stored, err) != 0)
		return -1;
	if (out->source.family && block_store_of(db, arena, out, err) != 0)
		return -1;
	if (stored.has_last)
		*LIST_ADD(arena, &out->evidence) = stored.last;
	return 0;
}

static int ids_read(struct statement *s, struct arena *arena, int64_t since,
		    struct slices *out, struct error *err)
{
	int step;

	if (!s)
		return -1;
	bind_int(s, 1, since);
	while ((step = db_step(s, err)) == 1)
		*LIST_ADD(arena, out) = column_text(s, 0, arena);
	db_reset(s);
	return step;
}

int incident_store_successes(struct db *db, struct arena *arena, int64_t since,
			     struct slices *out, struct error *err)
{
	return ids_read(db_prepare(db,
				   "SELECT id FROM incident WHERE last >= ?1 AND "
				   "successes > 0 ORDER BY last, id",
				   err),
			arena, since, out, err);
}

int incident_store_judge(struct db *db, const struct incident *incident,
			 struct error *err)
{
	struct statement *s = db_prepare(
		db, "UPDATE incident SET verdict = ?2, reasons = ?3 WHERE id = ?1",
		err);
	struct buffer reasons;
	int result;

	if (!s)
		return -1;
	buffer_init(&reasons, 64 * 1024);
	for (size_t i = 0; i < incident->reasons.count; i++) {
		if (i)
			buffer_add_byte(&reasons, '\n');
		buffer_add(&reasons, incident->reasons.at[i]);
	}
	bind_text(s, 1, slice_of(incident->id));
	bind_text(s, 2, slice_of(verdict_name(incident->verdict)));
	bind_text(s, 3, buffer_slice(&reasons));
	result = db_run(s, err);
	buffer_clear(&reasons);
	return result;
}

int incident_store_answer(struct db *db, struct slice id, struct slice answer,
			  struct error *err)
{
	struct statement *s =
		db_prepare(db, "UPDATE incident SET answered = ?2 WHERE id = ?1", err);

	if (!s)
		return -1;
	bind_text(s, 1, id);
	bind_text(s, 2, answer);
	if (db_run(s, err) != 0)
		return -1;
	if (db_changes(db) == 0)
		return error_set(err, ERROR_NOT_FOUND,
				 "no incident '" SLICE_FMT
				 "': 'tipoff show CASE' and the alarm of 'tipoff "
				 "draft' tell their names",
				 SLICE_ARG(id));
	return 0;
}

/* The days an incident spans count from its first to its last one; what may be forged
 * and what was a login of our own counts for nobody.                                     */
int incident_store_days(struct db *db, const struct incident *incident, int64_t since,
			int64_t *days, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"WITH seen AS (SELECT first, last FROM incident WHERE source = ?1 AND "
		"(length(?2) = 0 OR source_name = ?2) AND last >= ?3 AND certainty NOT IN (0, "
		"2) AND answered <> 'ours') SELECT count(*) FROM (SELECT first / 86400000000 "
		"FROM seen UNION SELECT last / 86400000000 FROM seen)",
		err);
	int step;

	if (!s)
		return -1;
	bind_address(s, 1, &incident->source);
	bind_blob(s, 2, incident->source.family ? S("") : incident->source_name);
	bind_int(s, 3, since);
	step = db_step(s, err);
	if (step == 1)
		*days = column_int(s, 0);
	db_reset(s);
	return step < 0 ? -1 : 0;
}
