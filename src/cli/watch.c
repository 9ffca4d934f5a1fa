#include "cli/commands.h"
#include "cli/logs.h"
#include "cli/record.h"
#include "cli/watch_parts.h"
#include "cli/workplace.h"
#include "case/store.h"
#include "os/loop_signal.h"
#include "os/notify.h"
#include "pipeline/journal.h"

#include <inttypes.h>
#include <signal.h>

static const struct option OPTIONS[] = {
	{ "draft-every", 0, OPTION_TEXT, "TIME",
	  "make drafts so often (1 h); 0 is never" },
	{ "summary-every", 0, OPTION_TEXT, "TIME",
	  "say what was read so often (1 h); 0 is never" },
	{ "journal", 0, OPTION_TEXT, "PLACE",
	  "follow the journal: system, or a folder of journal files" },
	{ "match", 0, OPTION_LIST, "FIELD=VALUE",
	  "of the journal only these entries, as in journalctl(1)" },
	{ "syslog", 0, OPTION_LIST, "PLACE",
	  "take messages at udp:ADDRESS:PORT, tcp:ADDRESS:PORT, unix:PATH or "
	  "unix-stream:PATH" },
	{ "rules", 0, OPTION_LIST, "RULE", "use this rule (a name or a file) only" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

enum { CLEAN_MS = 10000 };

/* One life of the command: configurations come and go in it. */
struct watching {
	struct run *run;
	struct workplace workplace;
	struct slice store;
	struct loop *loop;
	struct watch *watch;
	struct follow *follow; /* between two watches                            */
	struct watch_drafts *drafts;
	struct watch_intake *intake;
	struct watch_journal *journal;
	struct slices intake_syslog, intake_senders; /* what it was opened with  */
	struct loop_timer *summary, *clean;
	uint64_t refused_told;
	struct pass_counts since; /* since the last summary                      */
	uint64_t lines, events; /* in all                                      */
	uint64_t told_lines;
	bool rested, reload, stop;
	bool takes_input, is_input_alone, input_ended;
};

static void watch_stop_all(struct watching *watching)
{
	watching->stop = true;
	if (watching->watch)
		watch_stop(watching->watch);
}

/* --- what it says ------------------------------------------------------------------------------ */

static void counts_add(struct pass_counts *to, const struct pass_counts *from)
{
	to->lines += from->lines;
	to->bytes += from->bytes;
	to->events += from->events;
	to->contested += from->contested;
}

static void read_came(void *context, const struct pass_counts *counts)
{
	struct watching *watching = context;

	counts_add(&watching->since, counts);
	watching->lines += counts->lines;
	watching->events += counts->events;
}

/* The service manager shows it, and who waits for the end of a long log sees it. */
static void rest_came(void *context)
{
	struct watching *watching = context;
	char text[160];

	if (watching->input_ended && watching->is_input_alone)
		watch_stop_all(watching);
	if (watching->rested && watching->told_lines == watching->lines)
		return;
	watching->rested = true;
	watching->told_lines = watching->lines;
	(void)snprintf(text, sizeof text,
		       "STATUS=Everything is read: %" PRIu64 " lines, %" PRIu64
		       " attacks seen",
		       watching->lines, watching->events);
	notify(slice_of(text));
}

static void trouble_came(void *context, struct slice text)
{
	(void)context;
	command_problem(text);
}

static void alarm_json(struct run *run, const struct incident *incident)
{
	struct arena *arena = arena_new();
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 1 << 20);
	json_writer_init(&writer, &out);
	record_incident(&writer, arena, incident);
	print_json(&run->out, &out);
	buffer_clear(&out);
	arena_free(arena);
}

static void alarm_came(void *context, const struct incident *incident)
{
	struct watching *watching = context;
	struct printer *out = &watching->run->out;
	struct time_text at = time_format(incident->success_at, TIME_MEMO);
	struct arena *arena = arena_new();

	if (watching->run->json) {
		alarm_json(watching->run, incident);
	} else {
		print_colour(out, COLOUR_RED);
		print_text(out, "ALARM: a login from ");
		print_slice(out, incident_source(incident, arena));
		print_text(out, " worked after %" PRIu64 " failures, at %s",
			   incident->count, at.text);
		print_colour(out, COLOUR_NONE);
		print_text(
			out,
			". Was it you? tipoff answer %s ours; else: tipoff answer %s "
			"theirs. 'tipoff draft' says what to save first\n",
			incident->id, incident->id);
	}
	fflush(out->file);
	arena_free(arena);
}

/* Open cases, which wait for a person; none where the store cannot be asked now. */
static uint64_t cases_waiting(struct watching *watching)
{
	struct arena *arena = arena_new();
	struct kases cases = { 0 };
	struct error ignored;
	uint64_t waiting = 0;

	if (case_store_list(watching->workplace.db, arena, false, &cases, &ignored) !=
	    0)
		cases.count = 0;
	for (size_t i = 0; i < cases.count; i++)
		waiting += cases.at[i].state == CASE_OPEN;
	arena_free(arena);
	return waiting;
}

static void summary_json(struct watching *watching, int64_t at)
{
	const struct pass_counts *since = &watching->since;
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 4096);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "watched");
	json_put_time(&writer, "time", at);
	json_put_int(&writer, "lines", (int64_t)since->lines);
	json_put_int(&writer, "bytes", (int64_t)since->bytes);
	json_put_int(&writer, "events", (int64_t)since->events);
	json_put_int(&writer, "contested", (int64_t)since->contested);
	json_put_int(&writer, "cases_waiting", (int64_t)cases_waiting(watching));
	json_object_end(&writer);
	print_json(&watching->run->out, &out);
	buffer_clear(&out);
}

