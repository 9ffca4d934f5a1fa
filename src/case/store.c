#include "case/store.h"

#include "base/clock.h"
#include "base/escape.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#define COLUMNS                                                                          \
	"id, contact, network, window_start, window_end, state, found, networks, wide, " \
	"answer, opened_at, changed_at, outcome, is_wide, "                              \
	"instead_of, tag, answered_at, answer_id, untold, mailbox"

static void row_read(struct statement *s, struct arena *arena, struct kase *out)
{
	struct slice id = column_text(s, 0, arena);

	*out = (struct kase){
		.contact = column_text(s, 1, arena),
		.network = column_text(s, 2, arena),
		.window_start = column_int(s, 3),
		.window_end = column_int(s, 4),
		.found = column_text(s, 6, arena),
		.networks = column_text(s, 7, arena),
		.wide = column_text(s, 8, arena),
		.answer = column_text(s, 9, arena),
		.opened_at = column_int(s, 10),
		.changed_at = column_int(s, 11),
		.outcome = column_text(s, 12, arena),
		.is_wide = column_int(s, 13) != 0,
		.instead_of = column_text(s, 14, arena),
		.tag = column_text(s, 15, arena),
		.answered_at = column_int(s, 16),
		.answer_id = column_text(s, 17, arena),
		.untold = column_text(s, 18, arena),
		.mailbox = column_text(s, 19, arena),
	};
	if (case_state_parse(column_text(s, 5, arena), &out->state) != 0)
		out->state = CASE_CLOSED;
	snprintf(out->id, sizeof out->id, SLICE_FMT, SLICE_ARG(id));
}

int case_store_get(struct db *db, struct arena *arena, struct slice id,
		   struct kase *out, struct error *err)
{
	struct statement *s = db_prepare(
		db, "SELECT " COLUMNS " FROM kase WHERE id = upper(?1)", err);
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
				 "no case '" SLICE_FMT
				 "': 'tipoff cases --all' lists them",
				 SLICE_ARG(id));
	return step < 0 ? -1 : 0;
}

int case_store_list(struct db *db, struct arena *arena, bool all, struct kases *out,
		    struct error *err)
{
	struct statement *s =
		db_prepare(db,
			   "SELECT " COLUMNS " FROM kase WHERE ?1 OR state <> 'closed' "
			   "ORDER BY contact = '', window_start DESC, id",
			   err);
	int step;

	if (!s)
		return -1;
	bind_int(s, 1, all);
	while ((step = db_step(s, err)) == 1)
		row_read(s, arena, LIST_ADD(arena, out));
	db_reset(s);
	return step;
}

int case_store_near(struct db *db, const struct case_place *place, struct kase *out,
		    struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT id, window_start, window_end FROM kase WHERE contact = ?1 AND "
		"network = ?2 AND state IN ('open', 'approved') AND window_start <= ?4 + ?5 "
		"AND window_end >= ?3 - ?5 ORDER BY window_start LIMIT 1",
		err);
	struct arena *arena;
	int step;

	if (!s)
		return -1;
	arena = arena_new();
	bind_text(s, 1, place->contact);
	bind_text(s, 2, place->network);
	bind_int(s, 3, place->first);
	bind_int(s, 4, place->last);
	bind_int(s, 5, place->reach);
	step = db_step(s, err);
	if (step == 1) {
		struct slice id = column_text(s, 0, arena);

		snprintf(out->id, sizeof out->id, SLICE_FMT, SLICE_ARG(id));
		out->window_start = column_int(s, 1);
		out->window_end = column_int(s, 2);
	}
	db_reset(s);
	arena_free(arena);
	return step;
}

int case_store_span(struct db *db, struct slice id, int64_t first, int64_t last,
		    struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"UPDATE kase SET window_start = min(window_start, ?2), window_end = "
		"max(window_end, ?3) WHERE id = ?1",
		err);

	if (!s)
		return -1;
	bind_text(s, 1, id);
	bind_int(s, 2, first);
	bind_int(s, 3, last);
	return db_run(s, err);
}

static int insert(struct db *db, const struct kase *kase, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO kase (id, contact, network, window_start, window_end, state, "
		"found, networks, wide, answer, opened_at, changed_at, instead_of, mailbox) "
		"VALUES (?1, ?2, ?3, ?4, ?5, 'open', ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?12) ON "
		"CONFLICT DO NOTHING",
		err);

	if (!s)
		return -1;
	bind_text(s, 1, slice_of(kase->id));
	bind_text(s, 2, kase->contact);
	bind_text(s, 3, kase->network);
	bind_int(s, 4, kase->window_start);
	bind_int(s, 5, kase->window_end);
	bind_text(s, 6, kase->found);
	bind_text(s, 7, kase->networks);
	bind_text(s, 8, kase->wide);
	bind_blob(s, 9, kase->answer);
	bind_int(s, 10, kase->opened_at);
	bind_text(s, 11, kase->instead_of);
	bind_text(s, 12, kase->mailbox);
	return db_run(s, err);
}

