#include "pipeline/edit.h"

#include "base/escape.h"
#include "case/store.h"
#include "delivery/store.h"
#include "pipeline/revise.h"

static int left_check(const struct edit *edit, struct arena *arena,
		      const struct stored_report *report, struct error *err)
{
	struct outbox_rows rows = { 0 };

	if (outbox_list(edit->db, arena, report->kase, &rows, err) != 0)
		return -1;
	for (size_t i = 0; i < rows.count; i++)
		if (rows.at[i].report == report->id &&
		    rows.at[i].state == DELIVERY_TO_FILL)
			return error_set(
				err, ERROR_REFUSED,
				"report " SLICE_FMT
				" is yours to fill in: 'tipoff told --take-back " SLICE_FMT
				"' lets it be changed",
				SLICE_ARG(report->token), SLICE_ARG(report->kase));
	for (size_t i = 0; i < rows.count; i++)
		if (rows.at[i].report == report->id &&
		    delivery_state_left(rows.at[i].state))
			return error_set(err, ERROR_REFUSED,
					 "report " SLICE_FMT
					 " left already: 'tipoff correct " SLICE_FMT
					 "' tells its readers what was wrong",
					 SLICE_ARG(report->token),
					 SLICE_ARG(report->kase));
	return 0;
}

static int several_refuse(const struct stored_reports *reports, struct slice id,
			  struct error *err)
{
	if (!reports->count)
		return error_set(err, ERROR_NOT_FOUND,
				 "case '" SLICE_FMT
				 "' has no such report: 'tipoff show' lists its parts",
				 SLICE_ARG(id));
	return error_set(err, ERROR_REFUSED,
			 "case '" SLICE_FMT
			 "' has %zu reports: name one, --part " SLICE_FMT,
			 SLICE_ARG(id), reports->count, SLICE_ARG(reports->at[0].part));
}

int edit_read(const struct edit *edit, struct arena *arena, struct slice id,
	      struct stored_report *out, struct error *err)
{
	struct stored_reports all = { 0 }, meant = { 0 };
	struct kase kase;

	if (case_store_get(edit->db, arena, id, &kase, err) != 0 ||
	    report_store_current(edit->db, arena, id, &all, err) != 0)
		return -1;
	if (kase.state == CASE_CLOSED)
		return error_set(err, ERROR_REFUSED,
				 "case %s is closed: 'tipoff close --reopen %s' opens "
				 "it again",
				 kase.id, kase.id);
	for (size_t i = 0; i < all.count; i++)
		if (!slice_equal(all.at[i].kind, S("database")) &&
		    (!edit->part.len || slice_equal(edit->part, all.at[i].part)))
			*LIST_ADD(arena, &meant) = all.at[i];
	if (meant.count != 1)
		return several_refuse(&meant, id, err);
	if (left_check(edit, arena, &meant.at[0], err) != 0)
		return -1;
	*out = meant.at[0];
	return 0;
}

/* Tabs are an editor's habit and harmless: they become blanks. */
static int line_check(struct slice line, size_t number, struct error *err)
{
	while (line.len) {
		size_t len;
		int32_t code = utf8_decode(line, &len);

		if (code < 0)
			return error_set(err, ERROR_SYNTAX,
					 "line %zu is not UTF-8 text", number);
		if (code != '\t' && unicode_is_treacherous((uint32_t)code))
			return error_set(err, ERROR_SYNTAX,
					 "line %zu holds a control character, or one "
					 "that hides or reorders text (U+%04X)",
					 number, (unsigned)code);
		line = slice_from(line, len);
	}
	return 0;
}

int edit_check(struct arena *arena, struct slice text, struct slice *out,
	       struct error *err)
{
	struct slice rest = text, line;
	struct buffer clean;
	size_t number = 0;

	if (!slice_trim(text).len)
		return error_set(err, ERROR_SYNTAX, "the memo is empty");
	if (text.len > EDIT_MAX_BYTES)
		return error_set(err, ERROR_LIMIT, "the memo is over %d KiB",
				 EDIT_MAX_BYTES >> 10);
	buffer_init(&clean, 2 * EDIT_MAX_BYTES);
	while (rest.len && slice_next(&rest, '\n', &line)) {
		if (slice_ends(line, S("\r")))
			line.len--;
		if (line_check(line, ++number, err) != 0) {
			buffer_clear(&clean);
			return -1;
		}
		while (line.len && ascii_is_space(line.at[line.len - 1]))
			line.len--;
		for (size_t i = 0; i < line.len; i++)
			buffer_add_byte(&clean, line.at[i] == '\t' ? ' ' : line.at[i]);
		buffer_add_byte(&clean, '\n');
	}
	*out = arena_copy(arena, buffer_slice(&clean));
	buffer_clear(&clean);
	return 0;
}

/* The same as for new facts: an approval is of one revision. */
static int approval_lapse(const struct edit *edit, struct arena *arena,
			  const struct stored_report *old, struct error *err)
{
	int64_t now = clock_now(edit->clock);
	struct kase kase;

	if (!slice_equal(old->state, S("approved")))
		return 0;
	if (case_store_get(edit->db, arena, old->kase, &kase, err) != 0)
		return -1;
	if (kase.state == CASE_APPROVED &&
	    case_store_state(edit->db,
			     &(struct case_change){ old->kase, CASE_APPROVED, CASE_OPEN,
						    S(""), now },
			     err) != 0)
		return -1;
	return audit_add(edit->db, now, "approval lapsed", old->kase,
			 arena_printf(arena,
				      "an edit made a new revision of " SLICE_FMT,
				      SLICE_ARG(old->part)),
			 err);
}

static int revision_add(const struct edit *edit, struct arena *arena,
			const struct stored_report *old, struct stored_report *fresh,
			struct error *err)
{
	struct stored_report now;
	struct kase kase;

	if (report_store_get(edit->db, arena, old->id, &now, err) != 0 ||
	    case_store_get(edit->db, arena, old->kase, &kase, err) != 0 ||
	    left_check(edit, arena, old, err) != 0)
		return -1;
	if (!slice_equal(now.state, S("draft")) &&
	    !slice_equal(now.state, S("approved")))
		return error_set(err, ERROR_RETRY,
				 "a new revision took its place meanwhile");
	fresh->message_id = revision_message_id(arena, edit->settings, &kase, fresh);
	if (approval_lapse(edit, arena, &now, err) != 0 ||
	    report_store_add(edit->db, fresh, err) != 0)
		return -1;
	return audit_add(edit->db, clock_now(edit->clock), "edited", old->kase,
			 arena_printf(arena, "report " SLICE_FMT " revision %lld",
				      SLICE_ARG(fresh->token),
				      (long long)fresh->revision),
			 err);
}

int edit_save(const struct edit *edit, struct arena *arena,
	      const struct stored_report *old, struct slice memo,
	      struct stored_report *out, struct error *err)
{
	struct stored_report fresh = *old;

	/* facts and made_at stay: it is about the same, and draft must see that */
	fresh.memo = memo;
	fresh.revision = old->revision + 1;
	fresh.edited_by = audit_actor(arena);
	fresh.is_unattended = false;
	fresh.message = (struct slice){ NULL, 0 };
	if (db_begin(edit->db, err) != 0)
		return -1;
	if (revision_add(edit, arena, old, &fresh, err) == 0 &&
	    db_commit(edit->db, err) == 0) {
		*out = fresh;
		return 0;
	}
	db_rollback(edit->db);
	return -1;
}
