/* Which case an incident belongs to. */
#include "pipeline/drafting.h"

#include "contact/suppression.h"
#include "delivery/store.h"
#include "incident/classify.h"

#include <stdio.h>

/* The case that the last incident with an answer like this went to: a network's many
 * sources need not be looked for one by one. Its window is written when all are in.      */
struct near {
	char id[CASE_ID_LEN + 1]; /* empty: none yet */
	int64_t first, last;
	bool changed;
};

struct placing {
	struct drafting *drafting;
	struct suppressions stops;
	struct near *near; /* by the number of an answer */
	struct {
		size_t *at;
		size_t count, room;
	} changed; /* numbers of those whose window is to be written */
	bool *told; /* by number: its problems are in the result       */
	size_t waiting; /* drafted, but for a registry; and until when     */
	int64_t until;
	size_t told_wrongly; /* a login was read when they had been told of    */
};

enum { TOLD_WRONGLY_SHOWN = 8 };

/* The stop list turns a report into a hold: whoever asked not to be mailed is not. */
static bool is_stopped(const struct placing *placing, struct drafted_incident *one)
{
	struct arena *arena = placing->drafting->scratch;
	const struct contact *contact = case_contact(one->answer);
	struct range range =
		range_of_prefix(&one->incident.source, one->incident.source_bits);
	const struct suppression *stop = suppression_match(
		&placing->stops, contact ? contact->address : S(""), &range);

	if (!stop && contact && contact->mailbox.len)
		stop = suppression_match(&placing->stops, contact->mailbox, &range);

	if (!stop)
		return false;
	one->incident.verdict = VERDICT_HOLD;
	one->incident.liftable = false;
	*LIST_ADD(arena, &one->incident.reasons) = arena_printf(
		arena, "'" SLICE_FMT "' is on your stop list", SLICE_ARG(stop->key));
	return true;
}

static int out_of_case(const struct drafting *drafting, struct drafted_incident *one,
		       struct error *err)
{
	const struct draft *draft = drafting->draft;

	if (!one->held.id.len)
		return 0;
	if (case_store_remove(draft->db, slice_of(one->incident.id), err) != 0 ||
	    audit_add(draft->db, clock_now(draft->clock), "taken out", one->held.id,
		      incident_source(&one->incident, drafting->scratch), err) != 0)
		return -1;
	one->held = (struct case_held){ .state = CASE_OPEN };
	return 0;
}

static int windows_write(struct placing *placing, struct error *err)
{
	for (size_t i = 0; i < placing->changed.count; i++) {
		struct near *near = &placing->near[placing->changed.at[i]];

		if (case_store_span(placing->drafting->draft->db, slice_of(near->id),
				    near->first, near->last, err) != 0)
			return -1;
		near->changed = false;
	}
	placing->changed.count = 0;
	return 0;
}

static struct case_place place_of(const struct placing *placing,
				  const struct drafted_incident *one)
{
	const struct contact *contact = case_contact(one->answer);

	return (struct case_place){
		.contact = contact ? contact->address : S(""),
		.network = contact ? S("")
				   : case_network_key(placing->drafting->scratch,
						      one->answer, &one->incident),
		.first = one->incident.first,
		.last = one->incident.last,
		.reach = placing->drafting->draft->settings->judge_stale_us,
	};
}

static int case_new(const struct placing *placing, const struct drafted_incident *one,
		    const struct case_place *place, struct kase *out, struct error *err)
{
	struct arena *arena = placing->drafting->scratch;
	const struct contact *contact = case_contact(one->answer);

	*out = (struct kase){
		.contact = place->contact,
		.network = place->network,
		.found = contact ? case_found(arena, contact) : S(""),
		.networks = case_network_words(arena, one->answer),
		.wide = case_wide(arena, one->answer),
		.answer = case_answer(arena, one->answer),
		.instead_of = one->answer->passed_over,
		.mailbox = contact ? contact->mailbox : S(""),
		.window_start = place->first,
		.window_end = place->last,
	};
	return case_store_open(placing->drafting->draft->db, out,
			       clock_now(placing->drafting->draft->clock), err);
}

