#include "pipeline/drafting.h"

#include "case/store.h"
#include "incident/store.h"
#include "pipeline/revise.h"

void draft_result_clear(struct draft_result *result)
{
	answers_free(result->answers);
	*result = (struct draft_result){ .answers = NULL };
}

int drafted_read(const struct draft_result *result, const struct drafted_place *place,
		 struct arena *arena, struct drafted_incident *out, struct error *err)
{
	struct db *db = result->db;
	struct incident_name name;
	struct slice id;

	if (incident_roll_get(place->roll, place->part, &name, err) != 0)
		return -1;
	id = slice_of(name.text);
	*out = (struct drafted_incident){ 0 };
	if ((place->whole ? incident_store_get : incident_store_counts)(
		    db, arena, id, &out->incident, err) != 0)
		return err->kind == ERROR_NOT_FOUND ? 0 : -1;
	if (login_store_of(db, arena, result->settings, &out->incident, err) != 0 ||
	    case_store_holding(db, arena, id, &out->held, err) != 0)
		return -1;
	out->finished = case_is_finished(out->held.state);
	if (!out->finished && answer_give(result, arena, out, err) != 0)
		return -1;
	return 1;
}

static int cases_revise(struct drafting *drafting, struct error *err)
{
	const struct draft *draft = drafting->draft;
	struct draft_result *result = drafting->result;
	struct kases kases = { 0 };

	if (case_store_prune(draft->db, err) != 0 ||
	    case_store_list(draft->db, drafting->arena, false, &kases, err) != 0)
		return -1;
	for (size_t i = 0; i < kases.count; i++)
		if (!case_is_finished(kases.at[i].state) &&
		    case_revise(drafting, &kases.at[i], err) != 0)
			return -1;
	return case_store_list(draft->db, drafting->arena, false, &result->cases, err);
}

static int transact(struct drafting *drafting, struct error *err)
{
	const struct draft *draft = drafting->draft;
	struct db *db = draft->db;

	if (db_begin(db, err) != 0)
		return -1;
	if (login_store_prune(db, draft->settings, clock_now(draft->clock), err) != 0 ||
	    incidents_place(drafting, err) != 0 || cases_revise(drafting, err) != 0 ||
	    db_commit(db, err) != 0)
		goto rollback;
	return 0;
rollback:
	db_rollback(db);
	return -1;
}

int draft_run(const struct draft *draft, struct arena *arena, struct draft_result *out,
	      struct error *err)
{
	struct draft_result result = { .db = draft->db,
				       .settings = draft->settings,
				       .answers = answers_new(draft->db, err) };
	struct drafting drafting = {
		.draft = draft,
		.arena = arena,
		.scratch = arena_new(),
		.result = &result,
	};
	int failed = result.answers && contacts_look_up(&drafting, err) == 0
			     ? transact(&drafting, err)
			     : -1;

	arena_free(drafting.scratch);
	if (failed)
		draft_result_clear(&result);
	else
		*out = result;
	return failed;
}
