#include "delivery/store.h"

#include "contact/contact.h"

#include <assert.h>

/* delivery_state_counts() */
#define COUNTING "'sending', 'sent', 'in doubt', 'to fill in'"

static void lines_read(struct arena *arena, struct slice lines, struct slices *out)
{
	struct slice line;

	while (lines.len && slice_next(&lines, '\n', &line))
		*LIST_ADD(arena, out) = line;
}

static int ledger_add(struct db *db, int64_t outbox, enum delivery_state to,
		      struct slice words, int64_t now, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO delivery (outbox, at, event, words) VALUES (?1, ?2, ?3, ?4)",
		err);

	if (!s)
		return -1;
	bind_int(s, 1, outbox);
	bind_int(s, 2, now);
	bind_text(s, 3, slice_of(delivery_state_name(to)));
	bind_text(s, 4, words);
	return db_run(s, err);
}

int outbox_add(struct db *db, const struct stored_report *report, int64_t now,
	       struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"INSERT INTO outbox (report, message_id, state, attempt, worker, lease_until, "
		"changed_at, sending_at, answer) VALUES (?1, ?2, 'ready', 0, '', 0, ?3, 0, '') "
		"ON CONFLICT (report) DO NOTHING",
		err);

	if (!s)
		return -1;
	bind_int(s, 1, report->id);
	bind_text(s, 2, report->message_id);
	bind_int(s, 3, now);
	if (db_run(s, err) != 0)
		return -1;
	if (db_changes(db) == 0)
		return 0;
	return ledger_add(db, db_last_id(db), DELIVERY_READY, S("approved"), now, err);
}

static void row_read(struct statement *s, struct arena *arena, struct outbox_row *out)
{
	*out = (struct outbox_row){
		.id = column_int(s, 0),
		.report = column_int(s, 1),
		.kase = column_text(s, 2, arena),
		.part = column_text(s, 3, arena),
		.token = column_text(s, 4, arena),
		.subject = column_text(s, 5, arena),
		.message_id = column_text(s, 6, arena),
		.is_current = column_int(s, 8) != 0,
		.is_closed = column_int(s, 9) != 0,
		.attempt = column_int(s, 11),
		.worker = column_text(s, 12, arena),
		.lease_until = column_int(s, 13),
		.changed_at = column_int(s, 14),
		.sending_at = column_int(s, 15),
		.answer = column_text(s, 16, arena),
		.until = column_int(s, 17),
		.tries = column_int(s, 18),
		.is_correction = column_int(s, 19) != 0,
		.is_database = column_int(s, 20) != 0,
	};
	lines_read(arena, column_text(s, 7, arena), &out->recipients);
	out->is_form = !out->is_database && out->recipients.count &&
		       contact_is_url(out->recipients.at[0]);
	if (delivery_state_parse(column_text(s, 10, arena), &out->state) != 0)
		out->state = DELIVERY_IN_DOUBT; /* never sent again by itself */
}

int outbox_list(struct db *db, struct arena *arena, struct slice kase,
		struct outbox_rows *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT o.id, o.report, r.kase, r.part, r.token, r.subject, o.message_id, "
		"r.recipients, r.state = 'approved', k.state = 'closed', o.state, o.attempt, "
		"o.worker, o.lease_until, o.changed_at, o.sending_at, o.answer, o.until, o.tries, "
		"r.kind = 'correction', r.kind = 'database' FROM outbox o JOIN report r ON r.id = o.report JOIN kase k ON k.id = r.kase WHERE ?1 = '' "
		"OR r.kase = upper(?1) ORDER BY o.id",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, kase);
	while ((step = db_step(s, err)) == 1)
		row_read(s, arena, LIST_ADD(arena, out));
	db_reset(s);
	return step;
}

static int was_there_first(const struct outbox_row *row, struct error *err)
{
	return error_set(err, ERROR_RETRY,
			 "report " SLICE_FMT
			 " is being handed over by somebody else: look again",
			 SLICE_ARG(row->token));
}

int outbox_claim(struct db *db, struct outbox_row *row, struct slice worker,
		 int64_t now, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"UPDATE outbox SET state = 'claimed', attempt = ?2 + 1, worker = ?4, "
		"lease_until = ?5, changed_at = ?6 WHERE id = ?1 AND attempt = ?2 AND state = "
		"?3",
		err);

	assert(delivery_state_may(row->state, DELIVERY_CLAIMED));
	if (!s)
		return -1;
	bind_int(s, 1, row->id);
	bind_int(s, 2, row->attempt);
	bind_text(s, 3, slice_of(delivery_state_name(row->state)));
	bind_text(s, 4, worker);
	bind_int(s, 5, now + DELIVERY_LEASE_US);
	bind_int(s, 6, now);
	if (db_run(s, err) != 0)
		return -1;
	if (db_changes(db) != 1)
		return was_there_first(row, err);
	row->attempt++;
	row->state = DELIVERY_CLAIMED;
	row->worker = worker;
	row->lease_until = now + DELIVERY_LEASE_US;
	return ledger_add(db, row->id, DELIVERY_CLAIMED, S(""), now, err);
}

