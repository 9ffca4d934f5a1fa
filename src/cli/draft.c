#include "cli/commands.h"
#include "cli/finder.h"
#include "cli/jails.h"
#include "cli/logs.h"
#include "cli/record.h"
#include "cli/summary.h"
#include "cli/templates.h"
#include "cli/workplace.h"
#include "pipeline/draft.h"
#include "pipeline/mails.h"
#include "pipeline/pass.h"

#include <sysexits.h>

static const struct option OPTIONS[] = {
	{ "show", 's', OPTION_FLAG, NULL, "print the memos too" },
	{ "held", 0, OPTION_FLAG, NULL, "draft what is held too" },
	{ "source", 0, OPTION_LIST, "SOURCE",
	  "draft this source, whatever its verdict" },
	{ "wide", 0, OPTION_FLAG, NULL,
	  "add the wider list of contacts to the recipients" },
	{ "rules", 0, OPTION_LIST, "RULE", "use this rule (a name or a file) only" },
	{ "mail", 0, OPTION_LIST, "FILE",
	  "read a mail that you received (a file, a maildir, or '-')" },
	{ "mail-kind", 0, OPTION_TEXT, "KIND",
	  "what it is: spam (default), phish, virus" },
	{ "threads", 0, OPTION_TEXT, "N",
	  "look at lines with N threads; the result is the same" },
	JAILS_OPTION,
	JOURNAL_OPTION,
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

/* What a run of draft read. */
struct drafting_input {
	struct input_files files;
	struct pass_counts counts;
	struct mails_result mails;
};

static void bytes_progress(void *context, uint64_t done, uint64_t whole)
{
	struct progress *progress = context;

	progress_show(progress, done >> 20, whole >> 20);
}

static int logs_read(struct run *run, struct workplace *workplace,
		     struct input_files *files, struct pass_counts *counts,
		     struct incident_table *table)
{
	struct progress progress;
	struct pass pass = {
		.settings = &run->settings,
		.clock = &run->clock,
		.only_rules = run_list(run, "rules").count > 0 || workplace->jails,
		.zone = workplace->zone,
		.table = table,
		.db = workplace->db,
		.finder = workplace->finder,
		.progress = bytes_progress,
		.context = &progress,
	};
	int result;

	progress_init(&progress, "reading, MiB", run->quiet);
	result = logs_pass(run, workplace, &pass, files, counts, &run->err);
	progress_end(&progress);
	return result;
}

/* Who hands in mails and names no logs means those mails. */
static bool wants_logs(const struct run *run, const struct workplace *workplace)
{
	return !run_given(run, "mail") || run->arguments.count || workplace->jails ||
	       run_given(run, "journal");
}

static int mails_read(struct run *run, const struct workplace *workplace,
		      struct incident_table *table, struct mails_result *out)
{
	struct slices names = run_list(run, "mail");
	struct slice kind = run_text(run, "mail-kind");
	struct mails mails = {
		.settings = &run->settings,
		.own = workplace->own,
		.db = workplace->db,
		.table = table,
	};

	if (kind.len && mail_kind_parse(kind, &mails.kind) != 0)
		return error_set(&run->err, ERROR_SYNTAX,
				 "--mail-kind is spam, phish or virus, not '" SLICE_FMT
				 "'",
				 SLICE_ARG(kind));
	if (mails_take(&mails, run->arena, &names, out, &run->err) != 0)
		return run->err.kind == ERROR_CONFIG ? run_setting_wrong(run, &run->err)
						     : -1;
	return 0;
}

static int evidence_read(struct run *run, struct workplace *workplace,
			 struct drafting_input *input)
{
	struct incident_table_options options = { .settings = &run->settings,
						  .own = workplace->own,
						  .site = S(""),
						  .db = workplace->db };
	struct incident_table *table = incidents_new(&options);
	int result = 0;

	if (wants_logs(run, workplace))
		result =
			logs_read(run, workplace, &input->files, &input->counts, table);
	if (result == 0)
		result = mails_read(run, workplace, table, &input->mails);
	if (!wants_logs(run, workplace))
		input->counts.counted = *incidents_counts(table);
	incidents_free(table);
	return result;
}

static int cases_draft(struct run *run, struct workplace *workplace,
		       struct draft_result *result)
{
	struct progress progress;
	struct draft draft = {
		.settings = &run->settings,
		.clock = &run->clock,
		.db = workplace->db,
		.finder = workplace->finder,
		.rules = workplace->rules,
		.own = workplace->own,
		.templates = run_templates(run),
		.held = run_flag(run, "held"),
		.sources = run_list(run, "source"),
		.wide = run_flag(run, "wide") || run->settings.wide,
		.progress = run_finder_progress,
		.context = &progress,
	};
	int drafted;

	progress_init(&progress, "asking the registries", run->quiet);
	drafted = draft_run(&draft, run->arena, result, &run->err);
	progress_end(&progress);
	return drafted;
}

static int cases_json(struct run *run, struct workplace *workplace,
		      const struct draft_result *result)
{
	for (size_t i = 0; i < result->cases.count; i++)
		if (case_print_json(run, workplace->db, &result->cases.at[i]) != 0)
			return -1;
	return 0;
}

/* 1; 0: it has another name by now; -1. */
static int incident_json(struct drafted *drafted, size_t part, struct buffer *out)
{
	struct drafted_place place = { &drafted->result->judged, part, true };
	struct drafted_incident one;
	struct json_writer writer;
	int found;

	arena_reset(drafted->arena);
	found = drafted_read(drafted->result, &place, drafted->arena, &one,
			     &drafted->run->err);
	if (found != 1)
		return found;
	json_writer_init(&writer, out);
	record_incident(&writer, drafted->arena, &one.incident);
	print_json(&drafted->run->out, out);
	return 1;
}

static int incidents_json(struct drafted *drafted)
{
	struct buffer out;
	int found = 1;

	buffer_init(&out, 64 << 20);
	for (size_t i = 0; found >= 0 && i < drafted->result->judged.count; i++)
		found = incident_json(drafted, i, &out);
	buffer_clear(&out);
	return found < 0 ? -1 : 0;
}

/* 1, 0, -1. */
static int source_is_known(struct drafted *drafted, struct slice name)
{
	for (size_t i = 0; i < drafted->result->judged.count; i++) {
		struct drafted_place place = { &drafted->result->judged, i, false };
		struct drafted_incident one;
		int found;

		arena_reset(drafted->arena);
		found = drafted_read(drafted->result, &place, drafted->arena, &one,
				     &drafted->run->err);
		if (found < 0)
			return -1;
		if (found && incident_is_named(&one.incident, drafted->arena, name))
			return 1;
	}
	return 0;
}

/* A source that was asked for and is not there would else be missed in silence. */
static int unknown_print(struct drafted *drafted)
{
	struct slices names = run_list(drafted->run, "source");

	for (size_t n = 0; n < names.count; n++) {
		int known = source_is_known(drafted, names.at[n]);

		if (known < 0)
			return -1;
		if (!known)
			command_notice(drafted->run,
				       "'" SLICE_FMT
				       "' did nothing in the logs read so far: give "
				       "the source as the table shows it",
				       SLICE_ARG(names.at[n]));
	}
	return 0;
}

/* What a mail says nobody of is told at once, each with its reason. */
static int mails_print(struct run *run, const struct mails_result *mails)
{
	int code = 0;

	for (size_t i = 0; i < mails->problems.count; i++) {
		const struct mail_problem *problem = &mails->problems.at[i];

		code = problem->is_unread ? EX_NOINPUT : code;
		command_problem(
			problem->is_unread
				? problem->reason
				: arena_printf(run->arena,
					       "mail '" SLICE_FMT
					       "' is held and names nobody: " SLICE_FMT,
					       SLICE_ARG(problem->path),
					       SLICE_ARG(problem->reason)));
	}
	return code;
}

static int print_all(struct drafted *drafted, struct workplace *workplace,
		     const struct drafting_input *input)
{
	const struct input_files *files = &input->files;
	const struct pass_counts *counts = &input->counts;

	const struct draft_result *result = drafted->result;
	struct run *run = drafted->run;

	if (drafted_measure(drafted) != 0 || unknown_print(drafted) != 0)
		return -1;
	if (run->json)
		return incidents_json(drafted) == 0 ? cases_json(run, workplace, result)
						    : -1;
	if (alarm_print(drafted) != 0)
		return -1;
	summary_print(drafted, counts);
	if (incidents_print(drafted) != 0)
		return -1;
	if (run_flag(run, "show") &&
	    memos_print(run, workplace->db, &result->cases) != 0)
		return -1;
	hints_print(run, files, counts, result);
	return 0;
}

static int result_print(struct run *run, struct workplace *workplace,
			const struct drafting_input *input,
			const struct draft_result *result)
{
	struct drafted drafted = { .run = run,
				   .result = result,
				   .mails = run_given(run, "mail") ? &input->mails
								   : NULL };
	int code;

	if (db_begin_reading(workplace->db, &run->err) != 0 ||
	    print_all(&drafted, workplace, input) != 0)
		code = command_fail(run);
	/* the gravest of what happened decides: then a log that could not be read */
	else if (drafted.alarm)
		code = EXIT_COMPROMISE;
	else
		code = problems_exit(run, &input->files);
	db_rollback(workplace->db);
	drafted_clear(&drafted);
	return code;
}

static int draft_command(struct run *run)
{
	struct draft_result result = { .answers = NULL };
	struct workplace workplace;
	struct drafting_input input = { .mails = { .read = 0 } };
	int code, unread;

	if (workplace_open(&workplace, run,
			   WORKPLACE_OWN | WORKPLACE_RULES | WORKPLACE_STORE |
				   WORKPLACE_FINDER,
			   &run->err) != 0)
		return command_fail(run);
	if (evidence_read(run, &workplace, &input) != 0 ||
	    cases_draft(run, &workplace, &result) != 0)
		code = command_fail(run);
	else
		code = result_print(run, &workplace, &input, &result);
	draft_result_clear(&result);
	problems_print(run, &input.files);
	unread = mails_print(run, &input.mails);
	workplace_close(&workplace);
	return code ? code : unread;
}

const struct command command_draft = {
	.name = "draft",
	.arguments = "[LOG...]",
	.summary = "read logs, judge attacks, draft reports; sends nothing",
	.about =
		"Reads the logs named (files, folders, '-' for standard input; else those of the\n"
		"configuration or of this machine), finds attacks, judges what is worth a report,\n"
		"looks up who is responsible, and drafts the reports. Nothing is sent.\n\n"
		"With --fail2ban the logs of the enabled jails are read by their own filters.\n"
		"With --mail a mail that you received is the evidence: who handed it in is told\n"
		"by Received lines that servers of [mail] relays wrote, and by nothing that its\n"
		"sender could have written. No log is read then, unless one is named.\n"
		"What was read once is not read again: run it as often as you like.\n"
		"Registries are asked only where 'tipoff init' was told that they may be.\n\n"
		"Exit status: 0; 10 where somebody may have got in; 66 where a log is missing, 77\n"
		"where it may not be read, 65 where it is damaged or no log; others as in\n"
		"sysexits.h.",
	.options = OPTIONS,
	.run = draft_command,
};
