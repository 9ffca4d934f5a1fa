#include "pipeline/approve.h"

#include "case/store.h"
#include "contact/suppression.h"
#include "delivery/database.h"
#include "delivery/handover.h"
#include "delivery/store.h"
#include "report/form.h"

#include <stdio.h>

static int case_check(const struct kase *kase, struct error *err)
{
	if (kase->state == CASE_CLOSED)
		return error_set(err, ERROR_REFUSED,
				 "case %s is closed: 'tipoff close --reopen %s' opens "
				 "it again",
				 kase->id, kase->id);
	return 0;
}

static int nobody_refuse(const struct kase *kase, struct error *err)
{
	return error_set(err, ERROR_REFUSED,
			 "case %s has nobody to tell: no contact was found for "
			 "its network, so it cannot be approved",
			 kase->id);
}

/* "set it in '/etc/tipoff/tipoff.conf'": init writes a first configuration only. */
static struct slice where_to_set(struct arena *arena, const struct settings *settings)
{
	return settings->path.len
		       ? arena_printf(arena, "set it in [reporter] of '" SLICE_FMT "'",
				      SLICE_ARG(settings->path))
		       : S("run 'tipoff init'");
}

/* "[your role]": the first of a memo that has one. */
static struct slice placeholder(struct slice memo)
{
	ptrdiff_t start = slice_find(memo, S("[your "));
	struct slice rest = slice_from(memo, start < 0 ? memo.len : (size_t)start);
	ptrdiff_t end = slice_find_byte(rest, ']');

	return slice_cut(rest, 0, end < 0 ? rest.len : (size_t)end + 1);
}

static int placeholder_check(struct arena *arena, const struct settings *settings,
			     const struct approval *approval, struct error *err)
{
	for (size_t i = 0; i < approval->findings.count; i++)
		if (slice_equal(approval->findings.at[i].rule, S("placeholder")))
			return error_set(err, ERROR_CONFIG,
					 "report " SLICE_FMT " still says '" SLICE_FMT
					 "': " SLICE_FMT ", then 'tipoff draft' again",
					 SLICE_ARG(approval->report.token),
					 SLICE_ARG(placeholder(approval->report.memo)),
					 SLICE_ARG(where_to_set(arena, settings)));
	return 0;
}

static int particulars_check(struct arena *arena, const struct settings *settings,
			     struct error *err)
{
	const struct {
		const char *key;
		bool is_set;
	} rows[] = {
		{ "name", settings->name.len },
		{ "mail", settings->mail.len },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!rows[i].is_set)
			return error_set(
				err, ERROR_CONFIG,
				"[reporter] %s is not set, and nobody trusts a report "
				"without it: " SLICE_FMT,
				rows[i].key, SLICE_ARG(where_to_set(arena, settings)));
	return 0;
}

static bool is_database(const struct stored_report *report)
{
	return slice_equal(report->kind, S("database"));
}

/* Of a case with nobody to tell the public databases alone; of a policy never those. */
static bool is_meant(const struct approve *approve, const struct kase *kase,
		     const struct stored_report *report)
{
	if (approve->part.len && !slice_equal(approve->part, report->part))
		return false;
	return is_database(report) ? !approve->by.len : kase->contact.len != 0;
}

void approve_lint(const struct lint *lint, struct arena *arena,
		  const struct stored_report *report, struct lint_findings *out)
{
	struct lint_findings all = { 0 };

	if (!is_database(report))
		memo_lint(lint, arena, report->memo, &all);
	for (size_t i = 0; i < all.count; i++)
		if (all.at[i].kind != LINT_MISSING ||
		    !slice_equal(report->kind, S("correction")) ||
		    slice_equal(all.at[i].rule, S("placeholder")))
			*LIST_ADD(arena, out) = all.at[i];
}

static int gather(const struct approve *approve, struct arena *arena,
		  const struct stored_reports *reports, struct approvals *out,
		  struct error *err)
{
	bool found = false;

	for (size_t i = 0; i < reports->count; i++) {
		const struct stored_report *report = &reports->at[i];
		struct approval *approval;

		if (!is_meant(approve, &out->kase, report))
			continue;
		found = true;
		if (!slice_equal(report->state, S("draft")))
			continue;
		approval = LIST_ADD(arena, out);
		*approval = (struct approval){ .report = *report };
		approve_lint(approve->lint, arena, report, &approval->findings);
		if (placeholder_check(arena, approve->settings, approval, err) != 0)
			return -1;
	}
	if (found)
		return 0;
	if (!out->kase.contact.len)
		return nobody_refuse(&out->kase, err);
	if (approve->part.len)
		return error_set(err, ERROR_NOT_FOUND,
				 "case %s has no report about '" SLICE_FMT
				 "': 'tipoff show %s' lists its parts",
				 out->kase.id, SLICE_ARG(approve->part), out->kase.id);
	return error_set(err, ERROR_NOT_FOUND,
			 "case %s has no report yet: 'tipoff draft' makes it",
			 out->kase.id);
}

