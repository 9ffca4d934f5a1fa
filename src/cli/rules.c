#include "cli/commands.h"
#include "cli/rule_frame.h"
#include "cli/rule_test.h"
#include "cli/workplace.h"

#include <sysexits.h>

static const struct option OPTIONS[] = {
	{ "samples", 0, OPTION_FLAG, NULL, "test the rules on their own samples" },
	{ "frame", 0, OPTION_FLAG, NULL, "try to make the rules name an innocent" },
	{ "log", 0, OPTION_TEXT, "LOG", "with --frame: lines to try on filters" },
	{ "rules", 0, OPTION_LIST, "RULE", "only this rule (a name or a file)" },
	{ "matched", 0, OPTION_FLAG, NULL, "print every line that matched" },
	{ "missed", 0, OPTION_FLAG, NULL, "print every line that did not" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static void rule_json(struct run *run, const struct rule *rule)
{
	const struct rule_report *report = rule_report(rule);
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 1 << 20);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "rule");
	json_put_string(&writer, "name", report->name);
	json_put_string(&writer, "path", report->path);
	json_put_optional(&writer, "description", report->description);
	json_put_text(&writer, "category", category_name(report->category));
	json_put_string(&writer, "service", report->service);
	json_put_int(&writer, "port", report->port);
	json_put_text(&writer, "protocol", protocol_name(report->protocol));
	json_put_bool(&writer, "handshake", report->handshake);
	json_put_int(&writer, "samples", (int64_t)rule_sample_count(rule));
	json_object_end(&writer);
	print_json(&run->out, &out);
	buffer_clear(&out);
}

static void rule_row(struct run *run, struct table *table, const struct rule *rule)
{
	const struct rule_report *report = rule_report(rule);
	struct slice port = S("");

	if (report->port)
		port = arena_printf(run->arena, "%u/%s", report->port,
				    protocol_name(report->protocol));
	table_add(table, report->name, COLOUR_STRONG);
	table_add(table,
		  report->outcome == OUTCOME_SUCCESS
			  ? S("success")
			  : slice_of(category_name(report->category)),
		  COLOUR_NONE);
	table_add(table, report->service, COLOUR_NONE);
	table_add(table, port, COLOUR_NONE);
	table_add(table, arena_printf(run->arena, "%zu", rule_sample_count(rule)),
		  COLOUR_NONE);
	table_add(table, report->description, COLOUR_NONE);
}

static int rules_list(struct run *run, const struct rules *rules)
{
	static const char *const titles[] = { "RULE", "MAKES",   "SERVICE",
					      "PORT", "SAMPLES", "WHAT IT READS" };
	struct table table;

	table_init(&table, run->arena, titles, COUNT_OF(titles));
	table.right[4] = true;
	for (size_t i = 0; i < rules_count(rules); i++) {
		if (run->json)
			rule_json(run, rules_at(rules, i));
		else
			rule_row(run, &table, rules_at(rules, i));
	}
	if (!run->json)
		table_print(&table, &run->out);
	return 0;
}

static int samples_test(struct run *run, const struct workplace *workplace)
{
	struct rule_tally tally = { 0 };

	for (size_t i = 0; i < rules_count(workplace->rules); i++)
		rule_samples_test(run, rules_at(workplace->rules, i), workplace,
				  &tally);
	print_text(&run->out, "%zu samples right, %zu wrong\n", tally.right,
		   tally.wrong);
	return tally.wrong ? EX_DATAERR : 0;
}

/* A file of jails looks like one of filters, and finds nothing in any log. */
static void empty_notice(struct run *run, const struct rules *rules)
{
	for (size_t i = 0; i < rules_count(rules); i++) {
		const struct rule *rule = rules_at(rules, i);

		if (!rule_expression_count(rule))
			command_notice(run,
				       "rule '" SLICE_FMT
				       "' holds no failregex: is it a filter?",
				       SLICE_ARG(rule_report(rule)->name));
	}
}

/* rules test LOG RULE, in fail2ban-regex's order of arguments; LOG may be a line. */
static int log_test(struct run *run, const struct workplace *workplace)
{
	empty_notice(run, workplace->rules);
	return log_lines_test(run, workplace, run->arguments.at[1]);
}

/* rules test --frame [RULE...] */
static int frame_test(struct run *run, const struct workplace *workplace)
{
	struct slices names = { run->arguments.at + 1, run->arguments.count - 1, 0 };

	return rules_frame_test(run, workplace, names, run_text(run, "log"));
}

static int list_verb(struct run *run, const struct workplace *workplace)
{
	return rules_list(run, workplace->rules);
}

static int verb_run(struct run *run,
		    int (*verb)(struct run *, const struct workplace *))
{
	struct workplace workplace;
	int code;

	if (workplace_open(&workplace, run, WORKPLACE_RULES, &run->err) != 0)
		return command_fail(run);
	code = verb(run, &workplace);
	workplace_close(&workplace);
	return code;
}

static int rules_command(struct run *run)
{
	struct slice verb = run->arguments.at[0];
	static const struct option rule_option = { "rules", 0, OPTION_LIST, "RULE",
						   "" };

	if (slice_equal(verb, S("list")) && run->arguments.count == 1)
		return verb_run(run, list_verb);
	if (!slice_equal(verb, S("test")))
		return command_usage(run, "'rules' needs one of: list, test");
	if (run_flag(run, "frame"))
		return verb_run(run, frame_test);
	if (run_flag(run, "samples") && run->arguments.count == 1)
		return verb_run(run, samples_test);
	if (run->arguments.count < 2 || run->arguments.count > 3)
		return command_usage(run,
				     "'rules test' needs a log (or a line) and a rule");
	if (run->arguments.count == 3 && run->value_count < RUN_OPTIONS_MAX)
		run->values[run->value_count++] =
			(struct run_value){ &rule_option, run->arguments.at[2] };
	return verb_run(run, log_test);
}

const struct command command_rules = {
	.name = "rules",
	.arguments = "list | test LOG [RULE] | test --samples|--frame",
	.summary = "what rules are loaded; test a rule or a fail2ban filter on a log",
	.about =
		"'list' prints the rules. 'test LOG RULE' tells what a rule (a name, or the\n"
		"path of any fail2ban filter, with parameters as in 'sshd[mode=aggressive]')\n"
		"finds in a log: what matched, with which source and time, and with --missed\n"
		"what did not. A LOG that is no file is taken as one line. 'test --samples'\n"
		"runs every rule over its own samples.\n"
		"\n"
		"'test --frame' tries to make each rule (a name, or the path of a filter; all\n"
		"without one) name an innocent. What of a line that the rule reads a peer may\n"
		"choose is found by putting other words there; each such field is then filled\n"
		"with hostile strings, with parts of the line itself and with parts of other\n"
		"rules' samples, all with an innocent's address in them. The lines are read by\n"
		"the rule alone and by all rules together. A rule frames, and the exit status\n"
		"is 65, where a source comes out that is not the true one. Filters without\n"
		"[Samples] take the first 100 lines of --log LOG that they read.",
	.options = OPTIONS,
	.needs = NEEDS_ARGUMENT,
	.run = rules_command,
};