/* An id that is taken is drawn again. */
static int insert_fresh(struct db *db, struct kase *kase, struct error *err)
{
	for (int tries = 0; tries < 100; tries++) {
		random_token(kase->id, CASE_ID_LEN);
		if (insert(db, kase, err) != 0)
			return -1;
		if (db_changes(db) == 1)
			return 0;
	}
	return error_set(err, ERROR_LIMIT, "no free case id in 100 draws");
}

int case_store_open(struct db *db, struct kase *kase, int64_t now, struct error *err)
{
	kase->state = CASE_OPEN;
	kase->opened_at = kase->changed_at = now;
	if (insert_fresh(db, kase, err) != 0)
		return -1;
	return audit_add(db, now, "opened", slice_of(kase->id), kase->contact, err);
}

int case_store_add(struct db *db, struct slice id, struct slice incident,
		   struct error *err)
{
	struct statement *s = db_prepare(
		db, "INSERT INTO case_incident (incident, kase) VALUES (?1, ?2)", err);

	if (!s)
		return -1;
	bind_text(s, 1, incident);
	bind_text(s, 2, id);
	return db_run(s, err);
}

int case_store_remove(struct db *db, struct slice incident, struct error *err)
{
	struct statement *s =
		db_prepare(db, "DELETE FROM case_incident WHERE incident = ?1", err);

	if (!s)
		return -1;
	bind_text(s, 1, incident);
	return db_run(s, err);
}

int case_store_holding(struct db *db, struct arena *arena, struct slice incident,
		       struct case_held *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT k.id, k.contact, k.network, k.state FROM case_incident c JOIN kase k "
		"ON k.id = c.kase WHERE c.incident = ?1",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, incident);
	step = db_step(s, err);
	*out = (struct case_held){ .state = CASE_OPEN };
	if (step == 1) {
		out->id = column_text(s, 0, arena);
		out->contact = column_text(s, 1, arena);
		out->network = column_text(s, 2, arena);
		if (case_state_parse(column_text(s, 3, arena), &out->state) != 0)
			out->state = CASE_CLOSED;
	}
	db_reset(s);
	return step < 0 ? -1 : 0;
}

/* `insert` takes the roll's use and the case. */
static int roll_fill(struct statement *insert, struct slice id,
		     struct incident_roll *roll, struct error *err)
{
	if (!insert)
		return -1;
	bind_int(insert, 1, roll->use);
	bind_text(insert, 2, id);
	return db_run(insert, err) == 0 ? incident_roll_end(roll, err) : -1;
}

int case_store_incidents(struct db *db, struct slice id, struct incident_roll *out,
			 struct error *err)
{
	if (incident_roll_begin(db, INCIDENTS_OF_CASE, out, err) != 0)
		return -1;
	return roll_fill(
		db_prepare(
			db,
			"INSERT INTO incident_roll (use, part, place, incident) SELECT "
			"?1, row_number() OVER (ORDER BY i.source, i.source_name, "
			"i.first, i.id) - 1, 0, i.id FROM case_incident c JOIN incident i "
			"ON i.id = c.incident WHERE c.kase = ?2",
			err),
		id, out, err);
}

int case_store_count(struct db *db, struct slice id, int64_t *out, struct error *err)
{
	struct statement *s = db_prepare(
		db, "SELECT count(*) FROM case_incident WHERE kase = ?1", err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, id);
	step = db_step(s, err);
	if (step == 1)
		*out = column_int(s, 0);
	db_reset(s);
	return step < 0 ? -1 : 0;
}

/* A source is an address or prefix; a name only where there is no address. */
int case_store_told(struct db *db, struct slice id, struct incident_roll *out,
		    struct error *err)
{
	if (incident_roll_begin(db, INCIDENTS_TOLD, out, err) != 0)
		return -1;
	return roll_fill(
		db_prepare(
			db,
			"INSERT INTO incident_roll (use, part, place, incident) SELECT "
			"?1, sum(id = head) OVER o - 1, row_number() OVER o, id FROM "
			"(SELECT i.id AS id, i.last AS last, min(i.last) OVER w AS began, "
			"first_value(i.id) OVER w AS head FROM case_incident c JOIN "
			"incident i ON i.id = c.incident WHERE c.kase = ?2 WINDOW w AS "
			"(PARTITION BY i.source, i.source_bits, CASE WHEN "
			"length(i.source) THEN x'' ELSE i.source_name END ORDER BY "
			"i.last, i.id)) WINDOW o AS (ORDER BY began, head, last, id)",
			err),
		id, out, err);
}