/* When it left: from `sending` on, kept where it left or may have left; a form left when a
 * person says so.                                                                        */
static int64_t left_at(const struct outbox_row *row, enum delivery_state to,
		       int64_t now)
{
	if (!delivery_state_counts(to))
		return 0;
	if (row->state == DELIVERY_TO_FILL)
		return now;
	return to == DELIVERY_SENDING || !row->sending_at ? now : row->sending_at;
}

int outbox_move(struct db *db, struct outbox_row *row, const struct outbox_step *to,
		int64_t now, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"UPDATE outbox SET state = ?4, changed_at = ?5, sending_at = ?6, answer = ?7, "
		"until = ?8, tries = ?9 WHERE id = ?1 AND attempt = ?2 AND state = ?3",
		err);

	assert(delivery_state_may(row->state, to->state));
	if (!s)
		return -1;
	bind_int(s, 1, row->id);
	bind_int(s, 2, row->attempt);
	bind_text(s, 3, slice_of(delivery_state_name(row->state)));
	bind_text(s, 4, slice_of(delivery_state_name(to->state)));
	bind_int(s, 5, now);
	bind_int(s, 6, left_at(row, to->state, now));
	bind_text(s, 7, to->words);
	bind_int(s, 8, to->until);
	bind_int(s, 9, to->tries);
	if (db_run(s, err) != 0)
		return -1;
	if (db_changes(db) != 1)
		return was_there_first(row, err);
	if (ledger_add(db, row->id, to->state, to->words, now, err) != 0)
		return -1;
	row->sending_at = left_at(row, to->state, now);
	row->state = to->state;
	row->changed_at = now;
	row->answer = to->words;
	row->until = to->until;
	row->tries = to->tries;
	return 0;
}

int outbox_case_left(struct db *db, struct slice kase, bool *left, bool *to_fill,
		     struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT COUNT(*), total(o.state = 'to fill in') > 0 FROM outbox o JOIN report "
		"r ON r.id = o.report WHERE r.kase = upper(?1) AND r.kind <> 'database' AND "
		"o.state IN (" COUNTING ")",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, kase);
	step = db_step(s, err);
	if (step == 1) {
		*left = column_int(s, 0) > 0;
		*to_fill = column_int(s, 1) != 0;
	}
	db_reset(s);
	return step < 0 ? -1 : 0;
}

static int tally_read(struct statement *s, struct outbox_tally *out, struct error *err)
{
	int step = db_step(s, err);

	if (step == 1)
		*out = (struct outbox_tally){ column_int(s, 0), column_int(s, 1),
					      column_int(s, 2) };
	db_reset(s);
	return step < 0 ? -1 : 0;
}

#define LEFT                                                                           \
	"FROM outbox o JOIN report r ON r.id = o.report JOIN kase k ON k.id = r.kase " \
	"WHERE o.sending_at > ?1 AND o.state IN (" COUNTING ") "

int outbox_tally_all(struct db *db, int64_t since, struct outbox_tally *out,
		     struct error *err)
{
	struct statement *s =
		db_prepare(db,
			   "SELECT COUNT(*), MIN(o.sending_at), MAX(o.sending_at) " LEFT
			   "AND r.kind = 'report'",
			   err);

	if (!s)
		return -1;
	bind_int(s, 1, since);
	return tally_read(s, out, err);
}

int outbox_tally_corrections(struct db *db, int64_t since, struct outbox_tally *out,
			     struct error *err)
{
	struct statement *s =
		db_prepare(db,
			   "SELECT COUNT(*), MIN(o.sending_at), MAX(o.sending_at) " LEFT
			   "AND r.kind = 'correction'",
			   err);

	if (!s)
		return -1;
	bind_int(s, 1, since);
	return tally_read(s, out, err);
}

int outbox_tally_database(struct db *db, struct slice database, int64_t since,
			  struct outbox_tally *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT COUNT(*), MIN(o.sending_at), MAX(o.sending_at) " LEFT
		"AND r.kind = 'database' AND (r.part = ?2 OR substr(r.part, 1, length(?2) + "
		"1) = ?2 || ':')",
		err);

	if (!s)
		return -1;
	bind_int(s, 1, since);
	bind_text(s, 2, database);
	return tally_read(s, out, err);
}

