#include "cli/commands.h"
#include "cli/review.h"
#include "cli/workplace.h"

static const struct option OPTIONS[] = {
	{ "part", 0, OPTION_TEXT, "SOURCE", "only the report about this source" },
	{ "despite-lint", 0, OPTION_FLAG, NULL,
	  "approve what the lint finds something in, too" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static int case_approve(struct run *run, const struct approve *approve, struct slice id)
{
	struct approvals approvals;

	if (approve_read(approve, run->arena, id, &approvals, &run->err) != 0)
		return -1;
	review_print(run, &approvals);
	if (approvals.count &&
	    approve_made(approve, run->arena, &approvals, &run->err) != 0)
		return -1;
	review_print_made(run, &approvals);
	if (!run->json)
		print_text(&run->out,
			   "%s. Nothing was sent; 'tipoff send %s' hands it over.\n",
			   approvals.count ? "Approved" : "Already approved",
			   approvals.kase.id);
	return 0;
}

static int approve_command(struct run *run)
{
	struct workplace workplace;
	struct approve approve = { .settings = &run->settings,
				   .clock = &run->clock,
				   .lint = lint_new(run->arena),
				   .part = run_text(run, "part"),
				   .despite_lint = run_flag(run, "despite-lint") };
	int code = 0;

	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	approve.db = workplace.db;
	for (size_t i = 0; code == 0 && i < run->arguments.count; i++)
		if (case_approve(run, &approve, run->arguments.at[i]) != 0)
			code = command_fail(run);
	workplace_close(&workplace);
	return code;
}

const struct command command_approve = {
	.name = "approve",
	.arguments = "CASE...",
	.summary = "approve the drafts of cases; 'send' then hands them over",
	.about =
		"Approves the current drafts, word for word: the exact bytes are made now (and\n"
		"signed, where a key is configured) and nothing else is ever sent. New events or\n"
		"an edit make a new revision, which needs a new approval. What the lint finds in\n"
		"a memo is shown, and only --despite-lint approves it then. Sends nothing.",
	.options = OPTIONS,
	.needs = NEEDS_ARGUMENT,
	.run = approve_command,
};