int case_store_describe(struct db *db, const struct kase *kase, int64_t now,
			struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"UPDATE kase SET found = ?2, networks = ?3, wide = ?4, answer = ?5, changed_at "
		"= ?6, is_wide = ?7, untold = ?8 WHERE id = ?1 AND (found <> ?2 OR networks <> "
		"?3 OR wide <> ?4 OR is_wide <> ?7 OR untold <> ?8)",
		err);

	if (!s)
		return -1;
	bind_text(s, 1, slice_of(kase->id));
	bind_text(s, 2, kase->found);
	bind_text(s, 3, kase->networks);
	bind_text(s, 4, kase->wide);
	bind_blob(s, 5, kase->answer);
	bind_int(s, 6, now);
	bind_int(s, 7, kase->is_wide);
	bind_text(s, 8, kase->untold);
	return db_run(s, err);
}

int case_store_state(struct db *db, const struct case_change *change, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"UPDATE kase SET state = ?3, outcome = ?4, changed_at = ?5 WHERE id = "
		"upper(?1) AND state = ?2",
		err);

	if (!s)
		return -1;
	bind_text(s, 1, change->id);
	bind_text(s, 2, slice_of(case_state_name(change->from)));
	bind_text(s, 3, slice_of(case_state_name(change->to)));
	bind_text(s, 4, change->outcome);
	bind_int(s, 5, change->at);
	if (db_run(s, err) != 0)
		return -1;
	if (db_changes(db) != 1)
		return error_set(err, ERROR_RETRY,
				 "case '" SLICE_FMT
				 "' was changed by somebody else meanwhile: look again",
				 SLICE_ARG(change->id));
	return 0;
}

int case_store_tag(struct db *db, struct slice id, struct slice tag, struct error *err)
{
	struct statement *s =
		db_prepare(db, "UPDATE kase SET tag = ?2 WHERE id = upper(?1)", err);
	struct error refused;

	if (tag.len > CASE_TAG_MAX || escape_mail_header_check(tag, &refused) != 0)
		return error_set(
			err, ERROR_SYNTAX,
			"a tag is at most %d letters of one line, as they stand "
			"in the desk's subject",
			CASE_TAG_MAX);
	if (!s)
		return -1;
	bind_text(s, 1, id);
	bind_text(s, 2, tag);
	return db_run(s, err);
}

int case_store_answer(struct db *db, struct slice id, int64_t at,
		      struct slice message_id, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"UPDATE kase SET answered_at = ?2, answer_id = ?3 WHERE id = upper(?1) AND "
		"answered_at <= ?2",
		err);

	if (!s)
		return -1;
	bind_text(s, 1, id);
	bind_int(s, 2, at);
	bind_text(s, 3, message_id);
	return db_run(s, err);
}

int case_store_prune(struct db *db, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"DELETE FROM kase WHERE state = 'open' AND id NOT IN (SELECT kase FROM "
		"case_incident) AND id NOT IN (SELECT kase FROM report)",
		err);

	return s ? db_run(s, err) : -1;
}

struct slice audit_actor(struct arena *arena)
{
	const struct passwd *user = getpwuid(geteuid());

	if (user)
		return arena_copy(arena, slice_of(user->pw_name));
	return arena_printf(arena, "uid %u", (unsigned)geteuid());
}

int audit_add(struct db *db, int64_t now, const char *verb, struct slice object,
	      struct slice words, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO audit (at, actor, verb, object, words) VALUES (?1, ?2, ?3, "
		"upper(?4), ?5)",
		err);
	struct arena *arena;
	int result;

	if (!s)
		return -1;
	arena = arena_new();
	bind_int(s, 1, now);
	bind_text(s, 2, audit_actor(arena));
	bind_text(s, 3, slice_of(verb));
	bind_text(s, 4, object);
	bind_text(s, 5, words);
	result = db_run(s, err);
	arena_free(arena);
	return result;
}

int audit_list(struct db *db, struct arena *arena, struct slice object,
	       struct audit_rows *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT at, actor, verb, words FROM audit WHERE object = upper(?1) ORDER BY id",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, object);
	while ((step = db_step(s, err)) == 1)
		*LIST_ADD(arena, out) = (struct audit_row){
			column_int(s, 0),
			column_text(s, 1, arena),
			column_text(s, 2, arena),
			column_text(s, 3, arena),
		};
	db_reset(s);
	return step;
}
