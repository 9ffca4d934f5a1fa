#include "case/store.h"
#include "cli/commands.h"
#include "cli/policy.h"
#include "cli/review.h"
#include "cli/workplace.h"
#include "pipeline/send.h"

static const struct option OPTIONS[] = {
	{ "all", 'a', OPTION_FLAG, NULL, "what was sent or withdrawn too" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static bool is_shown(const struct run *run, const struct outbox_row *row)
{
	if (run_flag(run, "all"))
		return true;
	if (row->state == DELIVERY_SENT || row->state == DELIVERY_WITHDRAWN)
		return false;
	return row->is_current || row->state == DELIVERY_IN_DOUBT ||
	       row->state == DELIVERY_TO_FILL;
}

/* Why it waits now, not why it waited when somebody last tried. */
static int row_look(struct run *run, const struct send *send, struct outbox_row *row)
{
	if (row->state != DELIVERY_READY && row->state != DELIVERY_DEFERRED)
		return 0;
	if (send_ask(send, run->arena, row, &run->err) != 0)
		return -1;
	if (row->state != DELIVERY_SENDING)
		return 0;
	row->state = DELIVERY_READY;
	row->answer = row->is_form
			      ? S("is yours to fill in with the next 'tipoff send'")
			      : S("leaves with the next 'tipoff send'");
	return 0;
}

static void row_add(struct run *run, struct table *table, const struct outbox_row *row)
{
	struct slice until = S("");

	if (row->until && row->state == DELIVERY_DEFERRED)
		until = arena_copy(run->arena,
				   slice_of(time_format(row->until, TIME_MINUTE).text));
	table_add(table, row->token, COLOUR_STRONG);
	table_add(table, row->kase, COLOUR_NONE);
	table_add(table, slice_of(delivery_state_name(row->state)),
		  review_state_colour(row->state));
	table_add(table, until, COLOUR_NONE);
	table_add(table, row->recipients.count ? row->recipients.at[0] : S(""),
		  COLOUR_NONE);
	table_add(table, row->answer, COLOUR_NONE);
}

static int queue_print(struct run *run, const struct send *send)
{
	static const char *const titles[] = { "REPORT", "CASE", "STATE",
					      "UNTIL",  "TO",   "WHY" };
	struct outbox_rows rows = { 0 };
	struct table table;
	size_t shown = 0;

	if (outbox_list(send->db, run->arena, S(""), &rows, &run->err) != 0)
		return -1;
	table_init(&table, run->arena, titles, COUNT_OF(titles));
	for (size_t i = 0; i < rows.count; i++) {
		struct outbox_row *row = &rows.at[i];

		if (!is_shown(run, row))
			continue;
		if (row_look(run, send, row) != 0)
			return -1;
		shown++;
		if (run->json)
			review_print_delivery(run, row);
		else
			row_add(run, &table, row);
	}
	if (run->json)
		return 0;
	if (shown)
		table_print(&table, &run->out);
	else
		print_text(&run->out, "Nothing waits to be sent.\n");
	return 0;
}

static int drafts_count(struct run *run, struct db *db)
{
	struct kases kases = { 0 };
	size_t open = 0;

	if (run->json)
		return 0;
	if (case_store_list(db, run->arena, false, &kases, &run->err) != 0)
		return -1;
	for (size_t i = 0; i < kases.count; i++)
		open += kases.at[i].state == CASE_OPEN && kases.at[i].contact.len;
	if (open)
		print_text(&run->out,
			   "%zu case%s wait%s for your approval: 'tipoff cases'.\n",
			   open, open == 1 ? "" : "s", open == 1 ? "s" : "");
	return 0;
}

static int queue_command(struct run *run)
{
	struct send send = { .settings = &run->settings,
			     .clock = &run->clock,
			     .offline = run->offline };
	struct workplace workplace;
	int code = 0;

	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	send.db = workplace.db;
	if (run_policy(run, &send.policy, &run->err) != 0 ||
	    queue_print(run, &send) != 0 || drafts_count(run, workplace.db) != 0)
		code = command_fail(run);
	workplace_close(&workplace);
	return code;
}

const struct command command_queue = {
	.name = "queue",
	.arguments = "",
	.summary = "what is approved and waits, why, and until when",
	.about =
		"Lists every approved message that has not left, or of which nobody knows, with\n"
		"what keeps it: the caps, the hours of [send] window, the other side's words, the\n"
		"stop list, you where a web form is to be filled in. Changes nothing.",
	.options = OPTIONS,
	.needs = NEEDS_NO_ARGUMENT,
	.run = queue_command,
};
