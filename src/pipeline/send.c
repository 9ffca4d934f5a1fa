#include "pipeline/send.h"

#include "case/store.h"
#include "contact/refused.h"
#include "delivery/database.h"
#include "delivery/handover.h"
#include "delivery/leave.h"
#include "os/process.h"
#include "pipeline/send_step.h"

#include <stdio.h>

bool send_is_meant(const struct send *send, const struct outbox_row *row)
{
	bool meant = send->cases.count == 0;

	for (size_t i = 0; i < send->cases.count; i++)
		meant |= slice_equal_nocase(send->cases.at[i], row->kase);
	return meant && (!send->part.len || slice_equal(send->part, row->part));
}

static bool all_approved(const struct stored_reports *reports)
{
	for (size_t i = 0; i < reports->count; i++)
		if (!slice_equal(reports->at[i].state, S("approved")))
			return false;
	return reports->count > 0;
}

/* The case's state follows what became of its messages. */
static int case_follow(const struct send *send, struct arena *arena, struct slice id,
		       struct error *err)
{
	struct stored_reports reports = { 0 };
	struct kase kase;
	struct case_change change;
	enum case_state to;
	bool left = false, to_fill = false;

	if (case_store_get(send->db, arena, id, &kase, err) != 0 ||
	    outbox_case_left(send->db, id, &left, &to_fill, err) != 0 ||
	    report_store_current(send->db, arena, id, &reports, err) != 0)
		return -1;
	to = all_approved(&reports) ? CASE_APPROVED : CASE_OPEN;
	if (left)
		to = to_fill ? CASE_TO_FILL : CASE_SENT;
	if (kase.state == to || kase.state == CASE_CLOSED)
		return 0;
	change = (struct case_change){ id, kase.state, to, S(""),
				       clock_now(send->clock) };
	return case_store_state(send->db, &change, err);
}

int send_step(const struct send *send, struct arena *arena, struct outbox_row *row,
	      const struct outbox_step *to, struct error *err)
{
	int64_t now = clock_now(send->clock);
	bool is_news = to->state != DELIVERY_CLAIMED && to->state != DELIVERY_SENDING;

	if (outbox_move(send->db, row, to, now, err) != 0 ||
	    case_follow(send, arena, row->kase, err) != 0)
		return -1;
	if (!is_news)
		return 0;
	return audit_add(send->db, now, delivery_state_name(to->state), row->kase,
			 arena_printf(arena, "report " SLICE_FMT "%s" SLICE_FMT,
				      SLICE_ARG(row->token), to->words.len ? ": " : "",
				      SLICE_ARG(to->words)),
			 err);
}

static int step_alone(const struct send *send, struct arena *arena,
		      struct outbox_row *row, const struct outbox_step *to,
		      struct error *err)
{
	if (db_begin(send->db, err) != 0)
		return -1;
	if (send_step(send, arena, row, to, err) == 0 && db_commit(send->db, err) == 0)
		return 0;
	db_rollback(send->db);
	return -1;
}

/* ---- after a crash ---- */

static bool is_abandoned(const struct outbox_row *row, int64_t now)
{
	enum process_state worker = process_look(row->worker);

	return worker == PROCESS_GONE ||
	       (worker == PROCESS_UNKNOWN && row->lease_until < now);
}

/* Where a message goes that an earlier run left behind; its own state: it stays. */
static struct outbox_step recovery_of(const struct outbox_row *row, int64_t now)
{
	bool is_held = row->state == DELIVERY_CLAIMED || row->state == DELIVERY_SENDING;
	bool is_waiting =
		row->state == DELIVERY_READY || row->state == DELIVERY_DEFERRED;
	struct outbox_step to = { .state = row->state, .tries = row->tries };

