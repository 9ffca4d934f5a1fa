#include "case/store.h"
#include "check.h"
#include "contact/suppression.h"
#include "delivery/leave.h"
#include "delivery/store.h"
#include "scratch.h"

#include <stdio.h>

static const struct clock CLOCK = { .fixed = 100 * DAY_US, .is_fixed = true };
#define NOW (100 * DAY_US)
static const struct outbox_step SENDING = { .state = DELIVERY_SENDING };

struct desk {
	struct scratch scratch;
	struct arena *arena;
	struct db *db;
	struct settings settings;
	struct error err;
};

static struct desk desk_new(void)
{
	struct desk desk = { .scratch = scratch_new(), .arena = arena_new() };

	desk.settings.cap_contact_day = 1;
	desk.settings.cap_day = 20;
	desk.settings.cap_network_day = 3;
	desk.settings.cap_corrections = 2;
	desk.db = db_open(scratch_path(&desk.scratch, "store.db"), &CLOCK, &desk.err);
	CHECK(desk.db != NULL);
	return desk;
}

static void desk_free(struct desk *desk)
{
	db_close(desk->db);
	arena_free(desk->arena);
	scratch_free(&desk->scratch);
}

/* An approved report about `part` to the recipients ("a@b.c d@e.f"), ready to leave. */
static struct outbox_row approved(struct desk *desk, const char *kase, const char *part,
				  const char *recipients)
{
	struct stored_report report = { .kase = slice_of(kase),
					.part = slice_of(part) };
	struct slice rest = slice_of(recipients), one;
	struct outbox_rows rows = { 0 };

	while (slice_next(&rest, ' ', &one))
		*LIST_ADD(desk->arena, &report.recipients) = one;
	report.revision = 1;
	report.token = S("TOKEN");
	report.message_id =
		arena_printf(desk->arena, "<%s.%s@reporter.corp>", kase, part);
	report.subject = report.memo = report.csv = S("");
	report.parts = S("[]");
	CHECK_INT(report_store_add(desk->db, &report, &desk->err), 0);
	CHECK_INT(report_store_approve(desk->db, report.id, S("the bytes"), S("me"),
				       NOW, &desk->err),
		  0);
	CHECK_INT(outbox_add(desk->db, &report, NOW, &desk->err), 0);
	CHECK_INT(outbox_add(desk->db, &report, NOW, &desk->err), 0);
	CHECK_INT(outbox_list(desk->db, desk->arena, slice_of(kase), &rows, &desk->err),
		  0);
	return rows.at[rows.count - 1];
}

static const char *case_about(struct desk *desk, const char *contact,
			      const char *networks)
{
	struct kase kase = { .contact = slice_of(contact),
			     .window_start = NOW,
			     .window_end = NOW };

	kase.network = kase.found = kase.wide = kase.answer = S("");
	kase.networks = slice_of(networks);
	CHECK_INT(case_store_open(desk->db, &kase, NOW, &desk->err), 0);
	return arena_cstr(desk->arena, slice_of(kase.id));
}

static const char *case_new(struct desk *desk, const char *contact)
{
	return case_about(desk, contact, "");
}

static void take(struct desk *desk, struct outbox_row *row, enum delivery_state to,
		 int64_t at)
{
	CHECK_INT(outbox_claim(desk->db, row, S("me"), at, &desk->err), 0);
	CHECK_INT(outbox_move(desk->db, row,
			      &(struct outbox_step){ DELIVERY_SENDING, S(""), 0, 0 },
			      at, &desk->err),
		  0);
	if (to != DELIVERY_SENDING)
		CHECK_INT(outbox_move(desk->db, row,
				      &(struct outbox_step){ to, S("words"), 0, 0 },
				      at + 1, &desk->err),
			  0);
}

