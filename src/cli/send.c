#include "case/store.h"
#include "cli/commands.h"
#include "cli/form.h"
#include "cli/policy.h"
#include "cli/review.h"
#include "cli/workplace.h"
#include "delivery/database.h"
#include "pipeline/copy.h"
#include "pipeline/send.h"
#include "pipeline/unattended.h"

#include <sysexits.h>

static const struct option OPTIONS[] = {
	{ "yes", 'y', OPTION_FLAG, NULL, "approve without asking" },
	{ "part", 0, OPTION_TEXT, "SOURCE", "only the report about this source" },
	{ "dry-run", 'n', OPTION_FLAG, NULL,
	  "show what would leave, byte for byte, and send nothing" },
	{ "any-hour", 0, OPTION_FLAG, NULL, "whatever [send] window says" },
	{ "to-me", 0, OPTION_FLAG, NULL, "send the mails to yourself alone" },
	{ "out", 'o', OPTION_TEXT, "FOLDER",
	  "write the mails as .eml files, and send nothing" },
	{ "unattended", 0, OPTION_FLAG, NULL,
	  "approve what the policy allows, then send what is approved" },
	{ "was-delivered", 0, OPTION_FLAG, NULL, "what is in doubt did arrive" },
	{ "send-again", 0, OPTION_FLAG, NULL,
	  "what is in doubt or failed goes out once more" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

/* One run of the command. */
struct sending {
	struct run *run;
	struct send send;
	struct approve approve;
	struct copy copy;
	int code; /* of what did not go well, though the command did its work       */
};

static int failed(struct sending *sending, int code)
{
	if (sending->code != EX_UNAVAILABLE)
		sending->code = code;
	return 0;
}

/* ---- what it needs ---- */

static int may_send(struct sending *sending)
{
	struct run *run = sending->run;

	if (run->settings.documentation_public)
		return error_set(
			&run->err, ERROR_REFUSED,
			"nothing is sent while [judge] documentation = public, which is "
			"meant for examples: 'tipoff send --out FOLDER' writes the "
			"mails to files");
	return 0;
}

static int may_mail(struct run *run)
{
	if (run->offline && slice_equal(run->settings.send_method, S("smtp")))
		return error_set(&run->err, ERROR_REFUSED,
				 "--offline: the submission server is not asked");
	return handover_check(run->arena, &run->settings, &run->err);
}

/* Who tells databases, or by forms, alone needs no mail program. */
static int rows_check(struct run *run, const struct outbox_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++)
		if (!rows->at[i].is_form &&
		    leaves_by_mail(rows->at[i].part, rows->at[i].is_database))
			return may_mail(run);
	return 0;
}

static int approvals_check(struct run *run, const struct approvals *approvals)
{
	for (size_t i = 0; i < approvals->count; i++) {
		const struct stored_report *report = &approvals->at[i].report;

		if (!report_is_form(report) &&
		    leaves_by_mail(report->part,
				   slice_equal(report->kind, S("database"))))
			return may_mail(run);
	}
	return 0;
}

/* ---- approval ---- */

static int case_approve(struct sending *sending, struct slice id)
{
	struct run *run = sending->run;
	struct approvals approvals;

	if (approve_read(&sending->approve, run->arena, id, &approvals, &run->err) != 0)
		return -1;
	if (!approvals.count)
		return 0;
	if (approvals_check(run, &approvals) != 0)
		return -1;
	review_print(run, &approvals);
	if (!run_flag(run, "yes") && !review_may_ask())
		return error_set(&run->err, ERROR_REFUSED,
				 "case %s is not approved: 'tipoff approve %s' first, "
				 "or 'tipoff send --yes %s'",
				 approvals.kase.id, approvals.kase.id,
				 approvals.kase.id);
	if (!run_flag(run, "yes") && !review_ask(run, "Approve and send?"))
		return error_set(&run->err, ERROR_REFUSED, "nothing was sent");
	if (approve_made(&sending->approve, run->arena, &approvals, &run->err) != 0)
		return -1;
	review_print_made(run, &approvals);
	return 0;
}

static int cases_approve(struct sending *sending)
{
	const struct slices *ids = &sending->send.cases;

	for (size_t i = 0; i < ids->count; i++)
		if (case_approve(sending, ids->at[i]) != 0)
			return -1;
	return 0;
}

/* ---- handing over ---- */

static void outcome_count(struct sending *sending, const struct outbox_row *row)
{
	if (row->state == DELIVERY_FAILED || row->state == DELIVERY_IN_DOUBT)
		failed(sending, EX_UNAVAILABLE);
	else if (row->state != DELIVERY_SENT)
		failed(sending, EX_TEMPFAIL);
}

/* The fields to paste, and what to say then. */
static int form_give(struct sending *sending, const struct outbox_row *row)
{
	struct run *run = sending->run;
	struct stored_report report;

	if (run->json)
		return 0;
	if (report_store_get(sending->send.db, run->arena, row->report, &report,
			     &run->err) != 0 ||
	    form_print(run, &report) != 0)
		return -1;
	print_text(&run->out, "When it is filled in:    tipoff told ");
	print_slice(&run->out, row->kase);
	print_text(&run->out, "\nWhere it was not taken:  tipoff told --refused WHY ");
	print_slice(&run->out, row->kase);
	print_text(&run->out, "\n");
	return 0;
}

static int rows_send(struct sending *sending, struct outbox_rows *rows)
{
	struct run *run = sending->run;

	for (size_t i = 0; i < rows->count; i++) {
		struct outbox_row *row = &rows->at[i];

		if (send_one(&sending->send, run->arena, row, &run->err) != 0)
			return -1;
		review_print_delivery(run, row);
		outcome_count(sending, row);
		if (row->state == DELIVERY_TO_FILL && form_give(sending, row) != 0)
			return -1;
	}
	return 0;
}

static int doubtful_print(struct sending *sending)
{
	struct outbox_rows rows = { 0 };
	struct run *run = sending->run;

	if (send_doubtful(&sending->send, run->arena, &rows, &run->err) != 0)
		return -1;
	for (size_t i = 0; i < rows.count; i++)
		review_print_doubt(run, &rows.at[i]);
	return 0;
}

static int hand_over(struct sending *sending)
{
	struct run *run = sending->run;
	struct outbox_rows rows = { 0 };

	if (may_send(sending) != 0 || cases_approve(sending) != 0 ||
	    send_list(&sending->send, run->arena, &rows, &run->err) != 0 ||
	    rows_check(run, &rows) != 0 || rows_send(sending, &rows) != 0)
		return -1;
	if (!rows.count && !run->json)
		print_text(&run->out,
			   "Nothing is approved and waits: 'tipoff cases' lists the "
			   "cases, 'tipoff send CASE' approves and sends one.\n");
	return doubtful_print(sending);
}

/* What watch starts: without a policy nothing leaves, not even what a person approved. */
static int unattended(struct sending *sending)
{
	struct run *run = sending->run;
	struct unattended_cases cases = { 0 };
	struct unattended unattended = { .settings = &run->settings,
					 .clock = &run->clock,
					 .db = sending->send.db,
					 .lint = sending->approve.lint,
					 .policy = sending->send.policy };
	struct outbox_rows rows = { 0 };

	if (!unattended.policy)
		return error_set(&run->err, ERROR_REFUSED,
				 "no policy is set, so nothing leaves without you: "
				 "[send] policy names its file, 'tipoff policy check' "
				 "says what it allows");
	sending->send.unattended = true;
	if (may_send(sending) != 0 || may_mail(run) != 0 ||
	    unattended_approve(&unattended, run->arena, &cases, &run->err) != 0 ||
	    send_list(&sending->send, run->arena, &rows, &run->err) != 0 ||
	    rows_send(sending, &rows) != 0)
		return -1;
	return doubtful_print(sending);
}

static int settle(struct sending *sending, enum send_word word)
{
	struct run *run = sending->run;
	size_t count = 0;

	return send_settle(&sending->send, run->arena,
			   &(struct send_settlement){ .word = word }, &count,
			   &run->err);
}

static int was_delivered(struct sending *sending)
{
	if (settle(sending, SEND_WAS_DELIVERED) != 0)
		return -1;
	if (!sending->run->json)
		print_text(&sending->run->out, "On record as delivered.\n");
	return 0;
}

static int send_again(struct sending *sending)
{
	struct run *run = sending->run;

	if (!run_flag(run, "yes") && !review_may_ask())
		return error_set(&run->err, ERROR_REFUSED,
				 "it may arrive twice: add --yes if it is to go again");
	if (!run_flag(run, "yes") &&
	    !review_ask(run, "It may arrive twice. Send it again?"))
		return error_set(&run->err, ERROR_REFUSED, "nothing was sent");
	if (may_send(sending) != 0 || settle(sending, SEND_AGAIN) != 0)
		return -1;
	return hand_over(sending);
}

/* ---- without handing over ---- */

static int drafts_ask(struct sending *sending)
{
	struct run *run = sending->run;
	const struct slices *ids = &sending->send.cases;

	for (size_t i = 0; i < ids->count; i++) {
		struct approvals approvals;

		if (approve_read(&sending->approve, run->arena, ids->at[i], &approvals,
				 &run->err) != 0)
			return -1;
		review_print(run, &approvals);
		if (approvals.count && !run->json)
			print_text(&run->out,
				   "  would be approved first; 'tipoff show --outgoing "
				   "%s' prints what would leave.\n",
				   approvals.kase.id);
	}
	return 0;
}

static int envelope_show(struct run *run, const struct stored_report *report)
{
	struct submission submission = { 0 };
	struct report_parts parts = { 0 };
	enum database database;

	if (report_parts_read(run->arena, report->parts, &parts, &run->err) != 0)
		return -1;
	if (!leaves_by_mail(report->part, slice_equal(report->kind, S("database"))) &&
	    database_of_part(report->part, &database) == 0) {
		submission.database = database;
		submission.media = parts.count ? parts.at[0].media : S("");
		print_text(&run->out, "POST ");
		print_slice(&run->out, database_url(&submission));
		print_text(&run->out, "\nContent-Type: ");
		print_slice(&run->out, submission.media);
		print_text(&run->out, "\nand ");
		print_slice(&run->out,
			    database_key_words(run->arena, &run->settings, database));
		return 0;
	}
	if (report_is_form(report)) {
		print_text(&run->out, "A form that you fill in, as JSON");
		return 0;
	}
	print_text(&run->out, "Envelope: from ");
	print_slice(&run->out,
		    handover_sender(run->arena, &run->settings, report->token));
	for (size_t i = 0; i < report->recipients.count; i++) {
		print_text(&run->out, "%s", i ? ", " : " to ");
		print_slice(&run->out, report->recipients.at[i]);
	}
	return 0;
}

/* The message as it would go over the wire; the terminal gets it escaped. */
static int bytes_show(struct sending *sending, const struct outbox_row *row)
{
	struct run *run = sending->run;
	struct stored_report report;
	struct slice rest, line;

	if (run->json)
		return 0;
	if (report_store_get(sending->send.db, run->arena, row->report, &report,
			     &run->err) != 0 ||
	    envelope_show(run, &report) != 0)
		return -1;
	print_text(&run->out, "\n%zu bytes, SHA-256 ", report.message.len);
	print_slice(&run->out, report.sha256_hex);
	print_text(&run->out, "%s:\n",
		   row->is_database || row->is_form
			   ? ""
			   : ", line by line (each ends with CR LF)");
	rest = report.message;
	while (rest.len && slice_next(&rest, '\n', &line)) {
		if (slice_ends(line, S("\r")))
			line.len--;
		print_text(&run->out, "| ");
		print_slice(&run->out, line);
		print_text(&run->out, "\n");
	}
	return 0;
}

static int dry_run(struct sending *sending)
{
	struct run *run = sending->run;
	struct outbox_rows rows = { 0 };

	if (drafts_ask(sending) != 0 ||
	    send_list(&sending->send, run->arena, &rows, &run->err) != 0)
		return -1;
	for (size_t i = 0; i < rows.count; i++) {
		struct outbox_row *row = &rows.at[i];

		if (send_ask(&sending->send, run->arena, row, &run->err) != 0)
			return -1;
		if (row->state == DELIVERY_SENDING) {
			row->state = DELIVERY_READY;
			row->answer = row->is_form ? S("would be yours to fill in")
						   : S("would be handed over");
		}
		review_print_delivery(run, row);
		if (bytes_show(sending, row) != 0)
			return -1;
	}
	if (!run->json)
		print_text(&run->out, "Nothing was sent.\n");
	return 0;
}

/* The cases named, else every one with something approved. */
static int copies_cases(struct sending *sending, struct slices *out)
{
	struct outbox_rows rows = { 0 };
	struct run *run = sending->run;

	*out = sending->send.cases;
	if (out->count)
		return 0;
	if (send_list(&sending->send, run->arena, &rows, &run->err) != 0)
		return -1;
	for (size_t i = 0; i < rows.count; i++)
		if (i == 0 || !slice_equal(rows.at[i].kase, rows.at[i - 1].kase))
			*LIST_ADD(run->arena, out) = rows.at[i].kase;
	if (out->count)
		return 0;
	return error_set(
		&run->err, ERROR_NOT_FOUND,
		"nothing is approved: name the cases, 'tipoff cases' lists them");
}

typedef int copy_act(struct sending *sending, const struct stored_report *report);

static int copies_each(struct sending *sending, copy_act *act)
{
	struct run *run = sending->run;
	struct slices ids;

	if (copies_cases(sending, &ids) != 0)
		return -1;
	for (size_t i = 0; i < ids.count; i++) {
		struct stored_reports reports = { 0 };

		if (copy_read(&sending->copy, run->arena, ids.at[i], &reports,
			      &run->err) != 0)
			return -1;
		for (size_t r = 0; r < reports.count; r++)
			if (act(sending, &reports.at[r]) != 0)
				return -1;
	}
	return 0;
}

static int write_one(struct sending *sending, const struct stored_report *report)
{
	struct run *run = sending->run;
	struct slice path;

	if (copy_write(&sending->copy, run->arena, report, run_text(run, "out"), &path,
		       &run->err) != 0)
		return -1;
	print_slice(&run->out, path);
	print_text(&run->out, "\n");
	return 0;
}

static int write_all(struct sending *sending)
{
	return copies_each(sending, write_one);
}

static int to_me_one(struct sending *sending, const struct stored_report *report)
{
	struct run *run = sending->run;
	struct outbox_row row = { .kase = report->kase,
				  .part = report->part,
				  .token = report->token };
	struct handover_end end;

	if (copy_to_me(&sending->copy, run->arena, report, &end, &run->err) != 0)
		return -1;
	row.state = end.state;
	row.answer = end.words;
	*LIST_ADD(run->arena, &row.recipients) = run->settings.mail;
	review_print_delivery(run, &row);
	outcome_count(sending, &row);
	return 0;
}

static int to_me(struct sending *sending)
{
	if (may_send(sending) != 0 || may_mail(sending->run) != 0)
		return -1;
	return copies_each(sending, to_me_one);
}

/* ---- the command ---- */

static const struct mode {
	const char *flag;
	bool needs_case;
	int (*run)(struct sending *sending);
} MODES[] = {
	{ "dry-run", false, dry_run },      { "out", false, write_all },
	{ "to-me", true, to_me },           { "was-delivered", true, was_delivered },
	{ "send-again", true, send_again }, { "unattended", false, unattended },
};

/* NULL, and the usage error was printed, where two are given or a case is missing. */
static const struct mode *mode_find(struct run *run, int *code)
{
	static const struct mode otherwise = { "", false, hand_over };
	const struct mode *found = &otherwise;

	for (size_t i = 0; i < COUNT_OF(MODES); i++) {
		if (!run_given(run, MODES[i].flag))
			continue;
		if (found != &otherwise) {
			*code = command_usage(run, "--%s and --%s do not go together",
					      found->flag, MODES[i].flag);
			return NULL;
		}
		found = &MODES[i];
	}
	if (found->needs_case && !run->arguments.count) {
		*code = command_usage(run, "--%s needs a case", found->flag);
		return NULL;
	}
	return found;
}

/* Cases that do not exist are said before anything is done about the others. */
static int cases_check(struct sending *sending)
{
	struct run *run = sending->run;
	struct kase kase;

	for (size_t i = 0; i < run->arguments.count; i++)
		if (case_store_get(sending->send.db, run->arena, run->arguments.at[i],
				   &kase, &run->err) != 0)
			return -1;
	return 0;
}

static int send_command(struct run *run)
{
	struct slice part = run_text(run, "part");
	struct workplace workplace;
	struct sending sending = { .run = run };
	struct outbox_rows doubtful = { 0 };
	int code = 0;
	const struct mode *mode = mode_find(run, &code);

	if (!mode)
		return code;
	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	if (workplace.plus_is_untried)
		command_notice(run,
			       "[send] plus is not used before 'tipoff init --try' saw "
			       "that such mail comes back to you");
	sending.send = (struct send){ .settings = &run->settings,
				      .clock = &run->clock,
				      .db = workplace.db,
				      .cases = run->arguments,
				      .part = part,
				      .any_hour = run_flag(run, "any-hour"),
				      .offline = run->offline };
	sending.approve = (struct approve){ .settings = &run->settings,
					    .clock = &run->clock,
					    .db = workplace.db,
					    .lint = lint_new(run->arena),
					    .part = part };
	sending.copy = (struct copy){ &run->settings, &run->clock, workplace.db, part };
	if (run_policy(run, &sending.send.policy, &run->err) != 0 ||
	    send_recover(&sending.send, run->arena, &doubtful, &run->err) != 0 ||
	    cases_check(&sending) != 0 || mode->run(&sending) != 0)
		code = command_fail(run);
	else
		code = sending.code;
	if (code == 0 && doubtful.count)
		code = EX_UNAVAILABLE;
	workplace_close(&workplace);
	return code;
}

const struct command command_send = {
	.name = "send",
	.arguments = "[CASE...]",
	.summary = "hand over what is approved; with CASE, ask and approve first",
	.about =
		"Hands every approved report to your mail server, each once. With CASE it shows\n"
		"what would be sent, asks, approves and sends. At most one mail a contact and\n"
		"day, and nobody on the stop list: what has to wait stays approved for the next\n"
		"run. What ended in the middle is in doubt and never sent again by itself. Public\n"
		"databases are told as well, where [databases] names them and you approved it. A\n"
		"report that goes by a web form is printed for you to fill in ('tipoff told').\n"
		"Exit status: 0 all went out, 75 something waits, 69 something failed or is in\n"
		"doubt.",
	.options = OPTIONS,
	.run = send_command,
};