	if (is_held && !is_abandoned(row, now))
		return to;
	if (row->state == DELIVERY_SENDING) {
		to.state = DELIVERY_IN_DOUBT;
		to.words = row->is_database
				   ? S("tipoff ended while it was handed over; it was "
				       "probably kept there")
				   : S("tipoff ended while it was handed over; it was "
				       "probably delivered");
	} else if ((is_held || is_waiting) && !row->is_current) {
		to.state = DELIVERY_WITHDRAWN;
		to.words = S("a new revision took its place");
	} else if (is_held) {
		to.state = DELIVERY_READY;
		to.words = S("tipoff ended before it left");
	}
	return to;
}

static int recover_all(const struct send *send, struct arena *arena,
		       struct outbox_rows *doubtful, struct error *err)
{
	int64_t now = clock_now(send->clock);
	struct outbox_rows rows = { 0 };

	if (outbox_list(send->db, arena, S(""), &rows, err) != 0)
		return -1;
	for (size_t i = 0; i < rows.count; i++) {
		struct outbox_step to = recovery_of(&rows.at[i], now);

		if (to.state == rows.at[i].state)
			continue;
		if (send_step(send, arena, &rows.at[i], &to, err) != 0)
			return -1;
		if (to.state == DELIVERY_IN_DOUBT)
			*LIST_ADD(arena, doubtful) = rows.at[i];
	}
	return 0;
}

int send_recover(const struct send *send, struct arena *arena,
		 struct outbox_rows *doubtful, struct error *err)
{
	if (db_begin(send->db, err) != 0)
		return -1;
	if (recover_all(send, arena, doubtful, err) == 0 &&
	    db_commit(send->db, err) == 0)
		return 0;
	db_rollback(send->db);
	return -1;
}

/* ---- what there is ---- */

static int list(const struct send *send, struct arena *arena,
		bool (*is_wanted)(const struct outbox_row *row),
		struct outbox_rows *out, struct error *err)
{
	struct outbox_rows rows = { 0 };

	if (outbox_list(send->db, arena, S(""), &rows, err) != 0)
		return -1;
	for (size_t i = 0; i < rows.count; i++)
		if (is_wanted(&rows.at[i]) && send_is_meant(send, &rows.at[i]) &&
		    !(send->unattended && rows.at[i].is_form))
			*LIST_ADD(arena, out) = rows.at[i];
	return 0;
}

static bool waits(const struct outbox_row *row)
{
	return row->is_current && !row->is_closed &&
	       (row->state == DELIVERY_READY || row->state == DELIVERY_DEFERRED);
}

static bool is_in_doubt(const struct outbox_row *row)
{
	return row->state == DELIVERY_IN_DOUBT;
}

int send_list(const struct send *send, struct arena *arena, struct outbox_rows *out,
	      struct error *err)
{
	return list(send, arena, waits, out, err);
}

int send_doubtful(const struct send *send, struct arena *arena, struct outbox_rows *out,
		  struct error *err)
{
	struct send all = *send;

	all.cases = (struct slices){ 0 };
	all.part = S("");
	return list(&all, arena, is_in_doubt, out, err);
}

static int may_leave(const struct send *send, struct arena *arena,
		     const struct stored_report *held, struct leave_answer *out,
		     struct error *err)
{
	struct leave_question question = {
		.db = send->db,
		.arena = arena,
		.settings = send->settings,
		.held = held,
		.now = clock_now(send->clock),
		.policy = send->policy,
		.any_hour = send->any_hour,
		.offline = send->offline,
	};

	return leave_ask(&question, out, err);
}

/* The other side wanted it later, and its time has not come. */
static bool is_put_off(const struct send *send, const struct outbox_row *row)
{
	return row->state == DELIVERY_DEFERRED && row->tries &&
	       (row->is_database || !send->cases.count) &&
	       row->until > clock_now(send->clock);
}

int send_ask(const struct send *send, struct arena *arena, struct outbox_row *row,
	     struct error *err)
{
	struct stored_report report;
	struct leave_answer answer = { 0 };

	if (is_put_off(send, row))
		return 0;
	if (report_store_get(send->db, arena, row->report, &report, err) != 0 ||
	    may_leave(send, arena, &report, &answer, err) != 0)
		return -1;
	row->state = answer.state;
	row->answer = answer.words;
	row->until = answer.until;
	return 0;
}

