#include "cli/commands.h"
#include "cli/jails.h"
#include "cli/rule_frame.h"
#include "cli/rule_log.h"
#include "cli/rule_test.h"
#include "cli/workplace.h"

#include <sysexits.h>
#include <unistd.h>

#define FAIL2BAN_FILTERS "/etc/fail2ban/filter.d"

static const struct option OPTIONS[] = {
	{ "samples", 0, OPTION_FLAG, NULL, "test the rules on their own samples" },
	{ "frame", 0, OPTION_FLAG, NULL, "try to make the rules name an innocent" },
	{ "log", 0, OPTION_TEXT, "LOG", "with --frame: lines to try on filters" },
	{ "rules", 0, OPTION_LIST, "RULE", "only this rule (a name or a file)" },
	{ "matched", 0, OPTION_FLAG, NULL, "print every line that matched" },
	{ "missed", 0, OPTION_FLAG, NULL, "print every line that did not" },
	{ "ignored", 0, OPTION_FLAG, NULL,
	  "print every line that was ignored or no failure" },
	{ "output", 'o', OPTION_TEXT, "TOKEN",
	  "only the matches: row, id, ip, msg, time, a group, a text with <tags>" },
	{ "datepattern", 'd', OPTION_TEXT, "PATTERN", "read times by this pattern" },
	{ "maxlines", 0, OPTION_TEXT, "NUMBER", "match over that many lines" },
	{ "ignoreregex", 0, OPTION_LIST, "EXPRESSION", "ignore what this matches" },
	JAILS_OPTION,
	{ "names", 0, OPTION_FLAG, NULL, "<HOST> may be a name, not only an address" },
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

static int rules_list(struct run *run, const struct workplace *workplace)
{
	const struct rules *rules = workplace->rules;
	static const char *const titles[] = { "RULE", "MAKES",   "SERVICE",
					      "PORT", "SAMPLES", "WHAT IT READS" };
	struct table table;

	if (workplace->jails) {
		jails_print(run, workplace->jails);
		return 0;
	}
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

static void undefined_notice(struct run *run, const struct filter *filter)
{
	for (size_t i = 0; i < filter->failregex.count; i++) {
		struct slice expression = filter->failregex.at[i];

		if (filter_is_undefined(expression))
			command_notice(run,
				       "rule '" SLICE_FMT
				       "': nothing defines " SLICE_FMT
				       ": is a parameter misspelt?",
				       SLICE_ARG(filter->name), SLICE_ARG(expression));
	}
}

/* A file of jails looks like one of filters, and finds nothing in any log. */
static void empty_notice(struct run *run, const struct filters *filters)
{
	for (size_t i = 0; i < filters->count; i++) {
		const struct filter *filter = &filters->at[i];

		undefined_notice(run, filter);
		if (!filter->failregex.count)
			command_notice(run,
				       "rule '" SLICE_FMT
				       "' holds no failregex: is it a filter?",
				       SLICE_ARG(filter->name));
	}
}

/* What no name of a filter holds; its parameters end with a ']'. */
static bool is_expression(struct slice rule)
{
	ptrdiff_t open = slice_find_byte(rule, '[');
	struct slice name = slice_cut(rule, 0, open < 0 ? rule.len : (size_t)open);

	for (size_t i = 0; i < name.len; i++) {
		if (!ascii_is_alnum(name.at[i]) &&
		    slice_find_byte(S("._-/~+,@ "), name.at[i]) < 0)
			return true;
	}
	if (open < 0 || slice_find_byte(rule, ']') < 0)
		return false;
	return open == 0 || !slice_ends(slice_trim(rule), S("]"));
}

/* rules test --frame [RULE...] */
static int frame_test(struct run *run, const struct workplace *workplace)
{
	struct slices names = { run->arguments.at + 1, run->arguments.count - 1, 0 };

	return rules_frame_test(run, workplace, names, run_text(run, "log"));
}

static int jails_get(struct run *run, struct filters *filters)
{
	struct jails jails;
	struct slices named = run_list(run, "rules");

	if (jails_open(run, &jails, &run->err) != 0)
		return -1;
	return jails_filters(run, &jails, named.count ? named.at[0] : S(""), filters,
			     &run->err);
}

/* A name is one of our rules; fail2ban's filter of that name is not far. */
static int filters_named(struct run *run, const struct rules_options *options,
			 struct filters *filters)
{
	struct slice name = options->count == 1 ? options->names[0] : S("");
	ptrdiff_t open = slice_find_byte(name, '[');
	struct slice path = arena_printf(
		run->arena, FAIL2BAN_FILTERS "/" SLICE_FMT ".conf",
		SLICE_ARG(slice_cut(name, 0, open < 0 ? name.len : (size_t)open)));

	if (filters_load(run->arena, options, filters, &run->err) == 0)
		return 0;
	if (run->err.kind != ERROR_NOT_FOUND || name.len == 0 ||
	    slice_find_byte(name, '/') >= 0 ||
	    access(arena_cstr(run->arena, path), R_OK) != 0)
		return -1;
	return error_set(&run->err, ERROR_NOT_FOUND,
			 "no rule '" SLICE_FMT "': fail2ban's is '" SLICE_FMT "'",
			 SLICE_ARG(name), SLICE_ARG(path));
}

static int filters_get(struct run *run, struct filters *filters)
{
	struct rules_options options = run_rules(run);
	struct filter *filter;

	if (jails_wanted(run))
		return jails_get(run, filters);
	options.usedns_raw_names = run_flag(run, "names");
	if (options.count != 1 || !is_expression(options.names[0]))
		return filters_named(run, &options, filters);
	filter = LIST_ADD(run->arena, filters);
	*filter = (struct filter){ .name = S("expression"),
				   .path = S("argument"),
				   .maxlines = 1,
				   .source_may_be_name = options.usedns_raw_names };
	*LIST_ADD(run->arena, &filter->failregex) = options.names[0];
	return 0;
}

static int filters_adjust(struct run *run, struct filters *filters)
{
	struct slice maxlines = run_text(run, "maxlines");
	struct slices ignored = run_list(run, "ignoreregex");
	uint64_t lines = 0;

	if (maxlines.len && (slice_to_u64(maxlines, 100, &lines) != 0 || lines == 0))
		return error_set(&run->err, ERROR_SYNTAX,
				 "'" SLICE_FMT "' is no number of lines from 1 to 100",
				 SLICE_ARG(maxlines));
	for (size_t i = 0; i < filters->count; i++) {
		struct filter *filter = &filters->at[i];

		if (run_given(run, "datepattern"))
			filter->datepattern = run_text(run, "datepattern");
		if (lines > 0)
			filter->maxlines = (unsigned)lines;
		for (size_t j = 0; j < ignored.count; j++)
			*LIST_ADD(run->arena, &filter->ignoreregex) = ignored.at[j];
	}
	return 0;
}

static int zone_get(struct run *run, struct zone **zone)
{
	*zone = zone_open(run->settings.zone, &run->err);
	return *zone ? 0 : run_setting_wrong(run, &run->err);
}

/* rules test LOG RULE, in fail2ban-regex's order of arguments; LOG may be a line. */
static int log_test(struct run *run)
{
	struct filters filters = { 0 };
	struct zone *zone = NULL;
	struct rules *rules = NULL;
	int code;

	if (filters_get(run, &filters) == 0 && filters_adjust(run, &filters) == 0 &&
	    zone_get(run, &zone) == 0)
		rules = rules_new(filters.at, filters.count, &run->err);
	if (rules) {
		const struct rule_log log = { run, &filters, rules, zone };

		empty_notice(run, &filters);
		code = rule_log_test(&log, run->arguments.at[1]);
	} else {
		code = command_fail(run);
	}
	rules_free(rules);
	zone_free(zone);
	return code;
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
	struct slice verb;
	static const struct option rule_option = { "rules", 0, OPTION_LIST, "RULE",
						   "" };

	jails_folder_take(run);
	verb = run->arguments.count ? run->arguments.at[0] : S("");
	if (slice_equal(verb, S("list")) && run->arguments.count == 1)
		return verb_run(run, rules_list);
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
	return log_test(run);
}

const struct command command_rules = {
	.name = "rules",
	.arguments = "list | test LOG [RULE] | test --samples|--frame",
	.summary = "what rules are loaded; test a rule or a fail2ban filter on a log",
	.about =
		"'list' prints the rules. 'test LOG RULE' tells what a rule (a name, or the\n"
		"path of any fail2ban filter, with parameters as in 'sshd[mode=aggressive]', or\n"
		"an expression with <HOST> in it) finds in a log: what matched, by which\n"
		"expression, with which source and time, how times were read, and with --missed\n"
		"what did not match. A LOG that is no file is taken as the lines themselves.\n"
		"--output prints the matches alone, as fail2ban-regex does. 'test --samples'\n"
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
