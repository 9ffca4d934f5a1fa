#include "cli/commands.h"
#include "cli/review.h"
#include "cli/workplace.h"
#include "delivery/store.h"
#include "pipeline/correct.h"
#include "report/publication.h"

static const struct option OPTIONS[] = {
	{ "reason", 'r', OPTION_TEXT, "TEXT", "what was wrong, in your words" },
	{ "part", 0, OPTION_TEXT, "SOURCE", "only the report about this source" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static void draft_print(struct run *run, const struct stored_report *draft)
{
	print_text(&run->out, "  ");
	print_slice(&run->out, draft->subject);
	print_text(&run->out, "\n         to ");
	for (size_t i = 0; i < draft->recipients.count; i++) {
		print_text(&run->out, "%s", i ? ", " : "");
		print_slice(&run->out, draft->recipients.at[i]);
	}
	print_text(&run->out, "\n\n");
	print_lines(&run->out, draft->memo);
	print_text(&run->out, "\n");
}

/* A mail does not reach what a public database shows. */
static int databases_print(struct run *run, struct db *db, struct slice id)
{
	struct outbox_rows rows = { 0 };
	enum database database;

	if (outbox_list(db, run->arena, id, &rows, &run->err) != 0)
		return -1;
	for (size_t i = 0; !run->json && i < rows.count; i++) {
		const struct outbox_row *row = &rows.at[i];

		if (!row->is_database || !delivery_state_left(row->state) ||
		    database_of_part(row->part, &database) != 0)
			continue;
		print_slice(&run->out, row->subject);
		print_text(&run->out, ": told on %s; it is taken back %s\n",
			   time_format(row->sending_at, TIME_DATE).text,
			   database_facts(database)->retract);
	}
	return 0;
}

static int case_correct(struct run *run, const struct correct *correct, struct slice id)
{
	struct stored_reports drafts = { 0 };

	if (databases_print(run, correct->db, id) != 0 ||
	    correct_draft(correct, run->arena, id, &drafts, &run->err) != 0)
		return -1;
	if (run->json)
		return 0;
	print_text(&run->out, "Drafted %zu correction%s:\n", drafts.count,
		   drafts.count == 1 ? "" : "s");
	for (size_t i = 0; i < drafts.count; i++)
		draft_print(run, &drafts.at[i]);
	print_text(&run->out, "Nothing was sent. 'tipoff edit ");
	print_slice(&run->out, drafts.at[0].kase);
	print_text(&run->out, "' changes the words, 'tipoff send ");
	print_slice(&run->out, drafts.at[0].kase);
	print_text(&run->out, "' asks, approves and sends.\n");
	return 0;
}

static int correct_command(struct run *run)
{
	struct correct correct = { .settings = &run->settings,
				   .clock = &run->clock,
				   .part = run_text(run, "part"),
				   .reason = slice_trim(run_text(run, "reason")) };
	struct workplace workplace;
	int code = 0;

	if (!correct.reason.len)
		return command_usage(run, "say what was wrong: --reason TEXT");
	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	correct.db = workplace.db;
	for (size_t i = 0; code == 0 && i < run->arguments.count; i++)
		if (case_correct(run, &correct, run->arguments.at[i]) != 0)
			code = command_fail(run);
	workplace_close(&workplace);
	return code;
}

const struct command command_correct = {
	.name = "correct",
	.arguments = "CASE...",
	.summary = "draft a mail to who was told: the report was wrong",
	.about =
		"Drafts a correction for each report of the case that was sent, to the same\n"
		"recipients and in the same thread, with your reason. It is approved and sent\n"
		"like any other mail, outside of the caps on reports ([send] cap-corrections has\n"
		"its own). Nobody else is written to, and nobody on the stop list.",
	.options = OPTIONS,
	.needs = NEEDS_ARGUMENT,
	.run = correct_command,
};
