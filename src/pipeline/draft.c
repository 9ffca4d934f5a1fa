#include "pipeline/draft.h"

#include "case/store.h"
#include "contact/suppression.h"
#include "pipeline/judge.h"
#include "pipeline/revise.h"

#include <stdlib.h>

bool incident_is_named(const struct incident *incident, struct arena *arena,
		       struct slice name)
{
	struct range range = range_of_prefix(&incident->source, incident->source_bits);
	struct address address;

	if (slice_equal_nocase(name, incident_source(incident, arena)) ||
	    slice_equal_nocase(name, incident->source_name))
		return true;
	return incident->source.family != FAMILY_NONE &&
	       address_parse(name, &address) == 0 && range_contains(&range, &address);
}

/* Selected on the command line. */
static bool is_named(const struct draft *draft, struct arena *arena,
		     const struct incident *incident)
{
	for (size_t i = 0; i < draft->sources.count; i++)
		if (incident_is_named(incident, arena, draft->sources.at[i]))
			return true;
	return false;
}

/* What gets a report drafted. A name without an address leads to nobody. */
static bool is_drafted(const struct draft *draft, struct arena *arena,
		       const struct drafted_incident *one)
{
	const struct incident *incident = &one->incident;

	if (one->barred || incident->source.family == FAMILY_NONE)
		return false;
	if (incident->verdict == VERDICT_REPORT)
		return true;
	if (incident->verdict == VERDICT_HOLD && draft->held)
		return true;
	return is_named(draft, arena, incident);
}

/* An address to ask about: for an IPv6 prefix the first full one that was seen. */
static struct slice query_of(struct arena *arena, const struct incident *incident)
{
	const struct tally *full = &incident->lists[LIST_ADDRESSES];
	struct address_text text = address_format(&incident->source);

	if (incident->source.family == FAMILY_IPV6 && full->count)
		return full->at[0].text;
	return arena_copy(arena, slice_of(text.text));
}

static bool is_looked_up(const struct drafted_incident *one)
{
	return one->incident.source.family != FAMILY_NONE && !one->finished &&
	       (one->incident.verdict != VERDICT_IGNORE ||
		(one->kase.len && !one->barred) || one->drafted);
}

/* The look-ups of this run: one query per source, sorted. */
struct look_ups {
	struct slices queries;
	struct contact_answer *answers;
};

static int query_compare(const void *left, const void *right)
{
	const struct slice *a = left, *b = right;

	return slice_compare(*a, *b);
}

static void queries_sort(struct slices *queries)
{
	size_t kept = 0;

	if (!queries->count)
		return;
	qsort(queries->at, queries->count, sizeof *queries->at, query_compare);
	for (size_t i = 1; i < queries->count; i++)
		if (query_compare(&queries->at[kept], &queries->at[i]) != 0)
			queries->at[++kept] = queries->at[i];
	queries->count = kept + 1;
}

static int look_up(const struct draft *draft, struct arena *arena,
		   const struct drafted_incidents *incidents, struct look_ups *out,
		   struct error *err)
{
	for (size_t i = 0; i < incidents->count; i++)
		if (is_looked_up(&incidents->at[i]))
			*LIST_ADD(arena, &out->queries) =
				query_of(arena, &incidents->at[i].incident);
	queries_sort(&out->queries);
	out->answers = ARENA_ARRAY(arena, struct contact_answer, out->queries.count);
	if (!out->queries.count)
		return 0;
	return finder_find(draft->finder, arena,
			   &(struct finder_queries){ .at = out->queries.at,
						     .count = out->queries.count,
						     .progress = draft->progress,
						     .context = draft->context },
			   out->answers, err);
}

/* An incident that came up only after the look-ups waits for the next run. */
static void answers_give(struct arena *arena, const struct look_ups *look_ups,
			 struct drafted_incidents *incidents)
{
	for (size_t i = 0; look_ups->queries.count && i < incidents->count; i++) {
		struct slice query = query_of(arena, &incidents->at[i].incident);
		const struct slice *found =
			bsearch(&query, look_ups->queries.at, look_ups->queries.count,
				sizeof query, query_compare);

		if (!found)
			continue;
		incidents->at[i].answer =
			&look_ups->answers[found - look_ups->queries.at];
	}
}

/* Nobody is known yet, because a registry may not be asked yet: it stays where it is, and
 * the next run asks.                                                                    */
static bool waits_for_registry(const struct drafted_incident *one)
{
	return one->answer && one->answer->later_at && !case_contact(one->answer);
}

static void waiting_note(struct arena *arena, const struct drafted_incidents *incidents,
			 struct slices *out)
{
	int64_t until = 0;
	size_t count = 0;

	for (size_t i = 0; i < incidents->count; i++) {
		const struct drafted_incident *one = &incidents->at[i];

		if (!one->drafted || !waits_for_registry(one))
			continue;
		count++;
		if (one->answer->later_at > until)
			until = one->answer->later_at;
	}
	if (count)
		*LIST_ADD(arena, out) = arena_printf(
			arena,
			"%zu source%s for a registry that may not be asked before %s: "
			"draft again then",
			count, count == 1 ? " waits" : "s wait",
			time_format(until + MINUTE_US - 1, TIME_MINUTE).text);
}