static struct leave_answer ask(struct desk *desk, const struct outbox_row *row,
			       int64_t at)
{
	struct stored_report report;
	struct leave_answer answer = { .state = DELIVERY_STATES };
	struct leave_question question = { .db = desk->db,
					   .arena = desk->arena,
					   .settings = &desk->settings,
					   .held = &report,
					   .now = at };

	CHECK_INT(report_store_get(desk->db, desk->arena, row->report, &report,
				   &desk->err),
		  0);
	CHECK_INT(leave_ask(&question, &answer, &desk->err), 0);
	return answer;
}

static void one_worker_only(void)
{
	struct desk desk = desk_new();
	const char *kase = case_new(&desk, "abuse@isp.corp");
	struct outbox_row row = approved(&desk, kase, "192.0.2.1", "abuse@isp.corp");
	struct outbox_row other = row;

	CHECK_INT(outbox_claim(desk.db, &row, S("one"), NOW, &desk.err), 0);
	CHECK_INT(outbox_claim(desk.db, &other, S("two"), NOW, &desk.err), -1);
	CHECK_INT(desk.err.kind, ERROR_RETRY);
	/* A lease that went to another one: what the first still writes is refused. */
	other = row;
	CHECK_INT(outbox_claim(desk.db, &other, S("two"), NOW, &desk.err), 0);
	CHECK_INT(outbox_move(desk.db, &row, &SENDING, NOW, &desk.err), -1);
	CHECK_INT(desk.err.kind, ERROR_RETRY);
	CHECK_INT(outbox_move(desk.db, &other, &SENDING, NOW, &desk.err), 0);
	desk_free(&desk);
}

static void every_state_is_in_the_ledger(void)
{
	static const char *const want[] = { "ready", "claimed", "sending", "sent" };
	struct desk desk = desk_new();
	const char *kase = case_new(&desk, "abuse@isp.corp");
	struct outbox_row row = approved(&desk, kase, "192.0.2.1", "abuse@isp.corp");
	struct ledger_rows ledger = { 0 };
	bool left = true, to_fill = true;

	CHECK_INT(outbox_case_left(desk.db, slice_of(kase), &left, &to_fill, &desk.err),
		  0);
	CHECK(!left);
	take(&desk, &row, DELIVERY_SENT, NOW);
	CHECK_INT(outbox_case_left(desk.db, slice_of(kase), &left, &to_fill, &desk.err),
		  0);
	CHECK(left);
	CHECK_INT(ledger_list(desk.db, desk.arena, slice_of(kase), &ledger, &desk.err),
		  0);
	if (CHECK_INT(ledger.count, COUNT_OF(want)))
		for (size_t i = 0; i < COUNT_OF(want); i++)
			CHECK_SLICE(ledger.at[i].event, slice_of(want[i]));
	desk_free(&desk);
}

/* What another case's mail, in this state and so long ago, makes of ours. */
static void one_mail_a_contact_and_day(void)
{
	static const struct {
		enum delivery_state state;
		const char *recipients;
		int64_t ago;
		enum delivery_state ours;
	} rows[] = {
		{ DELIVERY_SENT, "abuse@isp.corp", HOUR_US, DELIVERY_DEFERRED },
		{ DELIVERY_SENDING, "abuse@isp.corp", HOUR_US, DELIVERY_DEFERRED },
		{ DELIVERY_IN_DOUBT, "abuse@isp.corp", HOUR_US, DELIVERY_DEFERRED },
		{ DELIVERY_FAILED, "abuse@isp.corp", HOUR_US, DELIVERY_SENDING },
		{ DELIVERY_DEFERRED, "abuse@isp.corp", HOUR_US, DELIVERY_SENDING },
		{ DELIVERY_SENT, "abuse@isp.corp", DAY_US - 1, DELIVERY_DEFERRED },
		{ DELIVERY_SENT, "abuse@isp.corp", DAY_US, DELIVERY_SENDING },
		{ DELIVERY_SENT, "noc@x.corp abuse@isp.corp", 1, DELIVERY_DEFERRED },
		{ DELIVERY_SENT, "Abuse@ISP.corp", 1, DELIVERY_DEFERRED },
		{ DELIVERY_SENT, "xabuse@isp.corp", 1, DELIVERY_SENDING },
		{ DELIVERY_SENT, "abuse@isp.corp.uk", 1, DELIVERY_SENDING },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct desk desk = desk_new();
		const char *other = case_new(&desk, "other@isp.corp");
		const char *kase = case_new(&desk, "abuse@isp.corp");
		struct outbox_row row =
			approved(&desk, other, "192.0.2.1", rows[i].recipients);

		take(&desk, &row, rows[i].state, NOW - rows[i].ago);
		row = approved(&desk, kase, "192.0.2.2", "abuse@isp.corp");
		if (!CHECK_INT(ask(&desk, &row, NOW).state, rows[i].ours))
			printf("# row %zu\n", i);
		desk_free(&desk);
	}
}

