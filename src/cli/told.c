#include "case/store.h"
#include "cli/commands.h"
#include "cli/review.h"
#include "cli/workplace.h"
#include "pipeline/send.h"

static const struct option OPTIONS[] = {
	{ "part", 0, OPTION_TEXT, "SOURCE", "only the report about this source" },
	{ "tag", 0, OPTION_TEXT, "TAG",
	  "how the desk calls the case: the number that its form gave you" },
	{ "refused", 0, OPTION_TEXT, "WHY",
	  "the form did not take it: the next draft goes to the next contact" },
	{ "take-back", 0, OPTION_FLAG, NULL,
	  "it was not filled in: back to what is approved and waits" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static struct send_settlement settlement_of(const struct run *run)
{
	struct send_settlement said = { .word = SEND_FORM_DONE,
					.tag = run_text(run, "tag") };

	if (run_given(run, "refused"))
		said = (struct send_settlement){
			.word = SEND_FORM_REFUSED,
			.words = slice_trim(run_text(run, "refused")),
		};
	else if (run_flag(run, "take-back"))
		said.word = SEND_FORM_BACK;
	return said;
}

static int cases_check(struct run *run, struct db *db)
{
	struct kase kase;

	for (size_t i = 0; i < run->arguments.count; i++)
		if (case_store_get(db, run->arena, run->arguments.at[i], &kase,
				   &run->err) != 0)
			return -1;
	return 0;
}

static void result_print(struct run *run, enum send_word word, size_t count)
{
	const char *plural = count == 1 ? "" : "s";

	if (run->json)
		return;
	if (word == SEND_FORM_DONE)
		print_text(&run->out, "On record as told: %zu report%s.\n", count,
			   plural);
	else if (word == SEND_FORM_REFUSED)
		print_text(
			&run->out,
			"On record as refused: %zu report%s. 'tipoff draft' takes the "
			"next contact.\n",
			count, plural);
	else
		print_text(&run->out,
			   "Taken back: %zu report%s. 'tipoff send' gives %s to you "
			   "again.\n",
			   count, plural, count == 1 ? "it" : "them");
}

static int rows_print(struct run *run, const struct send *send)
{
	for (size_t i = 0; run->json && i < run->arguments.count; i++) {
		struct outbox_rows rows = { 0 };

		if (outbox_list(send->db, run->arena, run->arguments.at[i], &rows,
				&run->err) != 0)
			return -1;
		for (size_t r = 0; r < rows.count; r++)
			if (rows.at[r].is_form)
				review_print_delivery(run, &rows.at[r]);
	}
	return 0;
}

static int told(struct run *run, const struct send *send)
{
	struct send_settlement said = settlement_of(run);
	size_t count = 0;

	if (cases_check(run, send->db) != 0 ||
	    send_settle(send, run->arena, &said, &count, &run->err) != 0)
		return -1;
	result_print(run, said.word, count);
	return rows_print(run, send);
}

static int told_command(struct run *run)
{
	struct workplace workplace;
	struct send send = { .settings = &run->settings,
			     .clock = &run->clock,
			     .cases = run->arguments,
			     .part = run_text(run, "part"),
			     .offline = run->offline };
	int code = 0;

	if (run_given(run, "refused") + run_flag(run, "take-back") +
		    run_given(run, "tag") >
	    1)
		return command_usage(
			run, "--refused, --take-back and --tag do not go together");
	if (run_given(run, "refused") && !slice_trim(run_text(run, "refused")).len)
		return command_usage(run, "--refused needs a few words: why");
	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	send.db = workplace.db;
	if (told(run, &send) != 0)
		code = command_fail(run);
	workplace_close(&workplace);
	return code;
}

const struct command command_told = {
	.name = "told",
	.arguments = "CASE...",
	.summary = "say that you filled in a case's form, or that it was not taken",
	.about =
		"Some desks take reports by a web form alone. 'tipoff send' gives such a report\n"
		"to you: 'tipoff show CASE' prints the form's URL and each field with the value\n"
		"to paste. When you filled it in, say so: from then on it counts as a report\n"
		"that left by mail does. With --refused the desk is passed over and the next\n"
		"draft goes to the next contact; with --take-back nothing happened.",
	.options = OPTIONS,
	.needs = NEEDS_ARGUMENT,
	.run = told_command,
};
