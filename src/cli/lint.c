#include "cli/commands.h"
#include "os/file.h"
#include "report/lint.h"

#include <stdio.h>

enum { MEMO_MAX_BYTES = 1024 * 1024, EXIT_FINDINGS = 1 };

static const char *const KINDS[] = {
	[LINT_MISSING] = "missing",
	[LINT_UNFRIENDLY] = "unfriendly",
	[LINT_MISLEADING] = "misleading",
};

static int input_read(struct buffer *out, struct error *err)
{
	char chunk[16 * 1024];
	size_t count;

	while ((count = fread(chunk, 1, sizeof chunk, stdin)) > 0)
		buffer_add(out, (struct slice){ chunk, count });
	if (ferror(stdin))
		return error_set(err, ERROR_SYSTEM, "cannot read standard input");
	if (out->failed)
		return error_set(err, ERROR_LIMIT,
				 "standard input is over %d bytes, which no memo is",
				 MEMO_MAX_BYTES);
	return 0;
}

static void finding_json(struct run *run, struct slice file,
			 const struct lint_finding *finding)
{
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 64 * 1024);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "finding");
	json_put_string(&writer, "file", file);
	json_put_int(&writer, "line", (int64_t)finding->line);
	json_put_text(&writer, "kind", KINDS[finding->kind]);
	json_put_string(&writer, "rule", finding->rule);
	json_put_string(&writer, "text", finding->text);
	json_object_end(&writer);
	print_json(&run->out, &out);
	buffer_clear(&out);
}

/* "memo.txt:12: unfriendly: 'you must': a demand; ... [demand]" */
static void finding_text(struct run *run, struct slice file,
			 const struct lint_finding *finding)
{
	print_slice(&run->out, file);
	if (finding->line)
		print_text(&run->out, ":%zu", finding->line);
	print_text(&run->out, ": ");
	print_colour(&run->out, COLOUR_STRONG);
	print_text(&run->out, "%s", KINDS[finding->kind]);
	print_colour(&run->out, COLOUR_NONE);
	print_text(&run->out, ": ");
	print_slice(&run->out, finding->text);
	print_text(&run->out, " [");
	print_slice(&run->out, finding->rule);
	print_text(&run->out, "]\n");
}

static int memo_check(struct run *run, const struct lint *lint, struct slice file,
		      size_t *count)
{
	struct lint_findings findings = { 0 };
	struct buffer memo;
	int result;

	buffer_init(&memo, MEMO_MAX_BYTES);
	result = slice_equal(file, S("-"))
			 ? input_read(&memo, &run->err)
			 : file_read(arena_cstr(run->arena, file), &memo, &run->err);
	if (result == 0)
		memo_lint(lint, run->arena, arena_copy(run->arena, buffer_slice(&memo)),
			  &findings);
	buffer_clear(&memo);
	for (size_t i = 0; i < findings.count; i++)
		if (run->json)
			finding_json(run, file, &findings.at[i]);
		else
			finding_text(run, file, &findings.at[i]);
	if (result == 0 && !run->json && findings.count == 0) {
		print_slice(&run->out, file);
		print_text(&run->out, ": complete and friendly\n");
	}
	*count += findings.count;
	return result;
}

static int lint_command(struct run *run)
{
	const struct lint *lint = lint_new(run->arena);
	size_t count = 0;

	for (size_t i = 0; i < run->arguments.count; i++)
		if (memo_check(run, lint, run->arguments.at[i], &count) != 0)
			return command_fail(run);
	return count ? EXIT_FINDINGS : 0;
}

const struct command command_lint = {
	.name = "lint",
	.arguments = "FILE...",
	.summary = "check whether a memo is complete and friendly",
	.about =
		"Reads the text of a memo, yours or ours ('-' is standard input), and says what\n"
		"is missing, what sounds unfriendly, and what a reader or a program would take\n"
		"wrongly, each with its line and what to do. Exits with 0 where it finds\n"
		"nothing, with 1 where it finds something.",
	.needs = NEEDS_ARGUMENT | IGNORES_CONFIG,
	.run = lint_command,
};
