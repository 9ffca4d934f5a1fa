#include "delivery/leave.h"

#include "case/store.h"
#include "contact/suppression.h"
#include "incident/own.h"
#include "incident/store.h"

/* Each answers by changing `state` of `out`, and then no later one is asked. */
typedef int check(const struct leave_question *question, struct leave_answer *out,
		  struct error *err);

static int say(struct leave_answer *out, enum delivery_state state, struct slice words)
{
	*out = (struct leave_answer){ state, words };
	return 0;
}

static int revision_check(const struct leave_question *question,
			  struct leave_answer *out, struct error *err)
{
	struct stored_report now;
	struct sha256 digest = sha256_of(question->held->message);

	if (report_store_get(question->db, question->arena, question->held->id, &now,
			     err) != 0)
		return -1;
	if (!slice_equal(now.state, S("approved")))
		return say(out, DELIVERY_WITHDRAWN,
			   S("a new revision took its place; approve that one"));
	if (!slice_equal(now.sha256_hex, slice_of(hex_of(sha256_slice(&digest)).text)))
		return say(out, DELIVERY_FAILED,
			   S("its bytes are not those that were approved"));
	return 0;
}

static int case_check(const struct leave_question *question, struct leave_answer *out,
		      struct error *err)
{
	struct kase kase;

	if (case_store_get(question->db, question->arena, question->held->kase, &kase,
			   err) != 0)
		return -1;
	if (kase.state == CASE_CLOSED)
		return say(out, DELIVERY_DEFERRED, S("the case was closed"));
	return 0;
}

static const struct suppression *stopped_by(const struct suppressions *rows,
					    const struct slices *recipients,
					    const struct range *range)
{
	const struct suppression *found = NULL;

	for (size_t i = 0; i < recipients->count && !found; i++)
		found = suppression_match(rows, recipients->at[i], range);
	return found;
}

static int say_stopped(const struct leave_question *question,
		       const struct suppression *row, struct leave_answer *out)
{
	return say(out, DELIVERY_FAILED,
		   arena_printf(question->arena,
				"'" SLICE_FMT "' is on the stop list%s" SLICE_FMT,
				SLICE_ARG(row->key), row->reason.len ? ": " : "",
				SLICE_ARG(row->reason)));
}

static bool is_told(const struct leave_question *question,
		    const struct incident *incident)
{
	return slice_equal(question->held->part, S("all")) ||
	       slice_equal(question->held->part,
			   incident_source(incident, question->arena));
}

/* The configuration and the stop list may say more now than when it was approved. */
static int source_check(const struct leave_question *question,
			const struct suppressions *rows,
			const struct incident *incident, struct leave_answer *out,
			struct error *err)
{
	struct settings settings = *question->settings;
	const struct own_side *own;
	struct range range = range_of_prefix(&incident->source, incident->source_bits);
	const struct suppression *row =
		stopped_by(rows, &question->held->recipients, &range);
	const char *reason;

	/* documentation addresses were let in, or kept out, when they were judged */
	settings.documentation_public = true;
	own = own_side_new(question->arena, &settings, err);
	if (!own)
		return -1;
	reason = own_side_refuses_incident(own, incident);
	if (reason)
		return say(out, DELIVERY_FAILED,
			   arena_printf(question->arena, SLICE_FMT " is no source: %s",
					SLICE_ARG(incident_source(incident,
								  question->arena)),
					reason));
	return row ? say_stopped(question, row, out) : 0;
}

static int stop_check(const struct leave_question *question, struct leave_answer *out,
		      struct error *err)
{
	struct range any = { 0 };
	struct suppressions rows = { 0 };
	const struct suppression *row;
	struct slices ids = { 0 };

	if (suppression_list(question->db, question->arena, &rows, err) != 0)
		return -1;
	row = stopped_by(&rows, &question->held->recipients, &any);
	if (row)
		return say_stopped(question, row, out);
	if (case_store_incidents(question->db, question->arena, question->held->kase,
				 &ids, err) != 0)
		return -1;
	for (size_t i = 0; i < ids.count && out->state == DELIVERY_SENDING; i++) {
		struct incident incident;

		if (incident_store_get(question->db, question->arena, ids.at[i],
				       &incident, err) != 0)
			return -1;
		if (incident.source.family != FAMILY_NONE &&
		    is_told(question, &incident) &&
		    source_check(question, &rows, &incident, out, err) != 0)
			return -1;
	}
	return 0;
}

static struct time_text after_a_day(const struct outbox_tally *tally)
{
	return time_format(tally->first_at + DAY_US, TIME_MINUTE);
}

static int recipients_check(const struct leave_question *question,
			    struct leave_answer *out, struct error *err)
{
	const struct slices *recipients = &question->held->recipients;
	int64_t cap = question->settings->cap_contact_day;

	for (size_t i = 0; i < recipients->count; i++) {
		struct outbox_tally tally = { 0 };

		if (outbox_tally_recipient(question->db, recipients->at[i],
					   question->held->kase, question->now - DAY_US,
					   &tally, err) != 0)
			return -1;
		if (tally.count >= cap)
			return say(out, DELIVERY_DEFERRED,
				   arena_printf(question->arena,
						SLICE_FMT
						" had mail about another case "
						"today; again after %s",
						SLICE_ARG(recipients->at[i]),
						after_a_day(&tally).text));
	}
	return 0;
}

static int day_check(const struct leave_question *question, struct leave_answer *out,
		     struct error *err)
{
	struct outbox_tally tally = { 0 };

	if (outbox_tally_all(question->db, question->now - DAY_US, &tally, err) != 0)
		return -1;
	if (tally.count < question->settings->cap_day)
		return 0;
	return say(out, DELIVERY_DEFERRED,
		   arena_printf(question->arena,
				"the day's %lld mails are used up ([send] cap-day); "
				"again after %s",
				(long long)tally.count, after_a_day(&tally).text));
}

int leave_ask(const struct leave_question *question, struct leave_answer *out,
	      struct error *err)
{
	static check *const checks[] = { revision_check, case_check, stop_check,
					 recipients_check, day_check };
	struct leave_answer answer = { .state = DELIVERY_SENDING };

	for (size_t i = 0; i < COUNT_OF(checks) && answer.state == DELIVERY_SENDING;
	     i++)
		if (checks[i](question, &answer, err) != 0)
			return -1;
	*out = answer;
	return 0;
}