/* A person opens it in a browser: one URL, as strictly read as when it was found. */
static int form_check(const struct slices *recipients, struct error *err)
{
	struct slice url = recipients->at[0];

	if (recipients->count == 1 &&
	    (contact_url_valid(url) || slice_starts_nocase(url, S("http://"))))
		return 0;
	return error_set(err, ERROR_REFUSED,
			 "'" SLICE_FMT "' is not the URL of one web form",
			 SLICE_ARG(url));
}

static int recipients_check(const struct approve *approve, struct arena *arena,
			    const struct stored_report *report, struct error *err)
{
	enum database database;

	if (report_is_form(report))
		return form_check(&report->recipients, err);
	if (is_database(report) && database_of_part(report->part, &database) == 0) {
		if (database_check(arena, approve->settings, database, err) != 0)
			return -1;
		if (!database_facts(database)->by_mail)
			return 0;
	}
	return handover_clean(arena, approve->settings, &report->recipients,
			      handover_sender(arena, approve->settings, report->token),
			      err);
}

/* Refused early, by whom it is for; 'send' asks again, and about its sources as well. */
static int stopped_check(const struct approve *approve, struct arena *arena,
			 const struct approvals *approvals, struct error *err)
{
	struct suppressions rows = { 0 };
	struct range any = { 0 };

	if (suppression_list(approve->db, arena, &rows, err) != 0)
		return -1;
	for (size_t i = 0; i < approvals->count; i++) {
		const struct slices *to = &approvals->at[i].report.recipients;

		for (size_t k = 0; k < to->count; k++) {
			const struct suppression *row =
				suppression_match(&rows, to->at[k], &any);

			if (row)
				return error_set(
					err, ERROR_REFUSED,
					"nothing was approved: '" SLICE_FMT
					"' is on the stop list ('tipoff stop --undo " SLICE_FMT
					"' takes it off)",
					SLICE_ARG(row->key), SLICE_ARG(row->key));
		}
	}
	return 0;
}

int approve_read(const struct approve *approve, struct arena *arena, struct slice id,
		 struct approvals *out, struct error *err)
{
	struct stored_reports reports = { 0 };
	struct approvals approvals = { 0 };

	if (case_store_get(approve->db, arena, id, &approvals.kase, err) != 0 ||
	    case_check(&approvals.kase, err) != 0 ||
	    particulars_check(arena, approve->settings, err) != 0 ||
	    report_store_current(approve->db, arena, id, &reports, err) != 0 ||
	    gather(approve, arena, &reports, &approvals, err) != 0)
		return -1;
	for (size_t i = 0; i < approvals.count; i++)
		if (recipients_check(approve, arena, &approvals.at[i].report, err) != 0)
			return -1;
	if (stopped_check(approve, arena, &approvals, err) != 0)
		return -1;
	*out = approvals;
	return 0;
}

/* A submission by HTTP is its part's bytes; DShield's mail is from the account's own
 * address, which a plus-address is not, and its reader knows no signature.               */
static bool submission_body(const struct stored_report *report,
			    const struct report_parts *parts, struct slice *message)
{
	if (!is_database(report) || !parts->count || !parts->at[0].body.len)
		return false;
	*message = parts->at[0].body;
	return true;
}

int approve_compose(const struct settings *settings, struct arena *arena,
		    const struct stored_report *report, struct slice *message,
		    struct error *err)
{
	struct settings plain = *settings;
	struct form form;
	struct report_mail mail = {
		.token = report->token,
		.message_id = report->message_id,
		.subject = report->subject,
		.memo = report->memo,
		.csv = report->csv,
		.recipients = report->recipients,
		.made_at = report->made_at,
		.thread = report->thread,
		.is_unattended = report->is_unattended,
		.sign = true,
	};

	if (report_is_form(report)) {
		if (report_form(arena, settings, report, &form, err) != 0)
			return -1;
		*message = form_json(arena, &form);
		return message->len
			       ? 0
			       : error_set(err, ERROR_LIMIT,
					   "report " SLICE_FMT
					   " is too long for a form: split the case",
					   SLICE_ARG(report->token));
	}
	if (report_parts_read(arena, report->parts, &mail.parts, err) != 0)
		return -1;
	if (submission_body(report, &mail.parts, message))
		return 0;
	if (!is_database(report))
		return report_compose(arena, settings, &mail, message, err);
	plain.plus = S("");
	mail.sign = false;
	mail.parts = (struct report_parts){ 0 };
	return report_compose(arena, &plain, &mail, message, err);
}

