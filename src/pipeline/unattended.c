#include "pipeline/unattended.h"

#include "case/store.h"
#include "contact/suppression.h"
#include "delivery/store.h"
#include "incident/classify.h"
#include "incident/store.h"
#include "json/reader.h"
#include "pipeline/approve.h"
#include "pipeline/revise.h"
#include "report/correction.h"

enum { ANSWER_MAX_BYTES = 2 << 20 };

/* How sure the look-up was of the case's contact, in per cent; 0 where it does not say. */
static int64_t confidence_of(const struct kase *kase)
{
	struct error ignored;
	struct json *json = json_read(kase->answer, ANSWER_MAX_BYTES, &ignored);
	const struct json_value *contacts;
	double found = 0;

	if (!json)
		return 0;
	contacts = json_get(json_root(json), "contacts");
	for (size_t i = 0; i < json_count(contacts); i++) {
		const struct json_value *one = json_at(contacts, i);

		if (slice_equal_nocase(json_text(json_get(one, "address")),
				       kase->contact))
			found = json_number(json_get(one, "confidence"), 0);
	}
	json_free(json);
	return (int64_t)(found * 100 + 0.5);
}

static struct slice incident_why(struct arena *arena,
				 const struct unattended *unattended,
				 const struct incident *incident)
{
	const struct policy *policy = unattended->policy;
	struct slice source = incident_source(incident, arena);

	if (incident->category == CATEGORY_COMPROMISE || incident->successes)
		return arena_printf(arena,
				    "a login from " SLICE_FMT
				    " worked: only a person reports that",
				    SLICE_ARG(source));
	if (incident_logged_in(incident, unattended->settings))
		return arena_printf(
			arena,
			"a login from " SLICE_FMT
			" worked before its failures: only a person reports "
			"that",
			SLICE_ARG(source));
	if (!policy->categories[incident->category])
		return arena_printf(arena,
				    "'%s' is none of the categories of the policy",
				    category_name(incident->category));
	if (incident->certainty < policy->certainty)
		return arena_printf(
			arena, "the certainty of " SLICE_FMT " is '%s', less than '%s'",
			SLICE_ARG(source), certainty_name(incident->certainty),
			certainty_name(policy->certainty));
	return S("");
}

/* One by one: a case may hold very many. */
static int roll_why(const struct unattended *unattended, struct arena *arena,
		    const struct incident_roll *roll, struct slice *why,
		    struct error *err)
{
	struct arena *scratch = arena_new();
	int result = 0;

	for (size_t i = 0; result == 0 && i < roll->count && !why->len; i++) {
		struct incident_name name;
		struct incident incident;

		arena_reset(scratch);
		result = incident_roll_get(roll, i, &name, err);
		if (result == 0)
			result = incident_store_counts(unattended->db, scratch,
						       slice_of(name.text), &incident,
						       err);
		if (result == 0)
			result = login_store_of(unattended->db, scratch,
						unattended->settings, &incident, err);
		if (result == 0)
			*why = incident_why(arena, unattended, &incident);
	}
	arena_free(scratch);
	return result;
}

static int incidents_why(const struct unattended *unattended, struct arena *arena,
			 const struct kase *kase, struct slice *why, struct error *err)
{
	struct incident_roll roll;

	if (case_store_incidents(unattended->db, slice_of(kase->id), &roll, err) != 0)
		return -1;
	return roll_why(unattended, arena, &roll, why, err);
}

static struct slice report_why(struct arena *arena, const struct policy *policy,
			       const struct approval *approval)
{
	const struct stored_report *report = &approval->report;

	if (approval->findings.count)
		return arena_printf(arena, "lint finds something in it: " SLICE_FMT,
				    SLICE_ARG(approval->findings.at[0].text));
	if (report->edited_by.len)
		return S("a person edited it: a person approves it");
	if (!slice_equal(report->kind, S("report")))
		return S("it is a correction");
	if (report->recipients.count != 1)
		return S("it goes to more than one recipient");
	if (report->thread.len && !policy->follow_ups)
		return S("it is a follow-up ([policy] follow-ups)");
	return S("");
}

static struct slice case_why(const struct unattended *unattended, struct arena *arena,
			     const struct kase *kase)
{
	const struct policy *policy = unattended->policy;
	int64_t ripe = kase->opened_at + unattended->settings->observation_us;
	int64_t confidence = confidence_of(kase);

	if (contact_is_url(kase->contact))
		return S("its contact takes a web form, which only a person fills in");
	if (clock_now(unattended->clock) < ripe)
		return arena_printf(arena,
				    "it is watched until %s ([send] observation)",
				    time_format(ripe, TIME_MINUTE).text);
	if (kase->instead_of.len && !policy->next_contact)
		return arena_printf(arena,
				    SLICE_FMT
				    " refused mail and this is the next contact "
				    "([policy] next-contact)",
				    SLICE_ARG(kase->instead_of));
	if (confidence < policy->confidence)
		return arena_printf(arena, "the contact is %lld %% sure, not %lld",
				    (long long)confidence,
				    (long long)policy->confidence);
	return S("");
}