static void summary_text(struct watching *watching, int64_t at)
{
	const struct pass_counts *since = &watching->since;
	uint64_t waiting = cases_waiting(watching);
	struct printer *out = &watching->run->out;

	print_text(out, "%s: %" PRIu64 " line%s read, %" PRIu64 " attack%s seen",
		   time_format(at, TIME_MINUTE).text, since->lines,
		   since->lines == 1 ? "" : "s", since->events,
		   since->events == 1 ? "" : "s");
	if (waiting)
		print_text(out, ", %" PRIu64 " case%s wait%s for you: tipoff cases",
			   waiting, waiting == 1 ? "" : "s", waiting == 1 ? "s" : "");
	print_text(out, "\n");
}

static void summary_print_now(struct watching *watching)
{
	int64_t at = clock_now(&watching->run->clock);

	if (watching->run->json)
		summary_json(watching, at);
	else
		summary_text(watching, at);
	fflush(watching->run->out.file);
	watching->since = (struct pass_counts){ 0 };
}

static void summary_due(void *context)
{
	struct watching *watching = context;

	summary_print_now(watching);
	loop_timer_start(watching->summary,
			 watching->run->settings.watch_summary_us / 1000);
}

/* --- its parts ---------------------------------------------------------------------------------- */

static void signal_came(void *context, int number)
{
	struct watching *watching = context;

	if (number != SIGHUP) {
		watch_stop_all(watching);
		return;
	}
	watching->reload = true;
	if (watching->watch)
		watch_stop(watching->watch);
}

static void intake_came(void *context)
{
	struct watching *watching = context;

	if (watching->watch)
		watch_wake(watching->watch);
}

static void intake_ended(void *context)
{
	struct watching *watching = context;

	watching->input_ended = true;
	intake_came(watching);
}

/* The sockets of before stay where nothing changed: what is under way to them stays too. */
static int intake_open_again(struct watching *watching, struct error *err)
{
	const struct settings *settings = &watching->run->settings;
	struct watch_intake_options options = {
		.loop = watching->loop,
		.store = watching->store,
		.takes_input = watching->takes_input && !watching->input_ended,
		.came = intake_came,
		.input_ended = intake_ended,
		.trouble = trouble_came,
		.context = watching,
	};

	if (watching->intake &&
	    slices_equal(&settings->watch_syslog, &watching->intake_syslog) &&
	    slices_equal(&settings->watch_senders, &watching->intake_senders))
		return 0;
	watch_intake_free(watching->intake);
	watching->intake_syslog = settings->watch_syslog;
	watching->intake_senders = settings->watch_senders;
	watching->intake = watch_intake_open(&options, watching->run, err);
	return watching->intake ? 0 : -1;
}