static void mails_of_one_case_count_once(void)
{
	struct desk desk = desk_new();
	const char *kase = case_new(&desk, "abuse@isp.corp");
	struct outbox_row row = approved(&desk, kase, "192.0.2.1", "abuse@isp.corp");

	take(&desk, &row, DELIVERY_SENT, NOW - MINUTE_US);
	row = approved(&desk, kase, "192.0.2.2", "abuse@isp.corp");
	CHECK_INT(ask(&desk, &row, NOW).state, DELIVERY_SENDING);
	desk_free(&desk);
}

static void so_many_mails_a_day(void)
{
	struct desk desk = desk_new();
	struct outbox_row row;

	desk.settings.cap_day = 2;
	for (int i = 0; i < 2; i++) {
		struct slice to = arena_printf(desk.arena, "abuse@isp%d.corp", i);
		const char *kase = case_new(&desk, to.at);

		row = approved(&desk, kase, "192.0.2.1", to.at);
		CHECK_INT(ask(&desk, &row, NOW).state, DELIVERY_SENDING);
		take(&desk, &row, DELIVERY_SENT, NOW - HOUR_US);
	}
	row = approved(&desk, case_new(&desk, "abuse@isp9.corp"), "192.0.2.1",
		       "abuse@isp9.corp");
	CHECK_INT(ask(&desk, &row, NOW).state, DELIVERY_DEFERRED);
	CHECK_INT(ask(&desk, &row, NOW + 23 * HOUR_US).state, DELIVERY_SENDING);
	desk_free(&desk);
}

/* Another contact's case about the same network. */
static void so_many_cases_about_a_network(void)
{
	static const struct {
		const char *networks;
		enum delivery_state state;
	} rows[] = {
		{ "203.0.113.0/24 ONE", DELIVERY_DEFERRED },
		{ "198.51.100.0/24 TWO\n203.0.113.0/24 ONE", DELIVERY_DEFERRED },
		{ "203.0.113.0/24 ONE MORE", DELIVERY_SENDING },
		{ "203.0.113.0/25 ONE", DELIVERY_SENDING },
		{ "", DELIVERY_SENDING },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct desk desk = desk_new();
		struct outbox_row row;

		desk.settings.cap_network_day = 1;
		row = approved(&desk,
			       case_about(&desk, "abuse@a.corp", "203.0.113.0/24 ONE"),
			       "203.0.113.1", "abuse@a.corp");
		CHECK_INT(ask(&desk, &row, NOW).state, DELIVERY_SENDING);
		take(&desk, &row, DELIVERY_SENT, NOW - HOUR_US);
		row = approved(&desk,
			       case_about(&desk, "abuse@b.corp", rows[i].networks),
			       "203.0.113.2", "abuse@b.corp");
		if (!CHECK_INT(ask(&desk, &row, NOW).state, rows[i].state))
			printf("# row %zu\n", i);
		desk_free(&desk);
	}
}