static int stop_why(const struct unattended *unattended, struct arena *arena,
		    const struct kase *kase, struct slice *why, struct error *err)
{
	struct suppressions rows = { 0 };
	const struct range any = { 0 };

	if (suppression_list(unattended->db, arena, &rows, err) != 0)
		return -1;
	if (suppression_match(&rows, kase->contact, &any))
		*why = S("the contact is on the stop list");
	return 0;
}

/* Everything that must hold, with the approvals read on the way; a case that cannot be
 * approved at all (placeholders, no mail address of yours) waits for that reason.       */
static int ask(const struct unattended *unattended, struct arena *arena,
	       const struct kase *kase, struct approvals *approvals, struct slice *why,
	       struct error *err)
{
	const struct approve approve = { .settings = unattended->settings,
					 .clock = unattended->clock,
					 .db = unattended->db,
					 .lint = unattended->lint,
					 .by = S("policy") };
	struct error refused;

	*why = case_why(unattended, arena, kase);
	if (!why->len && stop_why(unattended, arena, kase, why, err) != 0)
		return -1;
	if (!why->len && incidents_why(unattended, arena, kase, why, err) != 0)
		return -1;
	if (why->len)
		return 0;
	if (approve_read(&approve, arena, slice_of(kase->id), approvals, &refused) !=
	    0) {
		if (refused.kind == ERROR_SYSTEM || refused.kind == ERROR_RETRY) {
			*err = refused;
			return -1;
		}
		*why = arena_copy(arena, slice_of(refused.text));
		return 0;
	}
	for (size_t i = 0; i < approvals->count && !why->len; i++)
		*why = report_why(arena, unattended->policy, &approvals->at[i]);
	return 0;
}

static int cases_read(const struct unattended *unattended, struct arena *arena,
		      struct unattended_cases *out, struct error *err)
{
	struct kases kases = { 0 };

	if (case_store_list(unattended->db, arena, false, &kases, err) != 0)
		return -1;
	for (size_t i = kases.count; i-- > 0;)
		if (kases.at[i].state == CASE_OPEN && kases.at[i].contact.len)
			*LIST_ADD(arena, out) =
				(struct unattended_case){ .kase = kases.at[i] };
	return 0;
}

int unattended_ask(const struct unattended *unattended, struct arena *arena,
		   struct unattended_cases *out, struct error *err)
{
	if (cases_read(unattended, arena, out, err) != 0)
		return -1;
	for (size_t i = 0; i < out->count; i++) {
		struct approvals approvals = { 0 };

		if (ask(unattended, arena, &out->at[i].kase, &approvals,
			&out->at[i].why, err) != 0)
			return -1;
	}
	return 0;
}

/* Each report in words that say that it is automatic; lint has to like that as well. */
static struct slice mark(const struct unattended *unattended, struct arena *arena,
			 struct approvals *approvals)
{
	for (size_t i = 0; i < approvals->count; i++) {
		struct approval *approval = &approvals->at[i];
		struct stored_report *report = &approval->report;
		struct lint_findings findings = { 0 };

		approval->replaces = report->id;
		report->memo = memo_automatic(arena, report->memo);
		report->is_unattended = true;
		report->revision++;
		report->message_id = revision_message_id(arena, unattended->settings,
							 &approvals->kase, report);
		approve_lint(unattended->lint, arena, report, &findings);
		if (findings.count)
			return arena_printf(arena,
					    "lint finds something in it: " SLICE_FMT,
					    SLICE_ARG(findings.at[0].text));
	}
	return S("");
}

static int case_approve(const struct unattended *unattended, struct arena *arena,
			struct unattended_case *one, size_t *room, struct error *err)
{
	const struct approve approve = {
		.settings = unattended->settings,
		.clock = unattended->clock,
		.db = unattended->db,
		.lint = unattended->lint,
		.by = arena_printf(arena, "policy " SLICE_FMT,
				   SLICE_ARG(unattended->policy->path)),
	};
	struct approvals approvals = { 0 };

	if (ask(unattended, arena, &one->kase, &approvals, &one->why, err) != 0)
		return -1;
	if (!one->why.len && approvals.count > *room)
		one->why = S("the policy's day is used up ([policy] cap-day)");
	if (!one->why.len)
		one->why = mark(unattended, arena, &approvals);
	if (one->why.len || !approvals.count)
		return 0;
	*room -= approvals.count;
	return approve_made(&approve, arena, &approvals, err);
}

int unattended_approve(const struct unattended *unattended, struct arena *arena,
		       struct unattended_cases *out, struct error *err)
{
	int64_t since = clock_now(unattended->clock) - DAY_US;
	struct outbox_tally tally = { 0 };
	size_t room;

	if (outbox_tally_unattended(unattended->db, S(""), since, &tally, err) != 0 ||
	    cases_read(unattended, arena, out, err) != 0)
		return -1;
	room = tally.count < unattended->policy->cap_day
		       ? (size_t)(unattended->policy->cap_day - tally.count)
		       : 0;
	for (size_t i = 0; i < out->count; i++)
		if (case_approve(unattended, arena, &out->at[i], &room, err) != 0)
			return -1;
	return 0;
}