static void clean_due(void *context)
{
	struct watching *watching = context;
	struct error err = { 0 };
	uint64_t refused = watch_intake_refused(watching->intake);

	if (watch_intake_clean(watching->intake, watching->workplace.db, &err) != 0)
		command_problem(slice_of(err.text));
	if (refused > watching->refused_told)
		command_notice(watching->run,
			       "%" PRIu64
			       " syslog messages were not taken: too long, cut "
			       "off, or from nobody whom [watch] senders names",
			       refused - watching->refused_told);
	watching->refused_told = refused;
	loop_timer_start(watching->clean, CLEAN_MS);
}

/* The logs to follow, the spool among them; without any and with other sources, none. */
static const char **names_of(struct watching *watching, size_t *count)
{
	struct run *run = watching->run;
	const char *spool = watch_intake_folder(watching->intake);
	const struct slices *names =
		run->arguments.count ? &run->arguments : &run->settings.logs;
	const char **texts = ARENA_ARRAY(run->arena, const char *, names->count + 1);
	size_t kept = 0;

	for (size_t i = 0; i < names->count; i++)
		if (!slice_equal(names->at[i], S("-")))
			texts[kept++] = arena_cstr(run->arena, names->at[i]);
	if (spool)
		texts[kept++] = spool;
	*count = kept;
	return texts;
}

/* The usual logs are meant: where syslog writes none of them, the journal tells what it
 * would. `alone`: there are no logs at all.                                             */
static struct slice usual_journal(struct run *run, bool *alone)
{
	struct input_search search = { .now = clock_now(&run->clock) };
	struct arena *arena = arena_new();
	struct input_files files;
	struct slice place;

	input_find(arena, &search, &files);
	*alone = files.count == 0 && files.unreadable == 0;
	place = logs_journal(run, &files);
	arena_free(arena);
	return place;
}

static int watch_make(struct watching *watching, struct error *err)
{
	struct run *run = watching->run;
	struct workplace *workplace = &watching->workplace;
	struct slice journal = run->settings.watch_journal;
	struct watch_options options = {
		.loop = watching->loop,
		.pass = { .settings = &run->settings,
			  .clock = &run->clock,
			  .rules = workplace->rules,
			  .zone = workplace->zone,
			  .db = workplace->db,
			  .only_rules = run_list(run, "rules").count > 0,
			  .finder = workplace->finder },
		.own = workplace->own,
		.keeps_incidents = true,
		.listener = { .context = watching,
			      .alarm = alarm_came,
			      .read = read_came,
			      .rests = rest_came,
			      .trouble = trouble_came },
	};

	options.names = names_of(watching, &options.count);
	options.no_logs = options.count == 0 && journal.len > 0;
	if (options.count == 0 && journal.len == 0)
		journal = usual_journal(run, &options.no_logs);
	options.no_logs &= journal.len > 0;
	options.follow = watching->follow;
	watching->follow = NULL;
	watching->watch = watch_new(&options);
	if (journal.len == 0)
		return 0;
	watching->journal = watch_journal_open(run, arena_cstr(run->arena, journal),
					       watching->loop, watching->watch, err);
	return watching->journal ? 0 : -1;
}

static void watch_unmake(struct watching *watching)
{
	watch_journal_free(watching->journal);
	if (watching->watch)
		watching->follow = watch_take_follow(watching->watch);
	watch_free(watching->watch);
	watching->journal = NULL;
	watching->watch = NULL;
}

/* The old configuration stays where the new one is wrong. */
static int settings_again(struct watching *watching, struct workplace *out,
			  struct error *err)
{
	struct run *run = watching->run;
	struct settings old = run->settings;

	if (watch_settings_read(run, err) == 0 &&
	    workplace_open(out, run,
			   WORKPLACE_OWN | WORKPLACE_RULES | WORKPLACE_STORE |
				   WORKPLACE_FINDER,
			   err) == 0)
		return 0;
	run->settings = old;
	return -1;
}

