#include "pipeline/judge.h"

#include "case/store.h"
#include "incident/classify.h"
#include "incident/store.h"

#include <inttypes.h>
#include <stdlib.h>

enum { HISTORY_DAYS = 30 };

static int history_lift(const struct draft *draft, struct arena *arena,
			struct incident *incident, struct error *err)
{
	int64_t now = clock_now(draft->clock), days = 0;

	if (!incident->liftable)
		return 0;
	if (incident_store_days(draft->db, incident, now - HISTORY_DAYS * DAY_US, &days,
				err) != 0)
		return -1;
	if (days >= draft->settings->judge_days)
		incident_lift(arena, incident,
			      arena_printf(arena, "seen on %" PRId64 " days", days));
	return 0;
}

static bool is_finished(const struct kase *kase)
{
	return kase->state == CASE_SENT || kase->state == CASE_CLOSED;
}

/* Whatever it was part of before, a login that worked is news. */
static bool waits_for_answer(const struct incident *incident)
{
	return incident->category == CATEGORY_COMPROMISE && !incident->answered.len;
}

static void own_ignore(struct arena *arena, struct drafted_incident *one,
		       const char *reason)
{
	one->barred = true;
	one->incident.verdict = VERDICT_IGNORE;
	one->incident.liftable = false;
	one->incident.reasons = (struct slices){ 0 };
	*LIST_ADD(arena, &one->incident.reasons) = slice_of(reason);
}

static int one_judge(const struct draft *draft, struct arena *arena, struct slice id,
		     struct drafted_incident *out, struct error *err)
{
	struct kase kase = { .state = CASE_OPEN };
	const char *reason;

	if (incident_store_get(draft->db, arena, id, &out->incident, err) != 0 ||
	    case_store_of(draft->db, arena, id, &out->kase, err) != 0)
		return -1;
	if (out->kase.len &&
	    case_store_get(draft->db, arena, out->kase, &kase, err) != 0)
		return -1;
	out->barred = waits_for_answer(&out->incident);
	out->finished = is_finished(&kase) && !out->barred;
	if (out->finished)
		return 0;
	incident_judge(arena, &out->incident, draft->settings, clock_now(draft->clock));
	reason = own_side_refuses_incident(draft->own, &out->incident);
	if (reason) {
		own_ignore(arena, out, reason);
		return 0;
	}
	return history_lift(draft, arena, &out->incident, err);
}

int incidents_judge(const struct draft *draft, struct arena *arena,
		    struct drafted_incidents *out, struct error *err)
{
	struct slices ids = { 0 };

	if (incident_store_ids(draft->db, arena, 0, &ids, err) != 0)
		return -1;
	for (size_t i = 0; i < ids.count; i++)
		if (one_judge(draft, arena, ids.at[i], LIST_ADD(arena, out), err) != 0)
			return -1;
	return 0;
}

/* A source that did more than a lone knock, and its network. */
struct active {
	struct range network;
	struct address source;
};
struct actives {
	struct active *at;
	size_t count, room;
};

static int network_compare(const struct range *a, const struct range *b)
{
	int first = address_compare(&a->first, &b->first);

	return first ? first : address_compare(&a->last, &b->last);
}

static int active_compare(const void *left, const void *right)
{
	const struct active *a = left, *b = right;
	int network = network_compare(&a->network, &b->network);

	return network ? network : address_compare(&a->source, &b->source);
}

/* Sorted by network, each source once. */
static void actives_gather(struct arena *arena,
			   const struct drafted_incidents *incidents,
			   struct actives *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < incidents->count; i++) {
		const struct drafted_incident *one = &incidents->at[i];

		if (one->incident.verdict == VERDICT_IGNORE || one->finished ||
		    incident_forgeable(&one->incident) || !one->answer ||
		    !one->answer->has_network)
			continue;
		*LIST_ADD(arena, out) = (struct active){ one->answer->network.range,
							 one->incident.source };
	}
	if (!out->count)
		return;
	qsort(out->at, out->count, sizeof *out->at, active_compare);
	for (size_t i = 1; i < out->count; i++)
		if (active_compare(&out->at[kept], &out->at[i]) != 0)
			out->at[++kept] = out->at[i];
	out->count = kept + 1;
}

static int64_t network_sources(const struct actives *actives,
			       const struct range *network)
{
	size_t low = 0, high = actives->count;
	int64_t count = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (network_compare(&actives->at[middle].network, network) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low < actives->count &&
	       network_compare(&actives->at[low++].network, network) == 0)
		count++;
	return count;
}

void incidents_lift_by_network(const struct draft *draft, struct arena *arena,
			       struct drafted_incidents *incidents)
{
	struct actives actives = { 0 };

	actives_gather(arena, incidents, &actives);
	for (size_t i = 0; i < incidents->count; i++) {
		struct drafted_incident *one = &incidents->at[i];
		int64_t sources;

		if (!one->incident.liftable || one->incident.verdict != VERDICT_HOLD ||
		    !one->answer || !one->answer->has_network)
			continue;
		sources = network_sources(&actives, &one->answer->network.range);
		if (sources >= draft->settings->judge_network_sources)
			incident_lift(
				arena, &one->incident,
				arena_printf(arena,
					     "one of %" PRId64 " sources of network %s",
					     sources,
					     range_format(&one->answer->network.range)
						     .text));
	}
}

int verdicts_save(const struct draft *draft, const struct drafted_incidents *incidents,
		  struct error *err)
{
	for (size_t i = 0; i < incidents->count; i++)
		if (!incidents->at[i].finished &&
		    incident_store_judge(draft->db, &incidents->at[i].incident, err) !=
			    0)
			return -1;
	return 0;
}
