#include "delivery/leave.h"

#include "case/store.h"
#include "contact/suppression.h"
#include "delivery/hours.h"
#include "delivery/leave_database.h"
#include "incident/own.h"
#include "incident/store.h"
#include "report/form.h"

/* Each answers by changing `state` of `out`, and then no later one is asked. */
typedef int check(const struct leave_question *question, struct leave_answer *out,
		  struct error *err);

static int say(struct leave_answer *out, enum delivery_state state, struct slice words)
{
	*out = (struct leave_answer){ state, words, 0 };
	return 0;
}

static int say_later(struct leave_answer *out, int64_t until, struct slice words)
{
	*out = (struct leave_answer){ DELIVERY_DEFERRED, words, until };
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

/* The recipients; of a form also the mailbox whose desk it is, for it is the same desk that
 * said stop, or had its mail of the day.                                                 */
static int reached_by(const struct leave_question *question, struct slices *out,
		      struct error *err)
{
	const struct slices *recipients = &question->held->recipients;
	struct kase kase;

	for (size_t i = 0; i < recipients->count; i++)
		*LIST_ADD(question->arena, out) = recipients->at[i];
	if (!report_is_form(question->held))
		return 0;
	if (case_store_get(question->db, question->arena, question->held->kase, &kase,
			   err) != 0)
		return -1;
	if (kase.mailbox.len)
		*LIST_ADD(question->arena, out) = kase.mailbox;
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

static bool is_correction(const struct leave_question *question)
{
	return slice_equal(question->held->kind, S("correction"));
}

/* "203.0.113.77": what the report, or the one that it corrects, is about. */
static struct slice part_of(const struct stored_report *held)
{
	const struct slice prefix = S("correction:");

	return slice_starts(held->part, prefix) ? slice_from(held->part, prefix.len)
						: held->part;
}

static bool is_told(const struct leave_question *question, struct slice source)
{
	struct slice part = part_of(question->held);

	return leave_is_database(question) || slice_equal(part, S("all")) ||
	       slice_equal(part, source);
}

/* What each incident of a case is held against. */
struct stops {
	const struct own_side *own;
	struct suppressions rows;
	struct slices reached;
	struct arena *scratch; /* of one incident */
};

/* The configuration and the stop list may say more now than when it was approved. A
 * correction may well be about what turned out to be our own side.                      */
static int source_check(const struct leave_question *question,
			const struct stops *stops, const struct incident *incident,
			struct leave_answer *out)
{
	struct range range = range_of_prefix(&incident->source, incident->source_bits);
	const struct suppression *row =
		stopped_by(&stops->rows, &stops->reached, &range);
	const char *reason = own_side_refuses_incident(stops->own, incident);
	struct arena *arena = question->arena;

	if (reason && !is_correction(question))
		return say(out, DELIVERY_FAILED,
			   arena_printf(arena, SLICE_FMT " is no source: %s",
					SLICE_ARG(incident_source(incident, arena)),
					reason));
	return row ? say_stopped(question, row, out) : 0;
}

static int incident_check(const struct leave_question *question,
			  const struct stops *stops, struct slice id,
			  struct leave_answer *out, struct error *err)
{
	struct arena *scratch = stops->scratch;
	struct incident incident;

	arena_reset(scratch);
	if (incident_store_counts(question->db, scratch, id, &incident, err) != 0)
		return -1;
	if (question->held->is_unattended &&
	    (incident.successes || incident.category == CATEGORY_COMPROMISE))
		return say(out, DELIVERY_DEFERRED,
			   S("a login worked meanwhile: a person has to look, 'tipoff "
			     "draft' says at what"));
	if (incident.source.family != FAMILY_NONE &&
	    is_told(question, incident_source(&incident, scratch)))
		return source_check(question, stops, &incident, out);
	return 0;
}

/* One by one: a case may have very many. */
static int incidents_check(const struct leave_question *question, struct stops *stops,
			   struct leave_answer *out, struct error *err)
{
	struct incident_roll roll;
	int result =
		case_store_incidents(question->db, question->held->kase, &roll, err);

	stops->scratch = arena_new();
	for (size_t i = 0;
	     result == 0 && i < roll.count && out->state == DELIVERY_SENDING; i++) {
		struct incident_name name;

		result = incident_roll_get(&roll, i, &name, err);
		if (result == 0)
			result = incident_check(question, stops, slice_of(name.text),
						out, err);
	}
	arena_free(stops->scratch);
	return result;
}

static int stop_check(const struct leave_question *question, struct leave_answer *out,
		      struct error *err)
{
	struct settings settings = *question->settings;
	struct range any = { 0 };
	struct stops stops = { 0 };
	const struct suppression *row;

	if (suppression_list(question->db, question->arena, &stops.rows, err) != 0 ||
	    reached_by(question, &stops.reached, err) != 0)
		return -1;
	row = stopped_by(&stops.rows, &stops.reached, &any);
	if (row)
		return say_stopped(question, row, out);
	/* documentation addresses were let in, or kept out, when they were judged */
	settings.documentation_public = true;
	stops.own = own_side_new(question->arena, &settings, err);
	return stops.own ? incidents_check(question, &stops, out, err) : -1;
}

/* ---- when ---- */

static int window_check(const struct leave_question *question, struct leave_answer *out,
			struct error *err)
{
	int64_t next;

	if (question->any_hour || report_is_form(question->held))
		return 0; /* whoever fills in a form chooses the hour */
	if (hours_next(&question->settings->window, question->now, &next, err) != 0)
		return -1;
	if (next == question->now)
		return 0;
	return say_later(out, next,
			 arena_printf(question->arena,
				      "outside of [send] window; again at %s",
				      time_format(next, TIME_MINUTE).text));
}

static int64_t after_a_day(const struct outbox_tally *tally)
{
	return tally->first_at + DAY_US;
}

static int recipients_check(const struct leave_question *question,
			    struct leave_answer *out, struct error *err)
{
	int64_t cap = question->settings->cap_contact_day;
	struct slices reached = { 0 };

	if (reached_by(question, &reached, err) != 0)
		return -1;
	for (size_t i = 0; i < reached.count && !is_correction(question); i++) {
		struct outbox_tally tally = { 0 };
		int64_t until;

		if (outbox_tally_recipient(question->db, reached.at[i],
					   question->held->kase, question->now - DAY_US,
					   &tally, err) != 0)
			return -1;
		if (tally.count < cap)
			continue;
		until = after_a_day(&tally);
		return say_later(out, until,
				 arena_printf(question->arena,
					      SLICE_FMT " %s another case today; again "
							"after %s",
					      SLICE_ARG(reached.at[i]),
					      contact_is_url(reached.at[i])
						      ? "was told of"
						      : "had mail about",
					      time_format(until, TIME_MINUTE).text));
	}
	return 0;
}

static int network_check(const struct leave_question *question,
			 struct leave_answer *out, struct error *err)
{
	struct slice rest, network;
	struct kase kase;

	if (is_correction(question))
		return 0;
	if (case_store_get(question->db, question->arena, question->held->kase, &kase,
			   err) != 0)
		return -1;
	rest = kase.networks;
	while (rest.len && slice_next(&rest, '\n', &network)) {
		struct outbox_tally tally = { 0 };
		int64_t until;

		if (outbox_tally_network(question->db, network, question->held->kase,
					 question->now - DAY_US, &tally, err) != 0)
			return -1;
		if (tally.count < question->settings->cap_network_day)
			continue;
		until = after_a_day(&tally);
		return say_later(
			out, until,
			arena_printf(question->arena,
				     "network " SLICE_FMT
				     " was the subject of %lld mails today ([send] "
				     "cap-network-day); again after %s",
				     SLICE_ARG(network), (long long)tally.count,
				     time_format(until, TIME_MINUTE).text));
	}
	return 0;
}

static int say_used_up(const struct leave_question *question,
		       const struct outbox_tally *tally, const char *what,
		       struct leave_answer *out)
{
	int64_t until = after_a_day(tally);

	return say_later(out, until,
			 arena_printf(question->arena,
				      "the day's %lld %s are used up; again after %s",
				      (long long)tally->count, what,
				      time_format(until, TIME_MINUTE).text));
}

static int day_check(const struct leave_question *question, struct leave_answer *out,
		     struct error *err)
{
	const struct settings *settings = question->settings;
	struct outbox_tally tally = { 0 };
	bool corrects = is_correction(question);

	if ((corrects ? outbox_tally_corrections : outbox_tally_all)(
		    question->db, question->now - DAY_US, &tally, err) != 0)
		return -1;
	if (tally.count < (corrects ? settings->cap_corrections : settings->cap_day))
		return 0;
	return say_used_up(question, &tally,
			   corrects ? "corrections ([send] cap-corrections)"
				    : "mails ([send] cap-day)",
			   out);
}

static int total_check(const struct leave_question *question, struct leave_answer *out,
		       struct error *err)
{
	int64_t cap = question->settings->cap_total;
	struct outbox_tally tally = { 0 };

	if (!cap || is_correction(question))
		return 0;
	if (outbox_tally_all(question->db, 0, &tally, err) != 0)
		return -1;
	if (tally.count < cap)
		return 0;
	return say(
		out, DELIVERY_DEFERRED,
		arena_printf(question->arena,
			     "%lld mails have left in all; raise [send] cap-total if "
			     "more are to",
			     (long long)tally.count));
}

/* ---- without a person ---- */

static int say_policy_gone(struct leave_answer *out)
{
	return say(out, DELIVERY_DEFERRED,
		   S("a policy approved it that is no longer in force ([send] policy): "
		     "'tipoff close' ends the case"));
}

static int policy_check(const struct leave_question *question, struct leave_answer *out,
			struct error *err)
{
	const struct slices *recipients = &question->held->recipients;
	const struct policy *policy = question->policy;
	int64_t since = question->now - DAY_US;
	struct outbox_tally tally = { 0 };

	if (!question->held->is_unattended)
		return 0;
	if (!policy)
		return say_policy_gone(out);
	if (outbox_tally_unattended(question->db, S(""), since, &tally, err) != 0)
		return -1;
	if (tally.count >= policy->cap_day)
		return say_used_up(question, &tally, "mails of the policy (cap-day)",
				   out);
	for (size_t i = 0; i < recipients->count; i++) {
		if (outbox_tally_unattended(question->db, recipients->at[i], since,
					    &tally, err) != 0)
			return -1;
		if (tally.count >= policy->cap_contact_day)
			return say_used_up(question, &tally,
					   "mails of the policy to this contact "
					   "(cap-contact-day)",
					   out);
	}
	return 0;
}

struct checks {
	check *const *at;
	size_t count;
};

static int checks_run(const struct leave_question *question,
		      const struct checks *checks, struct leave_answer *out,
		      struct error *err)
{
	for (size_t i = 0; i < checks->count && out->state == DELIVERY_SENDING; i++)
		if (checks->at[i](question, out, err) != 0)
			return -1;
	return 0;
}

int leave_ask(const struct leave_question *question, struct leave_answer *out,
	      struct error *err)
{
	static check *const always[] = { revision_check, case_check, stop_check,
					 policy_check, window_check };
	static check *const of_mail[] = { total_check, recipients_check, network_check,
					  day_check };
	static check *const of_database[] = { leave_database };
	const struct checks last =
		leave_is_database(question)
			? (struct checks){ of_database, COUNT_OF(of_database) }
			: (struct checks){ of_mail, COUNT_OF(of_mail) };
	struct leave_answer answer = { .state = DELIVERY_SENDING };

	if (checks_run(question, &(struct checks){ always, COUNT_OF(always) }, &answer,
		       err) != 0 ||
	    checks_run(question, &last, &answer, err) != 0)
		return -1;
	*out = answer;
	return 0;
}
