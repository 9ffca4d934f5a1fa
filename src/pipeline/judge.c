/* Verdicts once history and network are known. */
#include "pipeline/drafting.h"

#include "incident/classify.h"
#include "incident/store.h"

#include <inttypes.h>

enum { HISTORY_DAYS = 30 };

static int history_lift(const struct drafting *drafting, struct incident *incident,
			struct error *err)
{
	const struct draft *draft = drafting->draft;
	int64_t now = clock_now(draft->clock), days = 0;

	if (!incident->liftable)
		return 0;
	if (incident_store_days(draft->db, incident, now - HISTORY_DAYS * DAY_US, &days,
				err) != 0)
		return -1;
	if (days >= draft->settings->judge_days)
		incident_lift(drafting->scratch, incident,
			      arena_printf(drafting->scratch,
					   "seen on %" PRId64 " days", days));
	return 0;
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

static int one_judge(const struct drafting *drafting, struct drafted_incident *out,
		     struct error *err)
{
	const struct draft *draft = drafting->draft;
	struct arena *arena = drafting->scratch;
	const char *reason;

	incident_judge(arena, &out->incident, draft->settings, clock_now(draft->clock));
	reason = own_side_refuses_incident(draft->own, &out->incident);
	if (!reason)
		return history_lift(drafting, &out->incident, err);
	own_ignore(arena, out, reason);
	return 0;
}

int incident_judged(const struct drafting *drafting, size_t place,
		    struct drafted_incident *out, struct error *err)
{
	struct arena *arena = drafting->scratch;
	struct db *db = drafting->draft->db;
	struct incident_name name;
	struct slice id;

	if (incident_roll_get(&drafting->result->judged, place, &name, err) != 0)
		return -1;
	id = slice_of(name.text);
	arena_reset(arena);
	*out = (struct drafted_incident){ 0 };
	if (incident_store_counts(db, arena, id, &out->incident, err) != 0)
		return err->kind == ERROR_NOT_FOUND ? 0 : -1;
	if (login_store_of(db, arena, drafting->draft->settings, &out->incident, err) !=
		    0 ||
	    case_store_holding(db, arena, id, &out->held, err) != 0)
		return -1;
	out->was = out->incident.verdict;
	out->were = out->incident.reasons;
	out->barred = waits_for_answer(&out->incident);
	out->finished = case_is_finished(out->held.state) && !out->barred;
	if (!out->finished && one_judge(drafting, out, err) != 0)
		return -1;
	return 1;
}

bool is_active(const struct draft *draft, const struct drafted_incident *one)
{
	return !incident_logged_in(&one->incident, draft->settings) &&
	       one->incident.verdict != VERDICT_IGNORE && !one->finished &&
	       one->incident.source.family != FAMILY_NONE &&
	       !incident_forgeable(&one->incident);
}

void lift_by_network(const struct drafting *drafting, struct drafted_incident *one)
{
	struct arena *arena = drafting->scratch;
	const struct network_count *network;

	if (!one->incident.liftable || one->incident.verdict != VERDICT_HOLD)
		return;
	network = network_count_of(drafting, one);
	if (!network ||
	    network->sources < drafting->draft->settings->judge_network_sources)
		return;
	incident_lift(arena, &one->incident,
		      arena_printf(arena, "one of %" PRIu32 " sources of network %s",
				   network->sources,
				   range_format(&network->range).text));
}

static bool is_as_before(const struct drafted_incident *one)
{
	const struct slices *are = &one->incident.reasons, *were = &one->were;

	if (one->incident.verdict != one->was || are->count != were->count)
		return false;
	for (size_t i = 0; i < are->count; i++)
		if (!slice_equal(are->at[i], were->at[i]))
			return false;
	return true;
}

int verdict_save(const struct drafting *drafting, const struct drafted_incident *one,
		 struct error *err)
{
	if (one->finished || is_as_before(one))
		return 0;
	return incident_store_judge(drafting->draft->db, &one->incident, err);
}

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

bool is_drafted(const struct draft *draft, struct arena *arena,
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
