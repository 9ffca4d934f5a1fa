#include "pipeline/copy.h"

#include "case/store.h"
#include "os/file.h"
#include "pipeline/approve.h"
#include "report/form.h"

int copy_read(const struct copy *copy, struct arena *arena, struct slice id,
	      struct stored_reports *out, struct error *err)
{
	struct stored_reports reports = { 0 };
	struct kase kase;

	if (case_store_get(copy->db, arena, id, &kase, err) != 0 ||
	    report_store_current(copy->db, arena, id, &reports, err) != 0)
		return -1;
	for (size_t i = 0; i < reports.count; i++) {
		struct stored_report *report = &reports.at[i];

		if (slice_equal(report->kind, S("database")) ||
		    (copy->part.len && !slice_equal(copy->part, report->part)))
			continue;
		if (!report->recipients.count)
			return error_set(err, ERROR_REFUSED,
					 "case %s has nobody to tell, so there is no "
					 "mail: 'tipoff show %s' shows what is known",
					 kase.id, kase.id);
		if (!report->message.len &&
		    approve_compose(copy->settings, arena, report, &report->message,
				    err) != 0)
			return -1;
		*LIST_ADD(arena, out) = *report;
	}
	if (out->count)
		return 0;
	return error_set(err, ERROR_NOT_FOUND,
			 "case %s has no such report: 'tipoff show %s' lists them",
			 kase.id, kase.id);
}

static int note(const struct copy *copy, const char *verb,
		const struct stored_report *report, struct slice words,
		struct error *err)
{
	if (db_begin(copy->db, err) != 0)
		return -1;
	if (audit_add(copy->db, clock_now(copy->clock), verb, report->kase, words,
		      err) == 0 &&
	    db_commit(copy->db, err) == 0)
		return 0;
	db_rollback(copy->db);
	return -1;
}

static struct slice own_message_id(struct arena *arena, const struct settings *settings,
				   struct slice token)
{
	ptrdiff_t at = slice_find_last_byte(settings->mail, '@');
	char drawn[13];

	random_token(drawn, sizeof drawn - 1);
	return arena_printf(arena, "<" SLICE_FMT ".copy.%s@" SLICE_FMT ">",
			    SLICE_ARG(token), drawn,
			    SLICE_ARG(slice_from(settings->mail, (size_t)(at + 1))));
}

static int let_pass(void *context)
{
	(void)context;
	return 0;
}

int copy_to_me(const struct copy *copy, struct arena *arena,
	       const struct stored_report *report, struct handover_end *out,
	       struct error *err)
{
	const struct settings *settings = copy->settings;
	struct stored_report mine = *report;
	struct handover handover = { .settings = settings, .barrier = let_pass };

	mine.recipients = (struct slices){ 0 };
	*LIST_ADD(arena, &mine.recipients) = settings->mail;
	mine.message_id = own_message_id(arena, settings, report->token);
	mine.subject = arena_printf(arena, "[draft for you] " SLICE_FMT,
				    SLICE_ARG(report->subject));
	if (handover_clean(arena, settings, &mine.recipients, settings->mail, err) !=
		    0 ||
	    approve_compose(settings, arena, &mine, &handover.message, err) != 0)
		return -1;
	handover.sender = settings->mail;
	handover.recipients = mine.recipients;
	if (handover_run(arena, &handover, out, err) != 0)
		return -1;
	return note(copy, "sent to yourself", report,
		    arena_printf(arena, "report " SLICE_FMT ": %s",
				 SLICE_ARG(report->token),
				 delivery_state_name(out->state)),
		    err);
}

/* "R2K7Q-2001_db8__64.eml": a source's own characters, but none that a path minds. */
static struct slice file_name(struct arena *arena, const struct stored_report *report)
{
	struct slice text =
		arena_printf(arena, SLICE_FMT "-" SLICE_FMT, SLICE_ARG(report->token),
			     SLICE_ARG(slice_cut(report->part, 0, 100)));
	char *copy = arena_cstr(arena, text);

	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_alnum(copy[i]) && copy[i] != '.' && copy[i] != '-')
			copy[i] = '_';
	return (struct slice){ copy, text.len };
}

int copy_write(const struct copy *copy, struct arena *arena,
	       const struct stored_report *report, struct slice folder,
	       struct slice *path, struct error *err)
{
	struct slice name = file_name(arena, report);

	*path = arena_printf(arena, SLICE_FMT "/" SLICE_FMT ".%s", SLICE_ARG(folder),
			     SLICE_ARG(name), report_is_form(report) ? "json" : "eml");
	if (file_make_folder(arena_cstr(arena, folder), err) != 0 ||
	    file_write(path->at, FILE_REPLACE, 0600, report->message, err) != 0)
		return -1;
	return note(copy, "written to a file", report,
		    arena_printf(arena, "report " SLICE_FMT ": " SLICE_FMT,
				 SLICE_ARG(report->token), SLICE_ARG(*path)),
		    err);
}