static void reload(struct watching *watching)
{
	struct workplace fresh;
	struct error err = { 0 };

	watching->reload = false;
	notify_reloading();
	if (settings_again(watching, &fresh, &err) == 0) {
		workplace_close(&watching->workplace);
		watching->workplace = fresh;
		command_notice(watching->run, "the configuration was read again");
	} else {
		error_prepend(&err, "the old configuration stays");
		command_problem(slice_of(err.text));
	}
}

/* Until it is to stop, or the configuration to be read again. */
static int watch_once(struct watching *watching, struct error *err)
{
	int64_t summary_us = watching->run->settings.watch_summary_us;

	watch_drafts_start(watching->drafts, watching->run);
	if (summary_us > 0)
		loop_timer_start(watching->summary, summary_us / 1000);
	notify(S("READY=1"));
	return watch_run(watching->watch, err);
}

static int watch_until_end(struct watching *watching, struct error *err)
{
	int result = 0;

	while (result == 0 && !watching->stop) {
		result = intake_open_again(watching, err);
		if (result == 0)
			result = watch_make(watching, err);
		if (result == 0)
			result = watch_once(watching, err);
		watch_unmake(watching);
		if (result == 0 && watching->reload && !watching->stop)
			reload(watching);
	}
	notify(S("STOPPING=1"));
	if (result == 0 && watching->run->settings.watch_summary_us > 0)
		summary_print_now(watching);
	return result;
}

static int run_on_loop(struct watching *watching, struct error *err)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	struct loop_signal *signals[COUNT_OF(numbers)] = { NULL };
	int result = 0;

	for (size_t i = 0; result == 0 && i < COUNT_OF(numbers); i++) {
		signals[i] = loop_signal_new(watching->loop, numbers[i], signal_came,
					     watching, err);
		result = signals[i] ? 0 : -1;
	}
	watching->summary = loop_timer_new(watching->loop, summary_due, watching);
	watching->clean = loop_timer_new(watching->loop, clean_due, watching);
	loop_timer_start(watching->clean, CLEAN_MS);
	watching->drafts = watch_drafts_new(watching->loop);
	if (result == 0)
		result = watch_until_end(watching, err);
	follow_free(watching->follow);
	watch_drafts_free(watching->drafts);
	watch_intake_free(watching->intake);
	loop_timer_free(watching->clean);
	loop_timer_free(watching->summary);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		loop_signal_free(signals[i]);
	return result;
}

static void sources_look(struct watching *watching)
{
	struct run *run = watching->run;

	for (size_t i = 0; i < run->arguments.count; i++)
		watching->takes_input |= slice_equal(run->arguments.at[i], S("-"));
	watching->is_input_alone = watching->takes_input && run->arguments.count == 1 &&
				   run->settings.watch_syslog.count == 0 &&
				   run->settings.watch_journal.len == 0 &&
				   !run_given(run, "syslog");
}

static int watch_command(struct run *run)
{
	struct watching watching = { .run = run };
	int result;

	if (watch_settings_read(run, &run->err) != 0 ||
	    run_store_path(run, &watching.store, &run->err) != 0)
		return command_fail(run);
	sources_look(&watching);
	if (workplace_open(&watching.workplace, run,
			   WORKPLACE_OWN | WORKPLACE_RULES | WORKPLACE_STORE |
				   WORKPLACE_FINDER,
			   &run->err) != 0)
		return command_fail(run);
	watching.loop = loop_new(&run->err);
	result = watching.loop ? run_on_loop(&watching, &run->err) : -1;
	loop_free(watching.loop);
	workplace_close(&watching.workplace);
	return result == 0 ? 0 : command_fail(run);
}

const struct command command_watch = {
	.name = "watch",
	.arguments = "[LOG...]",
	.summary = "follow logs and keep what is in them; sends by a policy only",
	.about =
		"Follows the logs named (files, folders, patterns, '-' for a pipe; else those of\n"
		"the configuration or of this machine) in the foreground, over every kind of\n"
		"rotation, until SIGTERM or SIGINT. What it reads goes into the store, as with\n"
		"'draft'; every hour it makes drafts, which wait for you: nothing is sent, but\n"
		"what a policy of yours allows ([send] policy).\n"
		"A login that worked after failures is told at once.\n\n"
		"SIGHUP reads the configuration again. It tells systemd when it is ready.",
	.options = OPTIONS,
	.run = watch_command,
};