/* ---- one message ---- */

struct departure {
	const struct send *send;
	struct arena *arena;
	struct outbox_row *row;
	struct stored_report report;
	struct error *err;
	bool broke; /* the store failed: err says how                            */
};

static struct outbox_step step_of(const struct outbox_row *row,
				  const struct leave_answer *answer)
{
	return (struct outbox_step){ answer->state, answer->words, answer->until,
				     row->tries };
}

/* Asks, and writes the answer. Everything that must be true when the message leaves is
 * looked at in the transaction that says so.                                             */
static int ask_and_step(const struct departure *departure)
{
	const struct send *send = departure->send;
	struct leave_answer answer = { 0 };
	struct outbox_step to;

	if (may_leave(send, departure->arena, &departure->report, &answer,
		      departure->err) != 0)
		return -1;
	to = step_of(departure->row, &answer);
	return send_step(send, departure->arena, departure->row, &to, departure->err);
}

static int barrier(void *context)
{
	struct departure *departure = context;
	struct db *db = departure->send->db;

	departure->broke = true;
	if (db_begin(db, departure->err) != 0)
		return -1;
	if (ask_and_step(departure) != 0 || db_commit(db, departure->err) != 0) {
		db_rollback(db);
		return -1;
	}
	departure->broke = false;
	return departure->row->state == DELIVERY_SENDING ? 0 : -1;
}

/* 1: another worker was there first, and it is that one's now. */
static int claim(const struct departure *departure)
{
	struct db *db = departure->send->db;
	struct slice worker =
		arena_copy(departure->arena, slice_of(process_self().text));
	int taken = 0;

	if (db_begin(db, departure->err) != 0)
		return -1;
	if (outbox_claim(db, departure->row, worker, clock_now(departure->send->clock),
			 departure->err) != 0)
		taken = departure->err->kind == ERROR_RETRY ? 1 : -1;
	if (taken == 0 && db_commit(db, departure->err) == 0)
		return 0;
	db_rollback(db);
	return taken ? taken : -1;
}

/* What the other side said, as a step: later is later each time, and not for ever. */
static struct outbox_step answer_of(const struct departure *departure,
				    const struct handover_end *end)
{
	int64_t tries = departure->row->tries + 1, wait = 15 * MINUTE_US;
	struct outbox_step to = { .state = end->state, .words = end->words };

	if (end->state != DELIVERY_DEFERRED)
		return to;
	if (tries >= SEND_TRIES_MAX) {
		to.state = DELIVERY_FAILED;
		to.words = arena_printf(departure->arena,
					"given up after %lld tries: " SLICE_FMT,
					(long long)tries, SLICE_ARG(end->words));
		return to;
	}
	for (int64_t i = 1; i < tries && wait < 8 * HOUR_US; i++)
		wait *= 2;
	to.tries = tries;
	to.until = clock_now(departure->send->clock) +
		   (end->wait_us ? end->wait_us : wait);
	return to;
}

/* Who refused for good is not asked again: the next draft goes to the next contact. Of
 * several recipients nobody knows here who it was.                                      */
static int refusal_note(const struct departure *departure, struct slice words,
			struct error *err)
{
	const struct slices *recipients = &departure->report.recipients;

	if (recipients->count != 1)
		return 0;
	return refused_add(departure->send->db, recipients->at[0],
			   clock_now(departure->send->clock), words, err);
}

static int end_write(const struct departure *departure, const struct handover_end *end)
{
	const struct send *send = departure->send;
	struct outbox_step to = answer_of(departure, end);

	if (db_begin(send->db, departure->err) != 0)
		return -1;
	if (send_step(send, departure->arena, departure->row, &to, departure->err) ==
		    0 &&
	    (!end->is_mailbox ||
	     refusal_note(departure, end->words, departure->err) == 0) &&
	    db_commit(send->db, departure->err) == 0)
		return 0;
	db_rollback(send->db);
	return -1;
}

