#include "cli/commands.h"
#include "cli/outgoing.h"
#include "cli/queue.h"
#include "cli/summary.h"
#include "incident/store.h"
#include "report/store.h"

#include <inttypes.h>

static void field(struct run *run, const char *name, struct slice value)
{
	struct slice line;

	if (!value.len)
		return;
	for (bool first = true; value.len && slice_next(&value, '\n', &line);
	     first = false) {
		print_text(&run->out, "%-10s ", first ? name : "");
		print_slice(&run->out, line);
		print_text(&run->out, "\n");
	}
}

static void incident_show(struct run *run, struct arena *arena,
			  const struct incident *incident, bool first)
{
	print_text(&run->out, "%-10s ", first ? "Incidents:" : "");
	print_slice(&run->out, incident_source(incident, arena));
	print_text(&run->out, ": ");
	print_slice(&run->out, incident_words(arena, incident));
	print_text(&run->out, "; %s, ", verdict_name(incident->verdict));
	for (size_t r = 0; r < incident->reasons.count; r++) {
		print_text(&run->out, "%s", r ? "; " : "");
		print_slice(&run->out, incident->reasons.at[r]);
	}
	print_text(&run->out, " [%s]\n", incident->id);
}

/* There may be very many: one by one. */
static int roll_show(struct run *run, struct db *db, const struct incident_roll *roll)
{
	struct arena *arena = arena_new();
	int result = 0;

	for (size_t i = 0; result == 0 && i < roll->count; i++) {
		struct incident_name name;
		struct incident incident;

		arena_reset(arena);
		result = incident_roll_get(roll, i, &name, &run->err);
		if (result == 0)
			result = incident_store_counts(db, arena, slice_of(name.text),
						       &incident, &run->err);
		if (result == 0)
			incident_show(run, arena, &incident, i == 0);
	}
	arena_free(arena);
	return result;
}

static int incidents_show(struct run *run, struct db *db, const struct kase *kase)
{
	struct incident_roll roll;

	if (case_store_incidents(db, slice_of(kase->id), &roll, &run->err) != 0)
		return -1;
	return roll_show(run, db, &roll);
}

static int record_show(struct run *run, struct db *db, const struct kase *kase)
{
	struct audit_rows rows = { 0 };

	if (audit_list(db, run->arena, slice_of(kase->id), &rows, &run->err) != 0)
		return -1;
	for (size_t i = 0; i < rows.count; i++) {
		struct time_text at = time_format(rows.at[i].at, TIME_MEMO);

		print_text(&run->out, "%-10s %s  ", i ? "" : "Record:", at.text);
		print_slice(&run->out, rows.at[i].actor);
		print_text(&run->out, "  ");
		print_slice(&run->out, rows.at[i].verb);
		print_text(&run->out, "%s", rows.at[i].words.len ? ": " : "");
		print_slice(&run->out, rows.at[i].words);
		print_text(&run->out, "\n");
	}
	return 0;
}

/* Who has not read it: whoever gets an answer to it should know. */
static int unattended_show(struct run *run, struct db *db, const struct kase *kase)
{
	struct stored_reports reports = { 0 };

	if (report_store_current(db, run->arena, slice_of(kase->id), &reports,
				 &run->err) != 0)
		return -1;
	for (size_t i = 0; i < reports.count; i++) {
		const struct stored_report *report = &reports.at[i];
		struct slice words = S("");

		if (report->is_unattended)
			words = arena_printf(
				run->arena,
				"report " SLICE_FMT " was approved by the " SLICE_FMT
				", by no person; it says so, and most desks then send no "
				"acknowledgement",
				SLICE_ARG(report->token),
				SLICE_ARG(report->approved_by));
		else if (report->edited_by.len)
			words = arena_printf(run->arena,
					     "report " SLICE_FMT
					     " has the words of " SLICE_FMT,
					     SLICE_ARG(report->token),
					     SLICE_ARG(report->edited_by));
		field(run, report->is_unattended ? "Automatic:" : "Edited:", words);
	}
	return 0;
}

/* What machines can read in each report, and why there is none. */
static int parts_show(struct run *run, struct db *db, const struct kase *kase)
{
	struct stored_reports reports = { 0 };
	struct slice text = { "", 0 };

	if (report_store_current(db, run->arena, slice_of(kase->id), &reports,
				 &run->err) != 0)
		return -1;
	for (size_t i = 0; i < reports.count; i++) {
		struct report_parts parts = { 0 };

		if (report_parts_read(run->arena, reports.at[i].parts, &parts,
				      &run->err) != 0)
			return -1;
		for (size_t p = 0; p < parts.count; p++) {
			const struct report_part *part = &parts.at[p];

			text = arena_printf(run->arena,
					    SLICE_FMT "%s" SLICE_FMT ": %s" SLICE_FMT
						      "%s" SLICE_FMT SLICE_FMT,
					    SLICE_ARG(text), text.len ? "\n" : "",
					    SLICE_ARG(part->source),
					    part->reason.len ? "no " : "",
					    SLICE_ARG(part->kind),
					    part->reason.len ? ": "
					    : part->type.len ? " "
							     : "",
					    SLICE_ARG(part->type),
					    SLICE_ARG(part->reason));
		}
	}
	field(run, "Parts:", text);
	return 0;
}

static int case_show(struct run *run, struct db *db, const struct kase *kase)
{
	struct kases kases = { 0 };

	if (run->json)
		return case_print_json(run, db, kase);
	print_text(&run->out, "%-10s %s, %s\n", "Case:", kase->id,
		   case_state_name(kase->state));
	field(run, "Contact:", kase->contact.len ? kase->contact : S("nobody to tell"));
	field(run, "Found:", kase->found);
	field(run, "Network:", kase->networks);
	field(run, "Wider:", kase->wide);
	field(run, "Not told:", kase->untold);
	field(run, "Outcome:", kase->outcome);
	field(run, "Tag:", kase->tag);
	if (kase->answered_at)
		field(run, "Answered:",
		      slice_of(time_format(kase->answered_at, TIME_MEMO).text));
	field(run, "In place:",
	      kase->instead_of.len
		      ? arena_printf(run->arena, "of " SLICE_FMT ", which refused %s",
				     SLICE_ARG(kase->instead_of),
				     contact_is_url(kase->instead_of) ? "a report"
								      : "mail")
		      : S(""));
	field(run, "Desk of:", kase->mailbox);
	if (unattended_show(run, db, kase) != 0 || incidents_show(run, db, kase) != 0 ||
	    parts_show(run, db, kase) != 0 || record_show(run, db, kase) != 0)
		return -1;
	print_text(&run->out, "\n");
	*LIST_ADD(run->arena, &kases) = *kase;
	return memos_print(run, db, &kases);
}

static const struct option OPTIONS[] = {
	{ "outgoing", 0, OPTION_FLAG, NULL,
	  "exactly what leaves: header lines, text, each part decoded" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static int show_command(struct run *run)
{
	return cases_read(run, run_flag(run, "outgoing") ? outgoing_print : case_show);
}

const struct command command_show = {
	.name = "show",
	.arguments = "CASE...",
	.summary = "show a case: contact, incidents, record, and its memos",
	.about =
		"Prints everything about a case: whom it would be sent to and why that contact,\n"
		"its incidents with their verdicts, who did what, and the memos word for word.\n"
		"With --outgoing it prints what of all that leaves, and nothing else: the header\n"
		"lines, the text and every part as the reader sees them.",
	.options = OPTIONS,
	.needs = NEEDS_ARGUMENT,
	.run = show_command,
};