static void problems_gather(struct arena *arena,
			    const struct drafted_incidents *incidents,
			    struct slices *out)
{
	for (size_t i = 0; i < incidents->count; i++) {
		const struct contact_answer *answer = incidents->at[i].answer;

		for (size_t p = 0; answer && p < answer->problems.count; p++) {
			bool known = false;

			for (size_t k = 0; k < out->count; k++)
				known |=
					slice_equal(out->at[k], answer->problems.at[p]);
			if (!known)
				*LIST_ADD(arena, out) = answer->problems.at[p];
		}
	}
}

static struct kase case_like(struct arena *arena, const struct drafted_incident *one)
{
	const struct contact *contact = case_contact(one->answer);
	struct kase like = { .networks = case_network_words(arena, one->answer),
			     .wide = case_wide(arena, one->answer),
			     .answer = case_answer(arena, one->answer),
			     .instead_of = one->answer->passed_over };

	if (contact) {
		like.contact = contact->address;
		like.found = case_found(arena, contact);
	} else {
		like.network = case_network_key(arena, one->answer, &one->incident);
	}
	return like;
}

/* The stop list turns a report into a hold: whoever asked not to be mailed is not. */
static bool is_stopped(struct arena *arena, const struct suppressions *stops,
		       struct drafted_incident *one)
{
	const struct contact *contact = case_contact(one->answer);
	struct range range =
		range_of_prefix(&one->incident.source, one->incident.source_bits);
	const struct suppression *stop =
		suppression_match(stops, contact ? contact->address : S(""), &range);

	if (!stop)
		return false;
	one->incident.verdict = VERDICT_HOLD;
	one->incident.liftable = false;
	*LIST_ADD(arena, &one->incident.reasons) = arena_printf(
		arena, "'" SLICE_FMT "' is on your stop list", SLICE_ARG(stop->key));
	return true;
}

static int out_of_case(const struct draft *draft, struct arena *arena,
		       struct drafted_incident *one, struct error *err)
{
	if (!one->kase.len)
		return 0;
	if (case_store_remove(draft->db, slice_of(one->incident.id), err) != 0 ||
	    audit_add(draft->db, clock_now(draft->clock), "taken out", one->kase,
		      incident_source(&one->incident, arena), err) != 0)
		return -1;
	one->kase = (struct slice){ NULL, 0 };
	return 0;
}

/* Into its case: it stays where it is as long as the contact is the same. */
static int into_case(const struct draft *draft, struct arena *arena,
		     struct drafted_incident *one, struct error *err)
{
	struct kase like = case_like(arena, one), kase;
	struct case_place place;

	if (one->kase.len) {
		if (case_store_get(draft->db, arena, one->kase, &kase, err) != 0)
			return -1;
		if (slice_equal(kase.contact, like.contact) &&
		    slice_equal(kase.network, like.network))
			return 0;
		if (out_of_case(draft, arena, one, err) != 0)
			return -1;
	}
	place = (struct case_place){ &like, &one->incident,
				     draft->settings->judge_stale_us,
				     clock_now(draft->clock) };
	if (case_store_place(draft->db, arena, &place, &kase, err) != 0 ||
	    case_store_add(draft->db, slice_of(kase.id), slice_of(one->incident.id),
			   err) != 0)
		return -1;
	one->kase = arena_copy(arena, slice_of(kase.id));
	return 0;
}

static int incidents_place(const struct draft *draft, struct arena *arena,
			   struct drafted_incidents *incidents, struct error *err)
{
	struct suppressions stops = { 0 };

	if (suppression_list(draft->db, arena, &stops, err) != 0)
		return -1;
	for (size_t i = 0; i < incidents->count; i++) {
		struct drafted_incident *one = &incidents->at[i];
		bool stopped;

		if (one->barred && out_of_case(draft, arena, one, err) != 0)
			return -1;
		if (one->barred || one->finished || !one->answer)
			continue;
		if (waits_for_registry(one)) {
			one->drafted |= is_drafted(draft, arena, one);
			continue;
		}
		stopped = is_stopped(arena, &stops, one);
		one->drafted = !stopped && is_drafted(draft, arena, one);
		if (stopped ||
		    (!one->drafted && one->incident.verdict == VERDICT_IGNORE)) {
			if (out_of_case(draft, arena, one, err) != 0)
				return -1;
		} else if (one->drafted && into_case(draft, arena, one, err) != 0) {
			return -1;
		}
		one->drafted |= one->kase.len > 0;
	}
	return 0;
}

static void line_add(struct arena *arena, struct slice line, struct slice *lines)
{
	struct slice rest = *lines, known;

	if (!line.len)
		return;
	while (rest.len && slice_next(&rest, '\n', &known))
		if (slice_equal(known, line))
			return;
	*lines = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT, SLICE_ARG(*lines),
			      lines->len ? "\n" : "", SLICE_ARG(line));
}

