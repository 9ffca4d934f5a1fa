#include "cli/review.h"

#include "report/form.h"
#include "report/publication.h"

#include <string.h>
#include <unistd.h>

static void recipients_print(struct run *run, const struct slices *recipients)
{
	for (size_t i = 0; i < recipients->count; i++) {
		print_text(&run->out, "%s", i ? ", " : "");
		print_slice(&run->out, recipients->at[i]);
	}
}

static void findings_print(struct run *run, const struct lint_findings *findings)
{
	static const char *const kinds[] = {
		[LINT_MISSING] = "missing",
		[LINT_UNFRIENDLY] = "unfriendly",
		[LINT_MISLEADING] = "misleading",
	};

	for (size_t i = 0; i < findings->count; i++) {
		const struct lint_finding *finding = &findings->at[i];

		print_colour(&run->out, COLOUR_YELLOW);
		print_text(&run->out, "         %s", kinds[finding->kind]);
		print_colour(&run->out, COLOUR_NONE);
		if (finding->line)
			print_text(&run->out, " (line %zu)", finding->line);
		print_text(&run->out, ": ");
		print_slice(&run->out, finding->text);
		print_text(&run->out, "\n");
	}
}

void review_print_findings(struct run *run, const struct approvals *approvals)
{
	for (size_t i = 0; i < approvals->count; i++)
		findings_print(run, &approvals->at[i].findings);
}

void review_print(struct run *run, const struct approvals *approvals)
{
	if (run->json)
		return;
	if (approvals->count)
		print_text(&run->out, "Case %s, %zu report%s:\n", approvals->kase.id,
			   approvals->count, approvals->count == 1 ? "" : "s");
	for (size_t i = 0; i < approvals->count; i++) {
		const struct stored_report *report = &approvals->at[i].report;

		print_text(&run->out, "  ");
		print_slice(&run->out, report->token);
		print_text(&run->out, "  ");
		print_slice(&run->out, report->subject);
		print_text(&run->out, "\n         to ");
		recipients_print(run, &report->recipients);
		print_text(&run->out, "%s\n",
			   slice_equal(report->kind, S("database"))
				   ? ", a public database: everybody can read it"
			   : report_is_form(report) ? ", a web form that you fill in"
						    : "");
		findings_print(run, &approvals->at[i].findings);
	}
}

static void recipients_put(struct json_writer *writer, const struct slices *recipients)
{
	json_key(writer, "recipients");
	json_array(writer);
	for (size_t i = 0; i < recipients->count; i++)
		json_string(writer, recipients->at[i]);
	json_array_end(writer);
}

static void report_print_json(struct run *run, const struct stored_report *report)
{
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 1 << 20);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "approval");
	json_put_string(&writer, "case", report->kase);
	json_put_string(&writer, "part", report->part);
	json_put_string(&writer, "token", report->token);
	json_put_int(&writer, "revision", report->revision);
	recipients_put(&writer, &report->recipients);
	json_put_string(&writer, "message_id", report->message_id);
	json_put_string(&writer, "sha256", report->sha256_hex);
	json_object_end(&writer);
	print_json(&run->out, &out);
	buffer_clear(&out);
}

void review_print_made(struct run *run, const struct approvals *approvals)
{
	for (size_t i = 0; run->json && i < approvals->count; i++)
		report_print_json(run, &approvals->at[i].report);
}

static void delivery_print_json(struct run *run, const struct outbox_row *row)
{
	struct time_text until = time_format(row->until, TIME_RFC3339);
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 1 << 20);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "delivery");
	json_put_string(&writer, "case", row->kase);
	json_put_string(&writer, "part", row->part);
	json_put_string(&writer, "token", row->token);
	recipients_put(&writer, &row->recipients);
	json_put_string(&writer, "message_id", row->message_id);
	json_put_text(&writer, "state", delivery_state_name(row->state));
	json_put_optional(&writer, "words", row->answer);
	json_put_optional(&writer, "until", row->until ? slice_of(until.text) : S(""));
	json_object_end(&writer);
	print_json(&run->out, &out);
	buffer_clear(&out);
}

enum colour review_state_colour(enum delivery_state state)
{
	if (state == DELIVERY_SENT)
		return COLOUR_GREEN;
	return state == DELIVERY_FAILED || state == DELIVERY_IN_DOUBT ? COLOUR_RED
								      : COLOUR_YELLOW;
}

void review_print_delivery(struct run *run, const struct outbox_row *row)
{
	const char *state = delivery_state_name(row->state);

	if (run->json) {
		delivery_print_json(run, row);
		return;
	}
	print_slice(&run->out, row->token);
	print_text(&run->out, "  ");
	print_colour(&run->out, review_state_colour(row->state));
	print_text(&run->out, "%s", state);
	print_colour(&run->out, COLOUR_NONE);
	print_text(&run->out, "%*s  ",
		   strlen(state) < 9 ? strlen(state) < 9 ? (int)(9 - strlen(state)) : 0
				     : 0,
		   "");
	recipients_print(run, &row->recipients);
	print_text(&run->out, "%s", row->answer.len ? ": " : "");
	print_slice(&run->out, row->answer);
	if (row->state == DELIVERY_DEFERRED && row->tries && row->until)
		print_text(&run->out, "; tried again after %s",
			   time_format(row->until, TIME_MINUTE).text);
	print_text(&run->out, "\n");
}

/* Where a person finds out. */
static void doubt_where_print(struct run *run, const struct outbox_row *row)
{
	enum database database;

	if (row->is_database && database_of_part(row->part, &database) == 0 &&
	    !database_facts(database)->by_mail) {
		print_text(&run->out,
			   "nobody told us so. Look into your account at %s for:\n  ",
			   database_facts(database)->title);
		print_slice(&run->out, row->subject);
		return;
	}
	print_text(&run->out, "nobody told us so. Look for this in your mail server's "
			      "log:\n  ");
	print_slice(&run->out, row->message_id);
}

void review_print_doubt(struct run *run, const struct outbox_row *row)
{
	struct time_text at = time_format(row->sending_at, TIME_MINUTE);

	if (run->json) {
		delivery_print_json(run, row);
		return;
	}
	print_colour(&run->out, COLOUR_RED);
	print_text(&run->out, "In doubt");
	print_colour(&run->out, COLOUR_NONE);
	print_text(&run->out, ": report ");
	print_slice(&run->out, row->token);
	print_text(&run->out, " to ");
	recipients_print(run, &row->recipients);
	print_text(&run->out, " was probably delivered at %s,\nbut ", at.text);
	doubt_where_print(run, row);
	print_text(&run->out, "\nIf it is there:  tipoff send --was-delivered ");
	print_slice(&run->out, row->kase);
	print_text(&run->out, "\nIf it is not:    tipoff send --send-again ");
	print_slice(&run->out, row->kase);
	print_text(&run->out, "\n");
}

bool review_may_ask(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool review_ask(struct run *run, const char *question)
{
	char answer[32];

	fflush(run->out.file);
	fprintf(stderr, "%s [y/N] ", question);
	if (!fgets(answer, sizeof answer, stdin))
		return false;
	return ascii_lower(answer[0]) == 'y';
}
