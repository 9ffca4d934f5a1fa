#include "cli/rule_frame.h"

#include "event/frame.h"
#include "input/input.h"

#include <inttypes.h>
#include <sysexits.h>

/* Of the lines of a log, the first that the rule reads; and the share of odd user names
 * that may hide their source before it is worth a warning.                            */
enum { LOG_LINES_MAX = 100, LOST_PERCENT = 20 };

struct framing {
	struct run *run;
	const struct workplace *workplace;
	struct matcher_options options;
	struct slices parts; /* of the samples of all rules */
	struct slices lines; /* of the log                  */
	struct table table;
	struct progress progress;
	uint64_t tried, rules, framing;
	struct slices faults, warnings; /* to be told behind the table */
};

static void fault_add(struct framing *framing, struct slice rule,
		      const struct frame_tally *tally)
{
	struct arena *arena = framing->run->arena;
	bool itself = slice_equal(rule, tally->read_by);

	*LIST_ADD(arena, &framing->faults) = arena_printf(
		arena,
		"rule '" SLICE_FMT "' %s " SLICE_FMT "%s" SLICE_FMT "%s by: " SLICE_FMT,
		SLICE_ARG(rule), itself ? "frames" : "has a line that frames",
		SLICE_ARG(tally->named), itself ? "" : " (read by rule '",
		SLICE_ARG(itself ? S("") : tally->read_by), itself ? "" : "')",
		SLICE_ARG(tally->line));
}

static void warning_add(struct framing *framing, struct slice rule,
			const struct frame_tally *tally)
{
	struct arena *arena = framing->run->arena;

	if (tally->names_lost * 100 > tally->names * LOST_PERCENT)
		*LIST_ADD(arena, &framing->warnings) =
			arena_printf(arena,
				     "rule '" SLICE_FMT "' loses the source of %" PRIu64
				     " of %" PRIu64 " odd user names",
				     SLICE_ARG(rule), tally->names_lost, tally->names);
	if (tally->samples == 0)
		*LIST_ADD(arena, &framing->warnings) =
			arena_printf(arena,
				     "rule '" SLICE_FMT
				     "' was not tried: it has no sample that it reads "
				     "(give it lines with --log)",
				     SLICE_ARG(rule));
}

static void tally_json(struct framing *framing, struct slice rule,
		       const struct frame_tally *tally)
{
	const struct {
		const char *key;
		uint64_t value;
	} rows[] = {
		{ "samples", tally->samples },       { "fields", tally->fields },
		{ "lines", tally->lines },           { "kept", tally->kept },
		{ "contested", tally->contested },   { "nothing", tally->nothing },
		{ "framed", tally->framed },         { "names", tally->names },
		{ "names_lost", tally->names_lost },
	};
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 1 << 20);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "frame");
	json_put_string(&writer, "rule", rule);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		json_put_int(&writer, rows[i].key, (int64_t)rows[i].value);
	json_put_optional(&writer, "text", tally->line);
	json_put_optional(&writer, "named", tally->named);
	json_put_optional(&writer, "read_by", tally->read_by);
	json_object_end(&writer);
	print_json(&framing->run->out, &out);
	buffer_clear(&out);
}

static void tally_row(struct framing *framing, struct slice rule,
		      const struct frame_tally *tally)
{
	const uint64_t numbers[] = { tally->samples, tally->fields,    tally->lines,
				     tally->kept,    tally->contested, tally->nothing,
				     tally->framed };
	struct arena *arena = framing->run->arena;

	table_add(&framing->table, arena_copy(arena, rule), COLOUR_STRONG);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		table_add(&framing->table, arena_printf(arena, "%" PRIu64, numbers[i]),
			  tally->framed ? COLOUR_RED : COLOUR_NONE);
}

static void tally_tell(struct framing *framing, struct slice rule,
		       const struct frame_tally *tally)
{
	framing->rules++;
	framing->tried += tally->lines;
	framing->framing += tally->framed > 0;
	if (framing->run->json) {
		tally_json(framing, rule, tally);
		return;
	}
	tally_row(framing, rule, tally);
	if (tally->framed)
		fault_add(framing, rule, tally);
	warning_add(framing, rule, tally);
}

static void samples_try(struct framing *framing, struct framer *framer,
			const struct rule *rule)
{
	for (size_t i = 0; i < rule_sample_count(rule); i++) {
		struct rule_sample sample = rule_sample_at(rule, i);

		if (sample.must_match)
			framer_try(framer, sample.line, &framing->parts);
	}
}