/* What is known of the last one like it holds as long as it is near: windows only grow. */
static bool is_near(const struct near *near, const struct drafted_incident *one,
		    const struct case_place *place)
{
	bool by_answer = place->contact.len || one->answer->has_network;

	return by_answer && near->id[0] && place->first <= near->last + place->reach &&
	       place->last >= near->first - place->reach;
}

static int near_find(struct placing *placing, const struct drafted_incident *one,
		     const struct case_place *place, struct error *err)
{
	struct near *near = &placing->near[one->number];
	struct kase kase;
	int found;

	if (windows_write(placing, err) != 0)
		return -1;
	found = case_store_near(placing->drafting->draft->db, place, &kase, err);
	if (found < 0 || (!found && case_new(placing, one, place, &kase, err) != 0))
		return -1;
	*near = (struct near){ .first = kase.window_start, .last = kase.window_end };
	snprintf(near->id, sizeof near->id, "%s", kase.id);
	return 0;
}

static void near_widen(struct placing *placing, size_t number,
		       const struct case_place *place)
{
	struct near *near = &placing->near[number];

	if (place->first >= near->first && place->last <= near->last)
		return;
	near->first = place->first < near->first ? place->first : near->first;
	near->last = place->last > near->last ? place->last : near->last;
	if (!near->changed)
		*LIST_ADD(placing->drafting->arena, &placing->changed) = number;
	near->changed = true;
}

/* Into its case: it stays where it is as long as the contact is the same. */
static int into_case(struct placing *placing, struct drafted_incident *one,
		     struct error *err)
{
	struct db *db = placing->drafting->draft->db;
	struct case_place place = place_of(placing, one);
	struct near *near = &placing->near[one->number];

	if (one->held.id.len && slice_equal(one->held.contact, place.contact) &&
	    slice_equal(one->held.network, place.network))
		return 0;
	if (out_of_case(placing->drafting, one, err) != 0)
		return -1;
	if (!is_near(near, one, &place) && near_find(placing, one, &place, err) != 0)
		return -1;
	near_widen(placing, one->number, &place);
	one->held.id = arena_copy(placing->drafting->scratch, slice_of(near->id));
	return case_store_add(db, one->held.id, slice_of(one->incident.id), err);
}

static void waiting_count(struct placing *placing, const struct drafted_incident *one)
{
	struct drafting *drafting = placing->drafting;

	if (!is_drafted(drafting->draft, drafting->scratch, one))
		return;
	placing->waiting++;
	if (one->answer->later_at > placing->until)
		placing->until = one->answer->later_at;
}

static void waiting_tell(const struct placing *placing)
{
	struct arena *arena = placing->drafting->arena;

	if (placing->waiting)
		*LIST_ADD(arena, &placing->drafting->result->problems) = arena_printf(
			arena,
			"%zu source%s for a registry that may not be asked before %s: "
			"draft again then",
			placing->waiting, placing->waiting == 1 ? " waits" : "s wait",
			time_format(placing->until + MINUTE_US - 1, TIME_MINUTE).text);
}

/* What nobody asked for any more: it is ignored, or a login was read that came before it.
 * What a person had drafted although it was held stays.                                 */
static bool is_dropped(const struct draft *draft, const struct drafted_incident *one)
{
	bool is_news = one->was == VERDICT_REPORT ||
		       (reasons_tell_login(&one->incident.reasons) &&
			!reasons_tell_login(&one->were));

	return one->incident.verdict == VERDICT_IGNORE ||
	       (is_news && one->incident.verdict == VERDICT_HOLD &&
		incident_logged_in(&one->incident, draft->settings));
}

/* Somebody was told of it before the login was read: only its user knows whether wrongly. */
static int told_wrongly(struct placing *placing, struct drafted_incident *one,
			struct error *err)
{
	struct drafting *drafting = placing->drafting;
	const struct draft *draft = drafting->draft;
	struct incident *incident = &one->incident;
	struct slice source = incident_source(incident, drafting->scratch);
	bool left, to_fill;

