#include "cli/rule_log.h"

#include "cli/record.h"
#include "cli/rule_output.h"
#include "cli/rule_test.h"
#include "event/formats.h"
#include "event/matcher.h"
#include "input/find.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

enum { SHOWN_WITHOUT_ASKING = 10 };

/* The line at hand. */
struct seen {
	bool matched, ignored;
	struct event event; /* of the first rule that matched: the one to speak of */
	bool dated, act;
	int failregex;
	int64_t at; /* of the line, where dated */
};

struct testing {
	const struct rule_log *log;
	struct run *run;
	struct matcher *matcher;
	struct formats *formats; /* requests that stand in JSON are for rules too */
	struct arena *arena; /* of one line */
	struct rows *rows;
	struct slice output; /* --output; empty: text or JSON for people */
	struct buffer json;
	struct rule_log_counts counts;
	struct seen seen;
};

static void date_count(struct testing *testing, const struct stamp_template *template)
{
	struct date_hits *dates = &testing->counts.dates;

	for (size_t i = 0; i < dates->count; i++) {
		if (dates->at[i].template == template) {
			dates->at[i].lines++;
			return;
		}
	}
	*LIST_ADD(testing->run->arena, dates) = (struct date_hit){ template, 1 };
}

static void account_count(struct testing *testing,
			  const struct witness_account *account)
{
	struct rule_hits *hits = &testing->counts.rules[account->rule];

	hits->verdicts[account->verdict]++;
	hits->prefix += account->prefix;
	if (account->failregex != WITNESS_NONE)
		hits->failregex[account->failregex]++;
	if (account->ignoreregex != WITNESS_NONE)
		hits->ignoreregex[account->ignoreregex]++;
	if (account->template && account->rule == 0)
		date_count(testing, account->template);
}

static void account_take(void *context, const struct witness_account *account)
{
	struct testing *testing = context;
	struct seen *seen = &testing->seen;
	struct row row;

	account_count(testing, account);
	if (rows_take(testing->rows, testing->arena, account, &row) &&
	    testing->output.len)
		rule_output_print(&testing->run->out, testing->arena, testing->output,
				  &row, account->line->text);
	seen->ignored |= account->verdict == WITNESS_IGNORED ||
			 account->verdict == WITNESS_HARMLESS;
	seen->at = account->at;
	if (account->verdict != WITNESS_MATCHED || seen->matched)
		return;
	seen->matched = true;
	seen->event = *account->event;
	seen->event.line = *account->line;
	seen->event.at = account->at;
	seen->dated = account->dated;
	seen->failregex = account->failregex;
}

static void match_json(struct testing *testing)
{
	struct json_writer writer;

	json_writer_init(&writer, &testing->json);
	record_event(&writer, &testing->seen.event);
	print_json(&testing->run->out, &testing->json);
}

static void match_print(struct testing *testing)
{
	const struct event *event = &testing->seen.event;
	struct printer *out = &testing->run->out;
	struct time_text at = time_format(event->at, TIME_MEMO);

	if (testing->run->json) {
		if (testing->seen.dated)
			match_json(testing);
		return;
	}
	print_text(out, "%s  ", testing->seen.dated ? at.text : "no time");
	print_slice(out, event_source(testing->arena, event));
	print_text(out, "  ");
	print_slice(out, event->rule);
	print_text(out, " %d  line %" PRIu64 ": ", testing->seen.failregex + 1,
		   event->line.number);
	print_slice(out, event->line.text);
	print_text(out, "\n");
}

/* A line that did not match, where it was asked for. */
static void other_print(struct testing *testing, const struct line *line,
			const char *verdict)
{
	struct printer *out = &testing->run->out;
	struct json_writer writer;

	if (!run_flag(testing->run, verdict))
		return;
	if (!testing->run->json) {
		print_text(out, "%s  line %" PRIu64 ": ", verdict, line->number);
		print_slice(out, line->text);
		print_text(out, "\n");
		return;
	}
	json_writer_init(&writer, &testing->json);
	json_object(&writer);
	json_put_text(&writer, "type", "rule-line");
	json_put_text(&writer, "verdict", verdict);
	json_put_int(&writer, "line", (int64_t)line->number);
	json_put_string(&writer, "text", line->text);
	json_object_end(&writer);
	print_json(out, &testing->json);
}