static void log_try(struct framing *framing, struct framer *framer)
{
	size_t taken = 0;

	for (size_t i = 0; i < framing->lines.count && taken < LOG_LINES_MAX; i++) {
		if (!framer_reads(framer, framing->lines.at[i]))
			continue;
		framer_try(framer, framing->lines.at[i], &framing->parts);
		taken++;
	}
}

static int rule_try(struct framing *framing, struct slice name)
{
	struct rules_options options = {
		.folder = workplace_rules_folder(framing->run),
		.names = &name,
		.count = 1,
	};
	struct rules *alone = rules_load(&options, &framing->run->err);
	const struct rule *rule;
	struct framer *framer;
	struct frame_tally tally;

	if (alone == NULL)
		return -1;
	rule = rules_at(alone, 0);
	framer = framer_new(alone, framing->workplace->rules, &framing->options);
	samples_try(framing, framer, rule);
	log_try(framing, framer);
	tally = framer_tally(framer);
	tally_tell(framing, rule_report(rule)->name, &tally);
	framer_free(framer);
	rules_free(alone);
	return 0;
}

static int log_read(struct framing *framing, struct slice log)
{
	struct arena *arena = framing->run->arena;
	struct input_file file = { .path = arena_cstr(arena, log) };
	struct input *input = input_open(&file, NULL, &framing->run->err);
	struct input_chunk chunk;
	struct line line;
	int more;

	if (input == NULL)
		return -1;
	while ((more = input_next(input, &chunk, &framing->run->err)) > 0)
		while (input_chunk_line(&chunk, &line))
			*LIST_ADD(arena, &framing->lines) =
				arena_copy(arena, line.text);
	input_free(input);
	return more;
}

static void list_print(struct run *run, const struct slices *list)
{
	for (size_t i = 0; i < list->count; i++) {
		print_slice(&run->out, list->at[i]);
		print_text(&run->out, "\n");
	}
}

static void framing_print(struct framing *framing)
{
	struct run *run = framing->run;

	if (run->json)
		return;
	table_print(&framing->table, &run->out);
	print_text(&run->out, "\n");
	list_print(run, &framing->faults);
	list_print(run, &framing->warnings);
	if (framing->tried == 0) {
		print_text(&run->out, "No line could be forged.\n");
		return;
	}
	print_text(&run->out, "%" PRIu64 " forged lines tried on %" PRIu64 " rule%s: ",
		   framing->tried, framing->rules, framing->rules == 1 ? "" : "s");
	if (framing->framing)
		print_text(&run->out, "%" PRIu64 " of them frame%s an innocent.\n",
			   framing->framing, framing->framing == 1 ? "s" : "");
	else
		print_text(&run->out, "nobody was framed.\n");
}

static int names_try(struct framing *framing, const struct slices *names)
{
	progress_init(&framing->progress, "rules", framing->run->quiet);
	for (size_t i = 0; i < names->count; i++) {
		progress_show(&framing->progress, i, names->count);
		if (rule_try(framing, names->at[i]) != 0)
			return -1;
	}
	progress_end(&framing->progress);
	return 0;
}

/* Each rule of the loaded set by the file it came from. */
static struct slices all_names(struct run *run, const struct rules *rules)
{
	struct slices names = { 0 };

	for (size_t i = 0; i < rules_count(rules); i++)
		*LIST_ADD(run->arena, &names) = rule_report(rules_at(rules, i))->path;
	return names;
}

int rules_frame_test(struct run *run, const struct workplace *workplace,
		     struct slices names, struct slice log)
{
	static const char *const titles[] = { "RULE", "SAMPLES",   "FIELDS", "LINES",
					      "TRUE", "CONTESTED", "NOBODY", "FRAMED" };
	struct framing framing = { .run = run, .workplace = workplace };

	framing.options =
		(struct matcher_options){ workplace->zone, clock_now(&run->clock) };
	if (names.count == 0)
		names = all_names(run, workplace->rules);
	table_init(&framing.table, run->arena, titles, COUNT_OF(titles));
	for (size_t i = 1; i < COUNT_OF(titles); i++)
		framing.table.right[i] = true;
	if (log.len > 0 && log_read(&framing, log) != 0)
		return command_fail(run);
	frame_parts(workplace->rules, &framing.options, run->arena, &framing.parts);
	if (names_try(&framing, &names) != 0)
		return command_fail(run);
	framing_print(&framing);
	if (framing.framing)
		return EX_DATAERR;
	return framing.tried ? 0 : 1;
}
