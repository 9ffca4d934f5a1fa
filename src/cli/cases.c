#include "cli/commands.h"
#include "cli/queue.h"
#include "cli/summary.h"

#include <inttypes.h>

static const struct option OPTIONS[] = {
	{ "all", 'a', OPTION_FLAG, NULL, "closed ones too" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static int case_row(struct run *run, struct db *db, struct table *table,
		    const struct kase *kase)
{
	struct time_text window = time_format(kase->window_start, TIME_MEMO);
	struct stored_reports reports = { 0 };
	int64_t incidents = 0;
	struct slice id = slice_of(kase->id);
	enum colour colour = kase->state == CASE_OPEN ? COLOUR_YELLOW : COLOUR_NONE;

	if (case_store_count(db, id, &incidents, &run->err) != 0 ||
	    report_store_current(db, run->arena, id, &reports, &run->err) != 0)
		return -1;
	table_add(table, id, COLOUR_STRONG);
	table_add(table, slice_of(case_state_name(kase->state)), colour);
	table_add(table, arena_printf(run->arena, "%.16s", window.text), COLOUR_NONE);
	table_add(table, arena_printf(run->arena, "%" PRId64, incidents), COLOUR_NONE);
	table_add(table, kase->contact.len ? kase->contact : S("nobody to tell"),
		  COLOUR_NONE);
	table_add(table, reports.count ? reports.at[0].subject : kase->networks,
		  COLOUR_NONE);
	return 0;
}

static int cases_print(struct run *run, struct db *db)
{
	static const char *const titles[] = { "CASE",      "STATE",   "SINCE (UTC)",
					      "INCIDENTS", "CONTACT", "SUBJECT" };
	struct kases kases = { 0 };
	struct table table;

	if (case_store_list(db, run->arena, run_flag(run, "all"), &kases, &run->err) !=
	    0)
		return -1;
	table_init(&table, run->arena, titles, COUNT_OF(titles));
	table.right[3] = true;
	for (size_t i = 0; i < kases.count; i++)
		if ((run->json ? case_print_json(run, db, &kases.at[i])
			       : case_row(run, db, &table, &kases.at[i])) != 0)
			return -1;
	if (!run->json && kases.count)
		table_print(&table, &run->out);
	if (!run->json && !kases.count)
		print_text(
			&run->out,
			"No cases. 'tipoff draft' reads your logs and makes them.\n");
	return 0;
}

static int cases_command(struct run *run)
{
	struct workplace workplace;
	int code = 0;

	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	if (cases_print(run, workplace.db) != 0)
		code = command_fail(run);
	workplace_close(&workplace);
	return code;
}

const struct command command_cases = {
	.name = "cases",
	.arguments = "",
	.summary = "list the cases: what waits for you, what was sent",
	.about =
		"A case is what one contact is to be told in one window of time. Lists those that\n"
		"are open, approved or sent; with --all also those that are closed.",
	.options = OPTIONS,
	.needs = NEEDS_NO_ARGUMENT,
	.run = cases_command,
};