static void line_test(struct testing *testing, const struct line *line)
{
	bool all = run_flag(testing->run, "matched") || testing->run->json;
	struct seen *seen = &testing->seen;
	struct events others = { 0 };
	struct line text = *line;
	struct event event;

	*seen = (struct seen){ 0 };
	arena_reset(testing->arena);
	testing->counts.lines++;
	(void)formats_line(testing->formats, testing->arena, &text, &others);
	if (matcher_line(testing->matcher, testing->arena, &text, &event) == 1)
		seen->event = event;
	seen->event.line = *line;
	if (seen->matched) {
		testing->counts.matched++;
		if (!testing->output.len &&
		    (all || testing->counts.matched <= SHOWN_WITHOUT_ASKING))
			match_print(testing);
		return;
	}
	testing->counts.ignored += seen->ignored;
	testing->counts.missed += !seen->ignored;
	if (!testing->output.len)
		other_print(testing, line, seen->ignored ? "ignored" : "missed");
}

static int file_test(struct testing *testing, const struct input_file *file)
{
	struct input *input = input_open(file, NULL, &testing->run->err);
	struct input_chunk chunk;
	struct line line;
	int more;

	if (!input)
		return -1;
	while ((more = input_next(input, &chunk, &testing->run->err)) > 0)
		while (input_chunk_line(&chunk, &line))
			line_test(testing, &line);
	input_free(input);
	return more;
}

/* Lines that stand in the argument itself. */
static void argument_test(struct testing *testing, struct slice text)
{
	struct line line = { .file = S("argument") };
	struct slice rest = text;

	while (slice_next(&rest, '\n', &line.text)) {
		line.number++;
		line_test(testing, &line);
	}
}

/* Names of files with blanks in them exist; what does not and has one is a line. */
static bool is_file(const char *path, struct slice log)
{
	return slice_equal(log, S("-")) || access(path, F_OK) == 0 ||
	       (slice_find_byte(log, ' ') < 0 && slice_find_byte(log, '\n') < 0);
}

static int log_read(struct testing *testing, struct slice log)
{
	const char *path = arena_cstr(testing->run->arena, log);
	struct input_file file = { .path = path };

	if (is_file(path, log))
		return file_test(testing, &file);
	argument_test(testing, log);
	return 0;
}

static void totals_print(struct testing *testing)
{
	const struct rule_log_counts *counts = &testing->counts;
	struct printer *out = &testing->run->out;

	if (testing->output.len)
		return;
	if (testing->run->json) {
		rule_hits_json(testing->log, counts);
		return;
	}
	if (!run_flag(testing->run, "matched") &&
	    counts->matched > SHOWN_WITHOUT_ASKING)
		print_text(out, "... and %" PRIu64 " more (--matched shows all)\n",
			   counts->matched - SHOWN_WITHOUT_ASKING);
	rule_hits_print(testing->log, counts);
}

/* As a pass takes it: when the log was last written to, but never the future. */
static int64_t written_at(const struct run *run, struct slice log)
{
	struct stat status;
	int64_t now = clock_now(&run->clock);

	if (stat(arena_cstr(run->arena, log), &status) != 0 ||
	    !S_ISREG(status.st_mode) || status.st_mtime > now / SECOND_US)
		return now;
	return (int64_t)status.st_mtime * SECOND_US;
}

static void testing_init(struct testing *testing, const struct rule_log *log,
			 struct slice path)
{
	struct arena *arena = log->run->arena;
	struct rule_log_counts *counts = &testing->counts;
	struct matcher_options options = { log->zone, written_at(log->run, path) };

	*testing = (struct testing){
		.log = log,
		.run = log->run,
		.arena = arena_new(),
		.matcher = matcher_new(log->rules, &options),
		.formats = formats_new(log->zone),
		.rows = rows_new(log->filters->count),
		.output = run_text(log->run, "output"),
	};
	buffer_init(&testing->json, 1 << 20);
	counts->rules = ARENA_ARRAY(arena, struct rule_hits, log->filters->count);
	for (size_t i = 0; i < log->filters->count; i++) {
		const struct filter *filter = &log->filters->at[i];

		counts->rules[i].failregex =
			ARENA_ARRAY(arena, uint64_t, filter->failregex.count);
		counts->rules[i].ignoreregex =
			ARENA_ARRAY(arena, uint64_t, filter->ignoreregex.count);
	}
}

int rule_log_test(const struct rule_log *log, struct slice path)
{
	struct testing testing;
	struct witness witness = { account_take, &testing };
	struct matcher_counts counts;
	int code = 0;

	testing_init(&testing, log, path);
	matcher_tell(testing.matcher, &witness);
	if (log_read(&testing, path) < 0)
		code = command_fail(log->run);
	counts = matcher_counts(testing.matcher);
	testing.counts.undated = counts.undated;
	testing.counts.contested = counts.contested;
	testing.counts.limited = counts.limited;
	if (code == 0)
		totals_print(&testing);
	if (code == 0 && testing.counts.matched == 0)
		code = 1;
	rows_free(testing.rows);
	matcher_free(testing.matcher);
	formats_free(testing.formats);
	buffer_clear(&testing.json);
	arena_free(testing.arena);
	return code;
}
