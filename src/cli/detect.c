#include "cli/commands.h"
#include "cli/jails.h"
#include "cli/logs.h"
#include "cli/record.h"
#include "cli/summary.h"
#include "cli/workplace.h"
#include "incident/classify.h"
#include "os/notify.h"
#include "pipeline/watch.h"

static const struct option OPTIONS[] = {
	{ "events", 0, OPTION_FLAG, NULL, "print each event instead of incidents" },
	{ "follow", 'f', OPTION_FLAG, NULL,
	  "print each event as it comes, from now on" },
	{ "rules", 0, OPTION_LIST, "RULE", "use this rule (a name or a file) only" },
	{ "threads", 0, OPTION_TEXT, "N",
	  "look at lines with N threads; the result is the same" },
	JAILS_OPTION,
	JOURNAL_OPTION,
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
		print_json_next(&run->out, &out);
		arena_reset(arena);
	}
	print_json_rest(&run->out, &out);
	crowds_json(run, table, &out);
	buffer_clear(&out);
	arena_free(arena);
}

static int pass_do(struct run *run, struct workplace *workplace,
		   struct input_files *files)
{
	struct telling telling = { .run = run };
	struct incident_table_options options = { .settings = &run->settings,
						  .own = workplace->own,
						  .site = S(""),
						  .bare = !run->json };
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

/* Following: what the logs hold so far is read for what it leaves behind for later lines,
 * and not told.                                                                         */
struct following {
	struct telling telling;
	bool rested;
};

static void followed_event(void *context, const struct event *event)
{
	struct following *following = context;

	if (!following->rested)
		return;
	if (following->telling.run->json)
		event_json(&following->telling, event);
	else
		event_text(&following->telling, event);
}

static void followed_read(void *context, const struct pass_counts *counts)
{
	struct following *following = context;

	(void)counts;
	fflush(following->telling.run->out.file);
}

static void followed_rests(void *context)
{
	struct following *following = context;

	if (!following->rested)
		notify(S("READY=1"));
	following->rested = true;
}

static void followed_trouble(void *context, struct slice text)
{
	(void)context;
	command_problem(text);
}

static int follow_with(struct run *run, struct workplace *workplace, struct loop *loop)
{
	const struct slices *names =
		run->arguments.count ? &run->arguments : &run->settings.logs;
	const char **texts = ARENA_ARRAY(run->arena, const char *, names->count);
	struct following following = { .telling = { .run = run } };
	struct watch_options options = {
		.loop = loop,
		.pass = { .settings = &run->settings,
			  .clock = &run->clock,
			  .rules = workplace->rules,
			  .zone = workplace->zone,
			  .db = workplace->db },
		.own = workplace->own,
		.names = texts,
		.count = names->count,
		.listener = { .context = &following,
			      .event = followed_event,
			      .read = followed_read,
			      .rests = followed_rests,
			      .trouble = followed_trouble },
	};
	struct watch *watch;
	int result;

	for (size_t i = 0; i < names->count; i++)
		texts[i] = arena_cstr(run->arena, names->at[i]);
	buffer_init(&following.telling.out, 1 << 20);
	watch = watch_new(&options);
	result = watch_run(watch, &run->err);
	watch_free(watch);
	buffer_clear(&following.telling.out);
	return result;
}

/* Until a signal ends it: nothing has to be put in order. */
static int follow_do(struct run *run, struct workplace *workplace)
{
	struct loop *loop;
	int result;

	for (size_t i = 0; i < run->arguments.count; i++)
		if (slice_equal(run->arguments.at[i], S("-")))
			return error_set(
				&run->err, ERROR_REFUSED,
				"--follow follows files: 'detect --events -' reads "
				"standard input");
	/* positions of this run alone */
	workplace->db = db_open_memory(&run->clock, &run->err);
	loop = workplace->db ? loop_new(&run->err) : NULL;
	if (!loop)
		return -1;
	result = follow_with(run, workplace, loop);
	loop_free(loop);
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
	if (run_flag(run, "follow")) {
		code = follow_do(run, &workplace) == 0 ? 0 : command_fail(run);
		workplace_close(&workplace);
		return code;
	}
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
		"verdict, or with --events every single event. Nothing is kept but the rules as\n"
		"they were compiled ([logs] keep-compiled), and nobody is asked: the same logs\n"
		"always give the same output, and a copy counts again.\n"
		"With --fail2ban the logs of the enabled jails are read by their own filters.\n\n"
		"With --follow it goes on, over every rotation, until it is ended.",
	.options = OPTIONS,
	.run = detect_command,
};
