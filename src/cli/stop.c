#include "cli/commands.h"
#include "cli/queue.h"
#include "contact/suppression.h"

static const struct option OPTIONS[] = {
	{ "reason", 'r', OPTION_TEXT, "TEXT", "why, in your words" },
	{ "undo", 0, OPTION_FLAG, NULL, "take them off the list" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static void row_print(struct run *run, const struct suppression *row)
{
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 1 << 16);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "stop");
	json_put_string(&writer, "scope", row->scope);
	json_put_string(&writer, "key", row->key);
	json_put_optional(&writer, "reason", row->reason);
	json_put_time(&writer, "at", row->at);
	json_object_end(&writer);
	print_json(&run->out, &out);
	buffer_clear(&out);
}

static int stops_list(struct run *run, struct db *db)
{
	static const char *const titles[] = { "SINCE", "WHAT", "KEY", "REASON" };
	struct suppressions rows = { 0 };
	struct table table;

	if (suppression_list(db, run->arena, &rows, &run->err) != 0)
		return -1;
	table_init(&table, run->arena, titles, COUNT_OF(titles));
	for (size_t i = 0; i < rows.count; i++) {
		struct time_text since = time_format(rows.at[i].at, TIME_DATE);

		if (run->json) {
			row_print(run, &rows.at[i]);
			continue;
		}
		table_add(&table, arena_copy(run->arena, slice_of(since.text)),
			  COLOUR_NONE);
		table_add(&table, rows.at[i].scope, COLOUR_NONE);
		table_add(&table, rows.at[i].key, COLOUR_NONE);
		table_add(&table, rows.at[i].reason, COLOUR_NONE);
	}
	if (!run->json && rows.count)
		table_print(&table, &run->out);
	if (!run->json && !rows.count)
		print_text(&run->out, "Nobody is on the stop list.\n");
	return 0;
}

static int stop_one(struct run *run, struct db *db, struct slice key)
{
	bool undo = run_flag(run, "undo");
	struct suppression row;

	if (suppression_scope(run->arena, key, &row, &run->err) != 0)
		return -1;
	row.reason = run_text(run, "reason");
	row.at = clock_now(&run->clock);
	if ((undo ? suppression_remove(db, &row, &run->err)
		  : suppression_add(db, &row, &run->err)) != 0)
		return -1;
	if (run->json && !undo) {
		row_print(run, &row);
	} else if (!run->json) {
		print_text(&run->out, "%s ",
			   undo ? "May be mailed again:" : "Never mailed again:");
		print_slice(&run->out, row.key);
		print_text(&run->out, "\n");
	}
	return audit_add(db, row.at, undo ? "stop undone" : "stop", row.key, row.reason,
			 &run->err);
}

static int stops_change(struct run *run, struct db *db)
{
	if (db_begin(db, &run->err) != 0)
		return -1;
	for (size_t i = 0; i < run->arguments.count; i++)
		if (stop_one(run, db, run->arguments.at[i]) != 0)
			return -1;
	return db_commit(db, &run->err);
}

static int stop_command(struct run *run)
{
	struct workplace workplace;
	int code = 0;

	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	if ((run->arguments.count ? stops_change : stops_list)(run, workplace.db) != 0)
		code = command_fail(run);
	workplace_close(&workplace);
	return code;
}

const struct command command_stop = {
	.name = "stop",
	.arguments = "[ADDRESS|DOMAIN|NETWORK...]",
	.summary = "never mail these again; without an argument, list them",
	.about =
		"Puts mail addresses, domains (with all below them) or networks on the stop list.\n"
		"It is honoured at once and everywhere: no report is drafted or sent to them, not\n"
		"even one that is approved already.",
	.options = OPTIONS,
	.run = stop_command,
};
