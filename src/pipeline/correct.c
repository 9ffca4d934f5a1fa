#include "pipeline/correct.h"

#include "case/store.h"
#include "contact/suppression.h"
#include "delivery/store.h"
#include "pipeline/revise.h"
#include "report/correction.h"

/* One run over a case, inside the transaction. */
struct correcting {
	const struct correct *correct;
	struct arena *arena;
	struct kase kase;
	struct suppressions stops;
	struct outbox_rows rows;
	size_t told, corrected; /* reports that left; of those, corrected before     */
};

static bool is_meant(const struct correcting *correcting, const struct outbox_row *row)
{
	struct slice part = correcting->correct->part;

	return !row->is_correction && !row->is_database &&
	       delivery_state_left(row->state) &&
	       (!part.len || slice_equal(part, row->part));
}

static struct slice part_of(struct arena *arena, const struct outbox_row *row)
{
	return arena_printf(arena, "correction:" SLICE_FMT, SLICE_ARG(row->part));
}

static bool is_corrected(const struct correcting *correcting, struct slice part)
{
	for (size_t i = 0; i < correcting->rows.count; i++)
		if (slice_equal(correcting->rows.at[i].part, part) &&
		    delivery_state_left(correcting->rows.at[i].state))
			return true;
	return false;
}

static void recipients_keep(const struct correcting *correcting,
			    const struct slices *told, struct slices *out)
{
	const struct range any = { 0 };

	for (size_t i = 0; i < told->count; i++)
		if (!suppression_match(&correcting->stops, told->at[i], &any))
			*LIST_ADD(correcting->arena, out) = told->at[i];
}

/* The revision after the newest one there ever was of this part. */
static int revision_next(const struct correcting *correcting, struct slice part,
			 int64_t *out, struct error *err)
{
	return report_store_last(correcting->correct->db, slice_of(correcting->kase.id),
				 part, out, err);
}

static int draft_add(struct correcting *correcting, const struct outbox_row *row,
		     struct slice part, struct stored_reports *out, struct error *err)
{
	const struct correct *correct = correcting->correct;
	struct arena *arena = correcting->arena;
	struct slices recipients = { 0 };
	struct stored_report told, draft;
	struct correction words;

	recipients_keep(correcting, &row->recipients, &recipients);
	if (!recipients.count)
		return 0;
	if (report_store_get(correct->db, arena, row->report, &told, err) != 0)
		return -1;
	words = (struct correction){
		correct->settings, told.token,      told.subject,
		told.part,         row->sending_at, correct->reason
	};
	draft = (struct stored_report){
		.kase = told.kase,
		.part = part,
		.recipients = recipients,
		.token = told.token,
		.subject = arena_printf(arena, "Correction: " SLICE_FMT,
					SLICE_ARG(told.subject)),
		.memo = correction_memo(arena, &words),
		.csv = S(""),
		.parts = S("[]"),
		.made_at = clock_now(correct->clock),
		.kind = S("correction"),
		.thread = told.message_id,
	};
	draft.facts = sha256_of(draft.memo);
	if (revision_next(correcting, part, &draft.revision, err) != 0)
		return -1;
	draft.revision++;
	draft.message_id = revision_message_id(arena, correct->settings,
					       &correcting->kase, &draft);
	if (report_store_add(correct->db, &draft, err) != 0)
		return -1;
	*LIST_ADD(arena, out) = draft;
	return audit_add(correct->db, draft.made_at, "correction drafted", told.kase,
			 arena_printf(arena, "of report " SLICE_FMT ": " SLICE_FMT,
				      SLICE_ARG(told.token),
				      SLICE_ARG(correct->reason)),
			 err);
}

static int none_refuse(const struct correcting *correcting, struct error *err)
{
	const char *id = correcting->kase.id;

	if (!correcting->told)
		return error_set(
			err, ERROR_REFUSED,
			"nothing of case %s was sent%s, so nobody was told and "
			"nothing is to be corrected",
			id, correcting->correct->part.len ? " about that" : "");
	if (correcting->corrected == correcting->told)
		return error_set(err, ERROR_REFUSED,
				 "case %s was corrected already: 'tipoff show %s' says "
				 "when",
				 id, id);
	return error_set(err, ERROR_REFUSED,
			 "everybody who was told of case %s is on the stop list: "
			 "'tipoff stop' lists it",
			 id);
}

/* A correction leaves a closed case as well. */
static int case_reopen(const struct correcting *correcting, struct error *err)
{
	const struct correct *correct = correcting->correct;
	int64_t now = clock_now(correct->clock);
	struct case_change change = { slice_of(correcting->kase.id), CASE_CLOSED,
				      CASE_SENT, S(""), now };

	if (correcting->kase.state != CASE_CLOSED)
		return 0;
	if (case_store_state(correct->db, &change, err) != 0)
		return -1;
	return audit_add(correct->db, now, "opened again", change.id,
			 S("for a correction"), err);
}

static int drafts_add(struct correcting *correcting, struct slice id,
		      struct stored_reports *out, struct error *err)
{
	const struct correct *correct = correcting->correct;
	struct arena *arena = correcting->arena;

	if (case_store_get(correct->db, arena, id, &correcting->kase, err) != 0 ||
	    suppression_list(correct->db, arena, &correcting->stops, err) != 0 ||
	    outbox_list(correct->db, arena, id, &correcting->rows, err) != 0)
		return -1;
	for (size_t i = 0; i < correcting->rows.count; i++) {
		const struct outbox_row *row = &correcting->rows.at[i];
		struct slice part = part_of(arena, row);

		if (!is_meant(correcting, row))
			continue;
		correcting->told++;
		if (is_corrected(correcting, part))
			correcting->corrected++;
		else if (draft_add(correcting, row, part, out, err) != 0)
			return -1;
	}
	return out->count ? case_reopen(correcting, err) : none_refuse(correcting, err);
}

int correct_draft(const struct correct *correct, struct arena *arena, struct slice id,
		  struct stored_reports *out, struct error *err)
{
	struct correcting correcting = { .correct = correct, .arena = arena };
	struct stored_reports drafts = { 0 };

	if (db_begin(correct->db, err) != 0)
		return -1;
	if (drafts_add(&correcting, id, &drafts, err) == 0 &&
	    db_commit(correct->db, err) == 0) {
		*out = drafts;
		return 0;
	}
	db_rollback(correct->db);
	return -1;
}