	if (one->was != VERDICT_REPORT ||
	    !incident_logged_in(incident, draft->settings))
		return 0;
	incident_judge(drafting->scratch, incident, draft->settings,
		       clock_now(draft->clock));
	if (!reasons_tell_login(&incident->reasons))
		return 0;
	if (outbox_case_left(draft->db, one->held.id, &left, &to_fill, err) != 0 ||
	    incident_store_judge(draft->db, incident, err) != 0)
		return -1;
	if (!left && !to_fill)
		return 0;
	if (audit_add(draft->db, clock_now(draft->clock), "login known", one->held.id,
		      source, err) != 0)
		return -1;
	if (placing->told_wrongly++ >= TOLD_WRONGLY_SHOWN)
		return 0;
	*LIST_ADD(drafting->arena, &drafting->result->problems) =
		arena_printf(drafting->arena,
			     "a login from " SLICE_FMT
			     " had worked before what case " SLICE_FMT " %s: "
			     "if it is one of yours, 'tipoff %s " SLICE_FMT "' %s",
			     SLICE_ARG(source), SLICE_ARG(one->held.id),
			     left ? "told of" : "is about to tell",
			     left ? "correct" : "close", SLICE_ARG(one->held.id),
			     left ? "tells them so" : "drops the form");
	return 0;
}

static void told_wrongly_tell(const struct placing *placing)
{
	struct arena *arena = placing->drafting->arena;

	if (placing->told_wrongly > TOLD_WRONGLY_SHOWN)
		*LIST_ADD(arena, &placing->drafting->result->problems) = arena_printf(
			arena, "so it is with %zu more: 'tipoff show CASE' lists them",
			placing->told_wrongly - TOLD_WRONGLY_SHOWN);
}

static int one_place(struct placing *placing, struct drafted_incident *one,
		     struct error *err)
{
	struct drafting *drafting = placing->drafting;
	bool stopped, wanted, waits;

	if (one->barred && out_of_case(drafting, one, err) != 0)
		return -1;
	if (one->finished && !one->barred)
		return told_wrongly(placing, one, err);
	if (one->barred || !one->answer)
		return 0;
	waits = waits_for_registry(one);
	if (waits)
		waiting_count(placing, one);
	stopped = !waits && is_stopped(placing, one);
	wanted = !stopped && is_drafted(drafting->draft, drafting->scratch, one);
	one->drafted = wanted && !waits;
	if (stopped || (!wanted && is_dropped(drafting->draft, one)))
		return out_of_case(drafting, one, err);
	return one->drafted ? into_case(placing, one, err) : 0;
}

/* Each once, in the order of the incidents. */
static void problems_tell(struct placing *placing, const struct drafted_incident *one)
{
	struct slices *all = &placing->drafting->result->problems;

	if (!one->answer || placing->told[one->number])
		return;
	placing->told[one->number] = true;
	for (size_t p = 0; p < one->answer->problems.count; p++) {
		bool known = false;

		for (size_t k = 0; k < all->count; k++)
			known |= slice_equal(all->at[k], one->answer->problems.at[p]);
		if (!known)
			*LIST_ADD(placing->drafting->arena, all) =
				one->answer->problems.at[p];
	}
}

static int all_place(struct placing *placing, struct error *err)
{
	struct drafting *drafting = placing->drafting;

	for (size_t i = 0; i < drafting->result->judged.count; i++) {
		struct drafted_incident one;
		int found = incident_judged(drafting, i, &one, err);

		if (found < 0)
			return -1;
		if (!found)
			continue;
		if (answer_give(drafting->result, drafting->scratch, &one, err) != 0)
			return -1;
		problems_tell(placing, &one);
		lift_by_network(drafting, &one);
		if (one_place(placing, &one, err) != 0 ||
		    verdict_save(drafting, &one, err) != 0)
			return -1;
	}
	told_wrongly_tell(placing);
	waiting_tell(placing);
	return windows_write(placing, err);
}

/* The names are read again inside: another tipoff may have counted on meanwhile. */
int incidents_place(struct drafting *drafting, struct error *err)
{
	const struct draft *draft = drafting->draft;
	struct draft_result *result = drafting->result;
	size_t parts = answers_shared(result->answers);
	struct placing placing = {
		.drafting = drafting,
		.near = ARENA_ARRAY(drafting->arena, struct near, parts),
		.told = ARENA_ARRAY(drafting->arena, bool, parts),
	};

	if (incident_roll_all(draft->db, &result->judged, err) != 0 ||
	    suppression_list(draft->db, drafting->arena, &placing.stops, err) != 0)
		return -1;
	return all_place(&placing, err);
}
