#include "pipeline/judge.h"

#include "case/store.h"
#include "incident/classify.h"
#include "incident/store.h"

#include <inttypes.h>

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

static int one_judge(const struct draft *draft, struct arena *arena, struct slice id,
		     struct drafted_incident *out, struct error *err)
{
	struct kase kase = { .state = CASE_OPEN };

	if (incident_store_get(draft->db, arena, id, &out->incident, err) != 0 ||
	    case_store_of(draft->db, arena, id, &out->kase, err) != 0)
		return -1;
	if (out->kase.len &&
	    case_store_get(draft->db, arena, out->kase, &kase, err) != 0)
		return -1;
	out->finished = is_finished(&kase);
	if (out->finished)
		return 0;
	incident_judge(arena, &out->incident, draft->settings, clock_now(draft->clock));
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

static bool same_network(const struct drafted_incident *a,
			 const struct drafted_incident *b)
{
	return a->answer && b->answer && a->answer->has_network &&
	       b->answer->has_network &&
	       range_equal(&a->answer->network.range, &b->answer->network.range);
}

/* Distinct sources of the network of `one` that did more than a lone knock. */
static int64_t network_sources(const struct drafted_incidents *incidents,
			       const struct drafted_incident *one)
{
	int64_t count = 0;

	for (size_t i = 0; i < incidents->count; i++) {
		const struct drafted_incident *other = &incidents->at[i];
		bool seen = false;

		if (other->incident.verdict == VERDICT_IGNORE || other->finished ||
		    !same_network(one, other))
			continue;
		for (size_t j = 0; j < i && !seen; j++)
			seen = incidents->at[j].incident.verdict != VERDICT_IGNORE &&
			       !incidents->at[j].finished &&
			       same_network(one, &incidents->at[j]) &&
			       address_equal(&other->incident.source,
					     &incidents->at[j].incident.source);
		count += !seen;
	}
	return count;
}

void incidents_lift_by_network(const struct draft *draft, struct arena *arena,
			       struct drafted_incidents *incidents)
{
	for (size_t i = 0; i < incidents->count; i++) {
		struct drafted_incident *one = &incidents->at[i];
		int64_t sources;

		if (!one->incident.liftable || one->incident.verdict != VERDICT_HOLD)
			continue;
		sources = network_sources(incidents, one);
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