static void in_all_and_for_ever(void)
{
	struct desk desk = desk_new();
	struct outbox_row row = approved(&desk, case_new(&desk, "abuse@a.corp"),
					 "192.0.2.1", "abuse@a.corp");

	desk.settings.cap_total = 1;
	CHECK_INT(ask(&desk, &row, NOW).state, DELIVERY_SENDING);
	take(&desk, &row, DELIVERY_SENT, NOW);
	row = approved(&desk, case_new(&desk, "abuse@b.corp"), "192.0.2.1",
		       "abuse@b.corp");
	CHECK_INT(ask(&desk, &row, NOW + 1000 * DAY_US).state, DELIVERY_DEFERRED);
	CHECK_INT(ask(&desk, &row, NOW + 1000 * DAY_US).until, 0);
	desk.settings.cap_total = 0;
	CHECK_INT(ask(&desk, &row, NOW).state, DELIVERY_SENDING);
	desk_free(&desk);
}

static void who_asked_to_stop(void)
{
	static const struct {
		const char *key;
		enum delivery_state state;
	} rows[] = {
		{ "abuse@isp.corp", DELIVERY_FAILED },
		{ "noc@isp.corp", DELIVERY_FAILED },
		{ "isp.corp", DELIVERY_FAILED },
		{ "corp", DELIVERY_SENDING },
		{ "sp.corp", DELIVERY_SENDING },
		{ "other@isp.corp", DELIVERY_SENDING },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct desk desk = desk_new();
		const char *kase = case_new(&desk, "abuse@isp.corp");
		struct outbox_row row = approved(&desk, kase, "192.0.2.1",
						 "abuse@isp.corp noc@isp.corp");
		struct suppression stop;

		if (suppression_scope(desk.arena, slice_of(rows[i].key), &stop,
				      &desk.err) == 0) {
			stop.reason = S("by mail");
			CHECK_INT(suppression_add(desk.db, &stop, &desk.err), 0);
		}
		if (!CHECK_INT(ask(&desk, &row, NOW).state, rows[i].state))
			printf("# %s\n", rows[i].key);
		desk_free(&desk);
	}
}

static void only_the_approved_revision(void)
{
	struct desk desk = desk_new();
	const char *kase = case_new(&desk, "abuse@isp.corp");
	struct outbox_row row = approved(&desk, kase, "192.0.2.1", "abuse@isp.corp");
	struct stored_report report;
	struct leave_question question = { .db = desk.db,
					   .arena = desk.arena,
					   .settings = &desk.settings,
					   .held = &report,
					   .now = NOW };
	struct leave_answer answer;

	CHECK_INT(report_store_get(desk.db, desk.arena, row.report, &report, &desk.err),
		  0);
	CHECK_INT(leave_ask(&question, &answer, &desk.err), 0);
	CHECK_INT(answer.state, DELIVERY_SENDING);
	report.message = S("other bytes");
	CHECK_INT(leave_ask(&question, &answer, &desk.err), 0);
	CHECK_INT(answer.state, DELIVERY_FAILED);
	report.message = S("the bytes");
	CHECK_INT(report_store_replace(desk.db, report.id, &desk.err), 0);
	CHECK_INT(leave_ask(&question, &answer, &desk.err), 0);
	CHECK_INT(answer.state, DELIVERY_WITHDRAWN);
	desk_free(&desk);
}

static void not_of_a_closed_case(void)
{
	struct desk desk = desk_new();
	const char *kase = case_new(&desk, "abuse@isp.corp");
	struct outbox_row row = approved(&desk, kase, "192.0.2.1", "abuse@isp.corp");
	struct case_change change = { slice_of(kase), CASE_OPEN, CASE_CLOSED, S(""),
				      NOW };

	CHECK_INT(case_store_state(desk.db, &change, &desk.err), 0);
	CHECK_INT(ask(&desk, &row, NOW).state, DELIVERY_DEFERRED);
	desk_free(&desk);
}

int main(void)
{
	return CHECK_RUN(TEST(one_worker_only), TEST(every_state_is_in_the_ledger),
			 TEST(one_mail_a_contact_and_day),
			 TEST(mails_of_one_case_count_once), TEST(so_many_mails_a_day),
			 TEST(so_many_cases_about_a_network), TEST(in_all_and_for_ever),
			 TEST(who_asked_to_stop), TEST(only_the_approved_revision),
			 TEST(not_of_a_closed_case));
}