static int refuse(const struct departure *departure, struct handover_end *end,
		  const struct error *failed)
{
	*end = (struct handover_end){ .state = DELIVERY_FAILED,
				      .words = arena_copy(departure->arena,
							  slice_of(failed->text)) };
	return 0;
}

/* By mail; or to a public database, whose bytes are no mail. */
static int run(struct departure *departure, const struct handover *handover,
	       struct handover_end *end, struct error *failed)
{
	const struct stored_report *report = &departure->report;
	struct submission submission = { 0 };
	struct report_parts parts = { 0 };

	if (leaves_by_mail(report->part, departure->row->is_database))
		return handover_clean(departure->arena, departure->send->settings,
				      &handover->recipients, handover->sender,
				      failed) != 0
			       ? refuse(departure, end, failed)
			       : handover_run(departure->arena, handover, end, failed);
	if (database_of_part(report->part, &submission.database) != 0)
		return error_set(failed, ERROR_SYNTAX,
				 "'" SLICE_FMT "' is no public database",
				 SLICE_ARG(report->part));
	if (report_parts_read(departure->arena, report->parts, &parts, failed) != 0)
		return -1;
	submission.media = parts.count ? parts.at[0].media : S("");
	return database_post(departure->arena, handover, &submission, end, failed);
}

static int hand_over(struct departure *departure)
{
	const struct send *send = departure->send;
	struct handover handover = {
		.settings = send->settings,
		.sender = handover_sender(departure->arena, send->settings,
					  departure->report.token),
		.recipients = departure->report.recipients,
		.message = departure->report.message,
		.barrier = barrier,
		.context = departure,
	};
	struct handover_end end = { 0 };
	struct error failed;

	if (run(departure, &handover, &end, &failed) != 0)
		end = (struct handover_end){ .state = DELIVERY_DEFERRED,
					     .words = slice_of(failed.text) };
	if (departure->broke)
		return -1;
	if (end.state == DELIVERY_CLAIMED)
		return 0; /* the barrier said no, and wrote why */
	return end_write(departure, &end);
}

/* Into a person's hands: the same is asked as of mail, in the transaction that says so. */
static int form_give(const struct departure *departure)
{
	struct db *db = departure->send->db;
	struct leave_answer answer = { 0 };
	struct outbox_step to;

	if (db_begin(db, departure->err) != 0)
		return -1;
	if (may_leave(departure->send, departure->arena, &departure->report, &answer,
		      departure->err) != 0)
		goto rollback;
	to = step_of(departure->row, &answer);
	if (to.state == DELIVERY_SENDING) {
		to.state = DELIVERY_TO_FILL;
		to.words = S("you fill it in, then say 'tipoff told'");
	}
	if (send_step(departure->send, departure->arena, departure->row, &to,
		      departure->err) == 0 &&
	    db_commit(db, departure->err) == 0)
		return 0;
rollback:
	db_rollback(db);
	return -1;
}

int send_one(const struct send *send, struct arena *arena, struct outbox_row *row,
	     struct error *err)
{
	struct departure departure = {
		.send = send, .arena = arena, .row = row, .err = err
	};
	struct leave_answer answer = { 0 };
	struct outbox_step to;
	int taken;

	if (is_put_off(send, row))
		return 0;
	if (report_store_get(send->db, arena, row->report, &departure.report, err) !=
		    0 ||
	    may_leave(send, arena, &departure.report, &answer, err) != 0)
		return -1;
	if (answer.state == row->state && slice_equal(answer.words, row->answer) &&
	    answer.until == row->until)
		return 0; /* waits as before: nothing new for the ledger */
	taken = claim(&departure);
	if (taken > 0) {
		row->state = DELIVERY_CLAIMED;
		row->answer = S("another tipoff is handing it over");
	}
	if (taken != 0)
		return taken < 0 ? -1 : 0;
	to = step_of(row, &answer);
	if (answer.state != DELIVERY_SENDING)
		return step_alone(send, arena, row, &to, err);
	return row->is_form ? form_give(&departure) : hand_over(&departure);
}
