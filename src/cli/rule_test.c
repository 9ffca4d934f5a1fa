#include "cli/rule_test.h"

#include "cli/record.h"
#include "event/formats.h"
#include "event/matcher.h"
#include "input/find.h"

#include <inttypes.h>
#include <sysexits.h>
#include <unistd.h>

static struct matcher *matcher_for(const struct run *run,
				   const struct workplace *workplace,
				   int64_t written_at)
{
	struct matcher_options options = { workplace->zone,
					   written_at ? written_at
						      : clock_now(&run->clock) };

	return matcher_new(workplace->rules, &options);
}

static struct slice event_source(struct arena *arena, const struct event *event)
{
	struct address_text text = address_format(&event->source);

	if (event->contested)
		return S("contested");
	return event->source.family ? arena_copy(arena, slice_of(text.text))
				    : event->source_name;
}

/* What is wrong with a sample's outcome; empty for nothing. */
static struct slice sample_fault(struct arena *arena, const struct rule_sample *sample,
				 int matched, const struct event *event)
{
	int64_t at = 0;

	if (!sample->must_match)
		return matched ? arena_printf(arena,
					      "must not match, but gave '" SLICE_FMT
					      "'",
					      SLICE_ARG(event_source(arena, event)))
			       : S("");
	if (!matched)
		return S("does not match");
	if (sample->source.len &&
	    !slice_equal(sample->source, event_source(arena, event)))
		return arena_printf(arena,
				    "source is '" SLICE_FMT "', want '" SLICE_FMT "'",
				    SLICE_ARG(event_source(arena, event)),
				    SLICE_ARG(sample->source));
	if (sample->user.len && !slice_equal(sample->user, event->user))
		return arena_printf(arena,
				    "user is '" SLICE_FMT "', want '" SLICE_FMT "'",
				    SLICE_ARG(event->user), SLICE_ARG(sample->user));
	if (sample->time.len && (time_parse(sample->time, &at) != 0 || at != event->at))
		return arena_printf(arena, "time is %s, want " SLICE_FMT,
				    time_format(event->at, TIME_RFC3339).text,
				    SLICE_ARG(sample->time));
	return S("");
}

static void fault_print(struct run *run, const struct rule *rule,
			const struct rule_sample *sample, struct slice fault)
{
	print_slice(&run->out, rule_report(rule)->name);
	print_text(&run->out, ": ");
	print_slice(&run->out, fault);
	print_text(&run->out, ": ");
	print_slice(&run->out, sample->line);
	print_text(&run->out, "\n");
}

void rule_samples_test(struct run *run, const struct rule *rule,
		       const struct workplace *workplace, struct rule_tally *tally)
{
	for (size_t i = 0; i < rule_sample_count(rule); i++) {
		struct rule_sample sample = rule_sample_at(rule, i);
		struct matcher *matcher = matcher_for(run, workplace, 0);
		struct line line = { .text = sample.line,
				     .file = S("sample"),
				     .number = 1 };
		struct event event = { 0 };
		int matched = matcher_line(matcher, run->arena, &line, &event);
		struct slice fault;

		/* every rule sees the line: what another one says of it is no fault of
		 * this one's "never"                                                   */
		if (matched && !sample.must_match &&
		    !slice_equal(event.rule, rule_report(rule)->name))
			matched = 0;
		fault = sample_fault(run->arena, &sample, matched, &event);
		tally->right += fault.len == 0;
		tally->wrong += fault.len != 0;
		if (fault.len)
			fault_print(run, rule, &sample, fault);
		matcher_free(matcher);
	}
}

struct testing {
	struct run *run;
	struct matcher *matcher;
	struct formats *formats; /* requests that stand in JSON are for rules too */
	struct arena *arena; /* of one line */
	struct buffer json;
	uint64_t lines, matched;
};

static void matched_print(struct testing *testing, const struct event *event)
{
	struct printer *out = &testing->run->out;
	struct time_text at = time_format(event->at, TIME_MEMO);
	struct json_writer writer;

	if (testing->run->json) {
		json_writer_init(&writer, &testing->json);
		record_event(&writer, event);
		print_json(out, &testing->json);
		return;
	}
	print_text(out, "%s  ", at.text);
	print_slice(out, event_source(testing->arena, event));
	print_text(out, "  ");
	print_slice(out, event->rule);
	print_text(out, "  line %" PRIu64 ": ", event->line.number);
	print_slice(out, event->line.text);
	print_text(out, "\n");
}

static void line_test(struct testing *testing, const struct line *line)
{
	bool show_matched = run_flag(testing->run, "matched") || testing->run->json;
	struct events others = { 0 };
	struct line text = *line;
	struct event event;

	testing->lines++;
	(void)formats_line(testing->formats, testing->arena, &text, &others);
	if (matcher_line(testing->matcher, testing->arena, &text, &event) == 1) {
		event.line = *line;
		testing->matched++;
		if (show_matched || testing->matched <= 10)
			matched_print(testing, &event);
	} else if (run_flag(testing->run, "missed") && !testing->run->json) {
		print_text(&testing->run->out, "missed  line %" PRIu64 ": ",
			   line->number);
		print_slice(&testing->run->out, line->text);
		print_text(&testing->run->out, "\n");
	}
	arena_reset(testing->arena);
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

static void totals_print(struct testing *testing)
{
	struct matcher_counts counts = matcher_counts(testing->matcher);
	struct printer *out = &testing->run->out;

	if (testing->run->json)
		return;
	if (!run_flag(testing->run, "matched") && testing->matched > 10)
		print_text(out, "... and %" PRIu64 " more (--matched shows all)\n",
			   testing->matched - 10);
	print_text(out, "%" PRIu64 " line%s: %" PRIu64 " matched, %" PRIu64 " missed",
		   testing->lines, testing->lines == 1 ? "" : "s", testing->matched,
		   testing->lines - testing->matched);
	if (counts.undated)
		print_text(out, ", %" PRIu64 " without a time", counts.undated);
	if (counts.contested)
		print_text(out, ", %" PRIu64 " contested", counts.contested);
	if (counts.limited)
		print_text(out, ", %" PRIu64 " too hard to match", counts.limited);
	print_text(out, "\n");
}

int log_lines_test(struct run *run, const struct workplace *workplace, struct slice log)
{
	struct testing testing = { .run = run, .arena = arena_new() };
	const char *path = arena_cstr(run->arena, log);
	struct input_file file = { .path = path };
	struct line line = { .text = log, .file = S("argument"), .number = 1 };
	int code = 0;

	buffer_init(&testing.json, 1 << 20);
	testing.matcher = matcher_for(run, workplace, 0);
	testing.formats = formats_new(workplace->zone);
	if (!slice_equal(log, S("-")) && access(path, F_OK) != 0 &&
	    slice_find_byte(log, ' ') > 0)
		line_test(&testing, &line);
	else if (file_test(&testing, &file) < 0)
		code = command_fail(run);
	totals_print(&testing);
	if (code == 0 && testing.matched == 0)
		code = 1;
	matcher_free(testing.matcher);
	formats_free(testing.formats);
	buffer_clear(&testing.json);
	arena_free(testing.arena);
	return code;
}