/* The case is approved once no draft of it is left; one of which something left already
 * stays as it is.                                                                        */
static int case_approve(const struct approve *approve, struct arena *arena,
			const struct kase *kase, struct error *err)
{
	struct slice id = slice_of(kase->id);
	int64_t now = clock_now(approve->clock);
	struct stored_reports reports = { 0 };
	struct kase fresh;

	if (case_store_get(approve->db, arena, id, &fresh, err) != 0 ||
	    report_store_current(approve->db, arena, id, &reports, err) != 0)
		return -1;
	if (case_check(&fresh, err) != 0)
		return -1;
	for (size_t i = 0; i < reports.count; i++)
		if (slice_equal(reports.at[i].state, S("draft")) &&
		    is_meant(&(struct approve){ 0 }, &fresh, &reports.at[i]))
			return 0;
	if (fresh.state != CASE_OPEN)
		return 0;
	return case_store_state(
		approve->db,
		&(struct case_change){ id, CASE_OPEN, CASE_APPROVED, S(""), now }, err);
}

/* What a policy marks as automatic is a revision of its own, in place of the draft. */
static int marked_add(const struct approve *approve, struct arena *arena,
		      struct approval *approval, struct error *err)
{
	struct stored_report old;

	if (report_store_get(approve->db, arena, approval->replaces, &old, err) != 0)
		return -1;
	if (!slice_equal(old.state, S("draft")))
		return error_set(err, ERROR_RETRY,
				 "the report was replaced or approved meanwhile: look "
				 "again");
	return report_store_add(approve->db, &approval->report, err);
}

static int write_all(const struct approve *approve, struct arena *arena,
		     struct approvals *approvals, struct error *err)
{
	struct slice who = approve->by.len ? approve->by : audit_actor(arena);
	int64_t now = clock_now(approve->clock);

	for (size_t i = 0; i < approvals->count; i++) {
		struct stored_report *report = &approvals->at[i].report;

		if (approvals->at[i].replaces &&
		    marked_add(approve, arena, &approvals->at[i], err) != 0)
			return -1;
		if (report_store_approve(approve->db, report->id, report->message, who,
					 now, err) != 0 ||
		    outbox_add(approve->db, report, now, err) != 0 ||
		    audit_add(approve->db, now, "approved", report->kase,
			      arena_printf(arena,
					   "report " SLICE_FMT
					   " revision %lld, " SLICE_FMT "%s" SLICE_FMT,
					   SLICE_ARG(report->token),
					   (long long)report->revision,
					   SLICE_ARG(report->sha256_hex),
					   approve->by.len ? ", unattended, by the "
							   : "",
					   SLICE_ARG(approve->by)),
			      err) != 0)
			return -1;
	}
	return case_approve(approve, arena, &approvals->kase, err);
}

/* What the lint finds is for a person to overrule, and for nobody else. */
static int findings_check(const struct approve *approve,
			  const struct approvals *approvals, struct error *err)
{
	for (size_t i = 0; !approve->despite_lint && i < approvals->count; i++) {
		const struct approval *approval = &approvals->at[i];

		if (approval->findings.count)
			return error_set(
				err, ERROR_REFUSED,
				"report " SLICE_FMT
				" does not pass the lint (%zu finding%s: " SLICE_FMT
				"); mend it, or 'tipoff approve --despite-lint %s' if you "
				"want it to leave as it is",
				SLICE_ARG(approval->report.token),
				approval->findings.count,
				approval->findings.count == 1 ? "" : "s",
				SLICE_ARG(approval->findings.at[0].rule),
				approvals->kase.id);
	}
	return 0;
}

int approve_made(const struct approve *approve, struct arena *arena,
		 struct approvals *approvals, struct error *err)
{
	if (findings_check(approve, approvals, err) != 0)
		return -1;
	for (size_t i = 0; i < approvals->count; i++) {
		struct stored_report *report = &approvals->at[i].report;
		struct sha256 digest;

		if (approve_compose(approve->settings, arena, report, &report->message,
				    err) != 0)
			return -1;
		digest = sha256_of(report->message);
		report->sha256_hex =
			arena_copy(arena, slice_of(hex_of(sha256_slice(&digest)).text));
	}
	if (db_begin(approve->db, err) != 0)
		return -1;
	if (write_all(approve, arena, approvals, err) == 0 &&
	    db_commit(approve->db, err) == 0)
		return 0;
	db_rollback(approve->db);
	return -1;
}
