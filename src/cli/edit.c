#include "cli/commands.h"
#include "cli/review.h"
#include "cli/workplace.h"
#include "os/file.h"
#include "os/spawn.h"
#include "pipeline/approve.h"
#include "pipeline/edit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

static const struct option OPTIONS[] = {
	{ "part", 0, OPTION_TEXT, "SOURCE", "the report about this source" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

/* One run of the command. */
struct editing {
	struct run *run;
	struct edit edit;
	const struct lint *lint;
	struct stored_report old;
	char *path; /* the text while it is edited; there until it is saved          */
};

/* Beside the store, in a folder of mode 0700: it survives whatever ends us. One text for
 * each revision, so that one that was left is never taken for another's.               */
static int path_get(struct editing *editing)
{
	struct run *run = editing->run;
	struct slice store, folder;
	ptrdiff_t slash;

	if (run_store_path(run, &store, &run->err) != 0)
		return -1;
	slash = slice_find_last_byte(store, '/');
	folder = slash < 0
			 ? S("edit")
			 : arena_printf(run->arena, SLICE_FMT "/edit",
					SLICE_ARG(slice_cut(store, 0, (size_t)slash)));
	if (file_make_folder(arena_cstr(run->arena, folder), &run->err) != 0)
		return -1;
	editing->path = arena_cstr(
		run->arena,
		arena_printf(run->arena, SLICE_FMT "/" SLICE_FMT "-%lld.txt",
			     SLICE_ARG(folder), SLICE_ARG(editing->old.token),
			     (long long)editing->old.id));
	return 0;
}

static int text_put(struct editing *editing)
{
	struct run *run = editing->run;

	if (access(editing->path, F_OK) != 0)
		return file_write(editing->path, FILE_NEW, 0600, editing->old.memo,
				  &run->err);
	command_notice(run, "going on with the text that an edit before left in '%s'",
		       editing->path);
	return 0;
}

/* $VISUAL or $EDITOR may have arguments; no shell reads them. */
static int editor_run(struct editing *editing)
{
	struct run *run = editing->run;
	const char *names[] = { getenv("VISUAL"), getenv("EDITOR"), "sensible-editor",
				"vi" };
	struct slice rest = { NULL, 0 }, word;
	struct spawn_end end;
	char *argv[18];
	size_t count = 0;
	int result = -1;

	for (size_t i = 0; result != 0 && i < COUNT_OF(names); i++) {
		rest = slice_trim(slice_of(names[i]));
		if (!rest.len)
			continue;
		count = 0;
		while (rest.len && count < 16 && slice_next(&rest, ' ', &word))
			if (word.len)
				argv[count++] = arena_cstr(run->arena, word);
		argv[count++] = editing->path;
		argv[count] = NULL;
		error_clear(&run->err);
		result = spawn_foreground(argv, &end, &run->err);
		if (result != 0 && run->err.sys != ENOENT)
			return -1;
	}
	if (result != 0)
		return error_context(&run->err, "no editor: set VISUAL or EDITOR");
	if (end.how != SPAWN_EXITED || end.code != 0)
		return error_set(&run->err, ERROR_REFUSED,
				 "the editor ended with %s %d: nothing was saved, the "
				 "text is in '%s'",
				 end.how == SPAWN_EXITED ? "status" : "signal",
				 end.code, editing->path);
	return 0;
}

static int text_read(struct editing *editing, struct slice *out)
{
	struct run *run = editing->run;
	struct buffer text;
	int result;

	buffer_init(&text, 2 * EDIT_MAX_BYTES);
	result = file_read(editing->path, &text, &run->err);
	*out = arena_copy(run->arena, buffer_slice(&text));
	buffer_clear(&text);
	return result;
}

static int again(struct editing *editing, bool *more)
{
	struct run *run = editing->run;

	if (!review_may_ask())
		return error_context(&run->err,
				     "nothing was saved, the text is in '%s'",
				     editing->path);
	command_problem(slice_of(run->err.text));
	*more = review_ask(run, "Edit it again?");
	if (*more) {
		error_clear(&run->err);
		return 0;
	}
	return error_context(&run->err, "nothing was saved, the text is in '%s'",
			     editing->path);
}

/* Until the text can be a memo, or the person has enough. */
static int memo_get(struct editing *editing, struct slice *memo)
{
	struct run *run = editing->run;
	bool more = true;

	while (more) {
		struct slice text;

		if (editor_run(editing) != 0 || text_read(editing, &text) != 0)
			return -1;
		if (!slice_trim(text).len) {
			unlink(editing->path);
			return error_set(&run->err, ERROR_REFUSED,
					 "the memo is empty: nothing was saved");
		}
		if (edit_check(run->arena, text, memo, &run->err) == 0) {
			struct approvals approvals = { .count = 1 };
			struct approval one = { .report = editing->old };

			one.report.memo = *memo;
			approve_lint(editing->lint, run->arena, &one.report,
				     &one.findings);
			if (!one.findings.count ||
			    slice_equal(*memo, editing->old.memo))
				return 0;
			approvals.at = &one;
			review_print_findings(run, &approvals);
			more = review_may_ask() &&
			       review_ask(run, "Edit it again (no: save it so)?");
		} else if (again(editing, &more) != 0) {
			return -1;
		}
	}
	return 0;
}

static int edit_one(struct editing *editing, struct slice id)
{
	struct run *run = editing->run;
	struct stored_report fresh;
	struct slice memo;

	if (edit_read(&editing->edit, run->arena, id, &editing->old, &run->err) != 0 ||
	    path_get(editing) != 0 || text_put(editing) != 0 ||
	    memo_get(editing, &memo) != 0)
		return -1;
	if (slice_equal(memo, editing->old.memo)) {
		unlink(editing->path);
		print_text(&run->out, "Nothing was changed: revision %lld stays.\n",
			   (long long)editing->old.revision);
		return 0;
	}
	if (edit_save(&editing->edit, run->arena, &editing->old, memo, &fresh,
		      &run->err) != 0)
		return error_context(&run->err,
				     "nothing was saved, the text is in '%s'",
				     editing->path);
	unlink(editing->path);
	print_text(&run->out, "Saved as revision %lld of report ",
		   (long long)fresh.revision);
	print_slice(&run->out, fresh.token);
	print_text(&run->out, ", which needs %s approval: 'tipoff approve ",
		   slice_equal(editing->old.state, S("approved")) ? "a new" : "your");
	print_slice(&run->out, fresh.kase);
	print_text(&run->out, "'.\n");
	return 0;
}

static int edit_command(struct run *run)
{
	struct editing editing = { .run = run, .lint = lint_new(run->arena) };
	struct workplace workplace;
	int code = 0;

	if (run->arguments.count != 1)
		return command_usage(run, "one case at a time");
	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	editing.edit = (struct edit){ &run->settings, &run->clock, workplace.db,
				      run_text(run, "part") };
	if (edit_one(&editing, run->arguments.at[0]) != 0)
		code = command_fail(run);
	workplace_close(&workplace);
	return code;
}

const struct command command_edit = {
	.name = "edit",
	.arguments = "CASE",
	.summary = "open the memo of a case in your editor",
	.about =
		"Opens the memo in $VISUAL or $EDITOR and keeps what you make of it as a new\n"
		"revision, which needs a new approval. What lint finds is shown, and you may edit\n"
		"again; text that would do harm on a terminal or in a mail is refused. Unchanged\n"
		"or empty text saves nothing. While you edit, the text lies beside the store:\n"
		"whatever ends the program, the next edit goes on with it.",
	.options = OPTIONS,
	.needs = NEEDS_ARGUMENT,
	.run = edit_command,
};
