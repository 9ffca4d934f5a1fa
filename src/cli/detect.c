#include "cli/commands.h"
#include "cli/jails.h"
#include "cli/record.h"
#include "cli/summary.h"
#include "cli/workplace.h"
#include "incident/classify.h"
#include "pipeline/pass.h"

static const struct option OPTIONS[] = {
	{ "events", 0, OPTION_FLAG, NULL, "print each event instead of incidents" },
	{ "rules", 0, OPTION_LIST, "RULE", "use this rule (a name or a file) only" },
	{ "threads", 0, OPTION_TEXT, "N",
	  "look at lines with N threads; the result is the same" },
	JAILS_OPTION,
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

struct telling {
	struct run *run;
	struct buffer out;
};

static void event_json(void *context, const struct event *event)
{
	struct telling *telling = context;
	struct json_writer writer;

	json_writer_init(&writer, &telling->out);
	record_event(&writer, event);
	print_json(&telling->run->out, &telling->out);
}

static void event_text(void *context, const struct event *event)
{
	struct telling *telling = context;
	struct printer *out = &telling->run->out;
	struct time_text at = time_format(event->at, TIME_MEMO);
	struct address_text source = address_format(&event->source);

	print_text(out, "%s  %-15s  %s  %-15s  ", at.text,
		   event_is_block(event) ? "-" : category_name(event->category),
		   outcome_name(event->outcome),
		   event->contested ? "contested" : source.text);
	if (!event->contested && event->source.family == FAMILY_NONE)
		print_slice(out, event->source_name);
	print_text(out, "  ");
	print_slice(out, event->rule);
	print_text(out, "  ");
	print_slice(out, event->line.file);
	print_text(out, ":%llu%s%s\n", (unsigned long long)event->line.number,
		   event->doubt ? "  " : "", doubt_words(event->doubt));
}

static void crowds_json(struct run *run, const struct incident_table *table,
			struct buffer *out)
{
	const struct crowd *crowds[CROWDS_SHOWN];
	size_t count = crowds_greatest(incidents_crowds(table), CROWD_MIN, crowds,
				       CROWDS_SHOWN);
	struct json_writer writer;

	for (size_t i = 0; i < count; i++) {
		json_writer_init(&writer, out);
		record_crowd(&writer, crowds[i]);
		print_json(&run->out, out);
	}
}

static void incidents_json(struct run *run, struct incident_table *table)
{
	struct arena *arena = arena_new();
	struct json_writer writer;
	struct incident incident;
	struct buffer out;
	size_t place = 0;

	buffer_init(&out, 64 << 20);
	while (incidents_next(table, &place, arena, &incident)) {
		incident_judge(arena, &incident, &run->settings,
			       clock_now(&run->clock));
		json_writer_init(&writer, &out);
		record_incident(&writer, arena, &incident);
		print_json(&run->out, &out);
		arena_reset(arena);
	}
	crowds_json(run, table, &out);
	buffer_clear(&out);
	arena_free(arena);
}

static int pass_do(struct run *run, struct workplace *workplace,
		   struct input_files *files)
{
	struct telling telling = { .run = run };
	struct incident_table_options options = { &run->settings, workplace->own, S(""),
						  NULL };
	struct pass pass = {
		.settings = &run->settings,
		.clock = &run->clock,
		.only_rules = run_list(run, "rules").count > 0 || workplace->jails,
		.zone = workplace->zone,
		.table = incidents_new(&options),
		.context = &telling,
	};
	struct pass_counts counts = { 0 };
	int result;

	buffer_init(&telling.out, 1 << 20);
	if (run_flag(run, "events"))
		pass.event = run->json ? event_json : event_text;
	result = logs_pass(run, workplace, &pass, files, &counts, &run->err);
	if (result == 0 && !run_flag(run, "events")) {
		if (run->json) {
			incidents_json(run, pass.table);
		} else {
			detected_print(run, pass.table);
			detected_summary(run, &counts, incidents_count(pass.table));
			detected_crowds(run, pass.table);
		}
	}
	buffer_clear(&telling.out);
	incidents_free(pass.table);
	return result;
}

static int detect_command(struct run *run)
{
	struct workplace workplace;
	struct input_files files = { 0 };
	int code;

	if (workplace_open(&workplace, run, WORKPLACE_OWN | WORKPLACE_RULES,
			   &run->err) != 0)
		return command_fail(run);
	code = pass_do(run, &workplace, &files) == 0 ? problems_exit(run, &files)
						     : command_fail(run);
	problems_print(run, &files);
	workplace_close(&workplace);
	return code;
}

const struct command command_detect = {
	.name = "detect",
	.arguments = "[LOG...]",
	.summary = "show the attacks in logs: no look-up, no store, no network",
	.about =
		"Reads logs as 'draft' does and prints the incidents in them with a provisional\n"
		"verdict, or with --events every single event. Nothing is kept and nobody is\n"
		"asked: the same logs always give the same output, and a copy counts again.\n"
		"With --fail2ban the logs of the enabled jails are read by their own filters.",
	.options = OPTIONS,
	.run = detect_command,
};