int outbox_tally_sources(struct db *db, struct slice database, int64_t report,
			 int64_t since, struct outbox_tally *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT COUNT(*), MIN(o.sending_at), MAX(o.sending_at) " LEFT
		"AND r.id <> ?3 AND r.id IN (SELECT b.report FROM submission a JOIN submission "
		"b ON b.database = a.database AND b.source = a.source WHERE a.report = ?3 AND "
		"a.database = ?2)",
		err);

	if (!s)
		return -1;
	bind_int(s, 1, since);
	bind_text(s, 2, database);
	bind_int(s, 3, report);
	return tally_read(s, out, err);
}

int outbox_tally_recipient(struct db *db, struct slice recipient, struct slice kase,
			   int64_t since, struct outbox_tally *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT COUNT(DISTINCT r.kase), MIN(o.sending_at), MAX(o.sending_at) " LEFT
		"AND r.kind = 'report' AND r.kase <> ?2 AND (lower(k.mailbox) = lower(?3) OR "
		"instr(char(10) || lower(r.recipients) || char(10), char(10) || lower(?3) || "
		"char(10)) > 0)",
		err);

	if (!s)
		return -1;
	bind_int(s, 1, since);
	bind_text(s, 2, kase);
	bind_text(s, 3, recipient);
	return tally_read(s, out, err);
}

int outbox_tally_unattended(struct db *db, struct slice recipient, int64_t since,
			    struct outbox_tally *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT COUNT(*), MIN(o.sending_at), MAX(o.sending_at) " LEFT
		"AND r.is_unattended AND (?2 = '' OR instr(char(10) || lower(r.recipients) || "
		"char(10), char(10) || lower(?2) || char(10)) > 0)",
		err);

	if (!s)
		return -1;
	bind_int(s, 1, since);
	bind_text(s, 2, recipient);
	return tally_read(s, out, err);
}

int outbox_tally_network(struct db *db, struct slice network, struct slice kase,
			 int64_t since, struct outbox_tally *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT COUNT(DISTINCT r.kase), MIN(o.sending_at), MAX(o.sending_at) " LEFT
		"AND r.kind = 'report' AND r.kase <> ?2 AND instr(char(10) || "
		"k.networks || char(10), char(10) || ?3 || char(10)) > 0",
		err);

	if (!s)
		return -1;
	bind_int(s, 1, since);
	bind_text(s, 2, kase);
	bind_text(s, 3, network);
	return tally_read(s, out, err);
}

/* In this order of joins: each source of one case, looked for in the other; SQLite would
 * rather try each of one with each of the other, and either may have very many.          */
int outbox_before(struct db *db, struct arena *arena, const struct outbox_row *like,
		  int64_t since, struct report_before *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT r.token, r.message_id, o.sending_at, (SELECT tag FROM kase WHERE id = "
		"r.kase), k.answered_at, k.answer_id " LEFT
		"AND o.state <> 'to fill in' AND r.kind = 'report' AND r.kase <> ?2 AND "
		"instr(char(10) || lower(r.recipients) || char(10), char(10) || lower(?3) || "
		"char(10)) > 0 AND "
		"((?4 <> 'all' AND r.part = ?4) OR ((?4 = 'all' OR r.part = 'all') AND EXISTS "
		"(SELECT 1 FROM case_incident a CROSS JOIN incident x ON x.id = a.incident "
		"CROSS JOIN incident y ON y.source = x.source CROSS JOIN case_incident b ON "
		"b.incident = y.id WHERE a.kase = r.kase AND b.kase = ?2))) ORDER BY "
		"o.sending_at DESC LIMIT 1",
		err);
	int step;

	*out = (struct report_before){ 0 };
	if (!s)
		return -1;
	bind_int(s, 1, since);
	bind_text(s, 2, like->kase);
	bind_text(s, 3, like->recipients.count ? like->recipients.at[0] : S(""));
	bind_text(s, 4, like->part);
	step = db_step(s, err);
	if (step == 1)
		*out = (struct report_before){
			.token = column_text(s, 0, arena),
			.message_id = column_text(s, 1, arena),
			.sent_at = column_int(s, 2),
			.tag = column_text(s, 3, arena),
			.answered_at = column_int(s, 4),
			.answer_id = column_text(s, 5, arena),
		};
	db_reset(s);
	return step < 0 ? -1 : 0;
}

int ledger_list(struct db *db, struct arena *arena, struct slice kase,
		struct ledger_rows *out, struct error *err)
{
	struct statement *s = db_prepare(
		db,
		"SELECT d.at, r.token, d.event, d.words FROM delivery d JOIN outbox o ON o.id "
		"= d.outbox JOIN report r ON r.id = o.report WHERE r.kase = upper(?1) ORDER BY "
		"d.id",
		err);
	int step;

	if (!s)
		return -1;
	bind_text(s, 1, kase);
	while ((step = db_step(s, err)) == 1)
		*LIST_ADD(arena, out) = (struct ledger_row){
			column_int(s, 0),
			column_text(s, 1, arena),
			column_text(s, 2, arena),
			column_text(s, 3, arena),
		};
	db_reset(s);
	return step;
}