/* What the look-ups of its incidents say now goes into the case. */
static int case_describe(const struct draft *draft, struct arena *arena,
			 struct kase *kase, const struct drafted_incidents *incidents,
			 struct error *err)
{
	struct slice networks = { NULL, 0 }, wide = { NULL, 0 };

	for (size_t i = 0; i < incidents->count; i++) {
		const struct drafted_incident *one = &incidents->at[i];
		struct slice rest, line;

		if (!one->answer || !slice_equal(one->kase, slice_of(kase->id)))
			continue;
		line_add(arena, case_network_words(arena, one->answer), &networks);
		rest = case_wide(arena, one->answer);
		while (rest.len && slice_next(&rest, '\n', &line))
			line_add(arena, line, &wide);
		if (case_contact(one->answer))
			kase->found = case_found(arena, case_contact(one->answer));
	}
	kase->networks = networks;
	kase->is_wide |= draft->wide; /* once asked for, it stays so */
	kase->wide = wide;
	return case_store_describe(draft->db, kase, clock_now(draft->clock), err);
}

/* What an open case holds; `whole` where every incident of it was looked up. One that
 * another tipoff put there meanwhile was not: the next run sees to the case.             */
static size_t case_incidents(const struct kase *kase,
			     const struct drafted_incidents *incidents, bool *whole)
{
	size_t count = 0;

	*whole = true;
	for (size_t i = 0; i < incidents->count; i++) {
		if (!slice_equal(incidents->at[i].kase, slice_of(kase->id)))
			continue;
		count++;
		*whole &= incidents->at[i].answer &&
			  !waits_for_registry(&incidents->at[i]);
	}
	return count;
}

/* Everything in it turned out to be nothing to write about. */
static int case_end(const struct draft *draft, const struct kase *kase,
		    struct error *err)
{
	const struct slice why = S("nothing is left in it to write about");
	int64_t now = clock_now(draft->clock);
	struct case_change change = { slice_of(kase->id), CASE_OPEN, CASE_CLOSED, why,
				      now };

	if (case_store_state(draft->db, &change, err) != 0)
		return -1;
	return audit_add(draft->db, now, "closed", slice_of(kase->id), why, err);
}

static int cases_revise(const struct draft *draft, struct arena *arena,
			struct draft_result *result, struct error *err)
{
	if (case_store_prune(draft->db, err) != 0 ||
	    case_store_list(draft->db, arena, false, &result->cases, err) != 0)
		return -1;
	for (size_t i = 0; i < result->cases.count; i++) {
		struct kase *kase = &result->cases.at[i];
		bool whole;
		size_t count = case_incidents(kase, &result->incidents, &whole);

		if ((kase->state != CASE_OPEN && kase->state != CASE_APPROVED) ||
		    !whole)
			continue;
		result->new_cases += kase->opened_at == clock_now(draft->clock);
		if (case_describe(draft, arena, kase, &result->incidents, err) != 0 ||
		    case_revise(draft, arena, kase, &result->incidents, result, err) !=
			    0)
			return -1;
		if (!count && case_end(draft, kase, err) != 0)
			return -1;
	}
	result->cases = (struct kases){ 0 };
	return case_store_list(draft->db, arena, false, &result->cases, err);
}

static void drafted_mark(const struct draft *draft, struct arena *arena,
			 struct drafted_incidents *incidents)
{
	for (size_t i = 0; i < incidents->count; i++) {
		struct drafted_incident *one = &incidents->at[i];

		one->drafted = !one->finished && is_drafted(draft, arena, one);
	}
}

/* Everything is read again inside: another tipoff may have counted on meanwhile. */
static int transact(const struct draft *draft, struct arena *arena,
		    const struct look_ups *look_ups, struct draft_result *result,
		    struct error *err)
{
	if (db_begin(draft->db, err) != 0)
		return -1;
	if (incidents_judge(draft, arena, &result->incidents, err) != 0)
		goto rollback;
	answers_give(arena, look_ups, &result->incidents);
	incidents_lift_by_network(draft, arena, &result->incidents);
	if (incidents_place(draft, arena, &result->incidents, err) != 0 ||
	    verdicts_save(draft, &result->incidents, err) != 0 ||
	    cases_revise(draft, arena, result, err) != 0 ||
	    db_commit(draft->db, err) != 0)
		goto rollback;
	return 0;
rollback:
	db_rollback(draft->db);
	return -1;
}

int draft_run(const struct draft *draft, struct arena *arena, struct draft_result *out,
	      struct error *err)
{
	struct drafted_incidents before = { 0 };
	struct draft_result result = { 0 };
	struct look_ups look_ups = { 0 };

	if (incidents_judge(draft, arena, &before, err) != 0)
		return -1;
	drafted_mark(draft, arena, &before);
	if (look_up(draft, arena, &before, &look_ups, err) != 0 ||
	    transact(draft, arena, &look_ups, &result, err) != 0)
		return -1;
	problems_gather(arena, &result.incidents, &result.problems);
	waiting_note(arena, &result.incidents, &result.problems);
	*out = result;
	return 0;
}
