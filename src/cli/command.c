#include "cli/command.h"

#include "base/escape.h"
#include "os/file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* Options every command has. */
static const struct option COMMON[] = {
	{ "config", 'c', OPTION_TEXT, "FILE", "read this configuration" },
	{ "store", 0, OPTION_TEXT, "FILE", "keep cases in this file" },
	{ "set", 0, OPTION_LIST, "SECTION.KEY=VALUE",
	  "override one configuration value" },
	{ "now", 0, OPTION_TEXT, "TIME", "take this instant as now (RFC 3339)" },
	{ "offline", 0, OPTION_FLAG, NULL, "ask no server anything" },
	{ "json", 0, OPTION_FLAG, NULL, "print JSON Lines (docs/json.md)" },
	{ "quiet", 'q', OPTION_FLAG, NULL, "no notes and no progress" },
	{ "colour", 0, OPTION_TEXT, "WHEN", "auto (the default), always or never" },
	{ "help", 'h', OPTION_FLAG, NULL, "say what the command does and stop" },
	{ "version", 'V', OPTION_FLAG, NULL, "print the version and stop" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

const struct option *command_common_options(void)
{
	return COMMON;
}

static const struct run_value *value_find(const struct run *run, const char *name)
{
	for (size_t i = run->value_count; i > 0; i--)
		if (strcmp(run->values[i - 1].option->name, name) == 0)
			return &run->values[i - 1];
	return NULL;
}

bool run_flag(const struct run *run, const char *name)
{
	return value_find(run, name) != NULL;
}

bool run_given(const struct run *run, const char *name)
{
	return value_find(run, name) != NULL;
}

struct slice run_text(const struct run *run, const char *name)
{
	const struct run_value *value = value_find(run, name);

	return value ? value->text : (struct slice){ NULL, 0 };
}

struct slices run_list(const struct run *run, const char *name)
{
	struct slices list = { 0 };

	for (size_t i = 0; i < run->value_count; i++)
		if (strcmp(run->values[i].option->name, name) == 0)
			*LIST_ADD(run->arena, &list) = run->values[i].text;
	return list;
}

void command_problem(struct slice text)
{
	struct printer printer;

	printer_init(&printer, stderr, true);
	fputs("tipoff: ", stderr);
	print_slice(&printer, text);
	fputc('\n', stderr);
}

static int exit_code(const struct error *err)
{
	switch (err->kind) {
	case ERROR_SYNTAX:
	case ERROR_LIMIT:
		return EX_DATAERR;
	case ERROR_RETRY:
		return EX_TEMPFAIL;
	case ERROR_REFUSED:
		return EX_NOPERM;
	case ERROR_NOT_FOUND:
		return EX_NOINPUT;
	case ERROR_CONFIG:
		return EX_CONFIG;
	case ERROR_NONE:
	case ERROR_SYSTEM:
		break;
	}
	switch (err->sys) {
	case EACCES:
	case EPERM:
	case EROFS:
		return EX_NOPERM;
	case ENOENT:
		return EX_NOINPUT;
	case EBADF:
	case EIO:
	case ENOSPC:
	case EPIPE:
		return EX_IOERR;
	default:
		return EX_OSERR;
	}
}

int command_fail(struct run *run)
{
	fflush(run->out.file);
	command_problem(slice_of(run->err.text));
	return exit_code(&run->err);
}

int command_usage(struct run *run, const char *format, ...)
{
	struct slice text;
	va_list args;

	va_start(args, format);
	text = arena_vprintf(run->arena, format, args);
	va_end(args);
	command_problem(text);
	fprintf(stderr, "tipoff: 'tipoff %s%s--help' tells more\n",
		run->command ? run->command->name : "", run->command ? " " : "");
	return EX_USAGE;
}

void command_notice(struct run *run, const char *format, ...)
{
	va_list args;

	if (run->quiet)
		return;
	va_start(args, format);
	command_problem(arena_vprintf(run->arena, format, args));
	va_end(args);
}

static const char *nearest_command(const struct command *const *commands,
				   struct slice name)
{
	const char *best = NULL;
	size_t least = 3;

	for (; *commands; commands++) {
		size_t d = slice_distance(name, slice_of((*commands)->name));

		if (d < least) {
			least = d;
			best = (*commands)->name;
		}
	}
	return best;
}

static const struct option *option_in(const struct option *options, struct slice name,
				      char letter)
{
	for (; options && options->name; options++) {
		if (letter ? options->letter == letter
			   : slice_equal(slice_of(options->name), name))
			return options;
	}
	return NULL;
}

static const struct option *option_find(const struct run *run, struct slice name,
					char letter)
{
	const struct option *own = run->command ? run->command->options : NULL;
	const struct option *found = option_in(own, name, letter);

	return found ? found : option_in(COMMON, name, letter);
}

static const char *nearest_option(const struct run *run, struct slice name)
{
	const struct option *lists[] = { run->command ? run->command->options : NULL,
					 COMMON };
	const char *best = NULL;
	size_t least = 3;

	for (size_t l = 0; l < COUNT_OF(lists); l++) {
		for (const struct option *o = lists[l]; o && o->name; o++) {
			size_t d = slice_distance(name, slice_of(o->name));

			if (d < least) {
				least = d;
				best = o->name;
			}
		}
	}
	return best;
}

/* One "--name[=value]" or "-x [value]"; *next is the following word or NULL and *took
 * says whether it was used. 0, or EX_USAGE.                                           */
static int option_take(struct run *run, struct slice word, const char *next, bool *took)
{
	bool is_long = slice_starts(word, S("--"));
	ptrdiff_t equals = is_long ? slice_find_byte(word, '=') : -1;
	struct slice name = slice_cut(word, is_long ? 2 : 1,
				      equals < 0 ? word.len : (size_t)equals);
	const struct option *option =
		option_find(run, name, is_long || name.len != 1 ? '\0' : name.at[0]);
	struct slice value = { NULL, 0 };

	*took = false;
	if (!option || (!is_long && name.len != 1)) {
		const char *near = is_long ? nearest_option(run, name) : NULL;

		if (near)
			return command_usage(run,
					     "unknown option '" SLICE_FMT
					     "'; did you mean '--%s'?",
					     SLICE_ARG(word), near);
		return command_usage(run, "unknown option '" SLICE_FMT "'",
				     SLICE_ARG(word));
	}
	if (option->type == OPTION_FLAG && equals >= 0)
		return command_usage(run, "option '--%s' takes no value", option->name);
	if (option->type == OPTION_MAYBE && equals >= 0)
		value = slice_from(word, (size_t)equals + 1);
	if (option->type == OPTION_TEXT || option->type == OPTION_LIST) {
		*took = equals < 0;
		value = equals < 0 ? slice_of(next)
				   : slice_from(word, (size_t)equals + 1);
		if (equals < 0 && !next)
			return command_usage(run, "option '--%s' needs a value: %s",
					     option->name, option->value);
	}
	if (run->value_count == RUN_OPTIONS_MAX)
		return command_usage(run, "over %d options", RUN_OPTIONS_MAX);
	run->values[run->value_count++] = (struct run_value){ option, value };
	return 0;
}

static const struct command *command_find(const struct command *const *commands,
					  struct slice name)
{
	for (; *commands; commands++)
		if (slice_equal(slice_of((*commands)->name), name))
			return *commands;
	return NULL;
}

static int command_take(struct run *run, struct slice word)
{
	const char *near;

	run->command = command_find(run->commands, word);
	if (run->command)
		return 0;
	near = nearest_command(run->commands, word);
	if (near)
		return command_usage(run,
				     "unknown command '" SLICE_FMT
				     "'; did you mean '%s'?",
				     SLICE_ARG(word), near);
	return command_usage(run, "unknown command '" SLICE_FMT "'", SLICE_ARG(word));
}

static int words_take(struct run *run, int argc, char **argv)
{
	bool options_over = false;

	for (int i = 1; i < argc; i++) {
		struct slice word = slice_of(argv[i]);
		bool took = false;
		int code = 0;

		if (!options_over && slice_equal(word, S("--")))
			options_over = true;
		else if (!options_over && word.len > 1 && word.at[0] == '-')
			code = option_take(run, word, i + 1 < argc ? argv[i + 1] : NULL,
					   &took);
		else if (!run->command)
			code = command_take(run, word);
		else
			*LIST_ADD(run->arena, &run->arguments) = word;
		if (code != 0)
			return code;
		i += took;
	}
	return 0;
}

enum { HELP_COLUMN = 37, HELP_WIDTH = 79 };

/* In the column that is left beside the options' names. */
static void help_wrapped(const char *text)
{
	struct slice rest = slice_of(text), word;
	size_t column = HELP_COLUMN;

	while (slice_next(&rest, ' ', &word)) {
		if (column > HELP_COLUMN && column + word.len >= HELP_WIDTH) {
			printf("\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		}
		column +=
			(size_t)printf("%s" SLICE_FMT, column > HELP_COLUMN ? " " : "",
				       SLICE_ARG(word));
	}
	putchar('\n');
}

static void option_help(const struct option *options, const char *title)
{
	if (!options || !options->name)
		return;
	printf("\n%s:\n", title);
	for (; options->name; options++) {
		bool maybe = options->type == OPTION_MAYBE;
		char left[64];

		snprintf(left, sizeof left, "%c%c%c --%s%s%s%s",
			 options->letter ? '-' : ' ',
			 options->letter ? options->letter : ' ',
			 options->letter ? ',' : ' ', options->name,
			 maybe            ? "[="
			 : options->value ? " "
					  : "",
			 options->value ? options->value : "", maybe ? "]" : "");
		printf("  %-34s ", left);
		help_wrapped(options->help);
	}
}

static void help_all(const struct command *const *commands)
{
	puts("tipoff turns the attacks in your logs into abuse reports that reach\n"
	     "somebody who can act, and keeps on record who was told what.\n\n"
	     "Usage: tipoff COMMAND [OPTION...] [ARGUMENT...]\n\nCommands:");
	for (; *commands; commands++)
		printf("  %-10s %s\n", (*commands)->name, (*commands)->summary);
	option_help(COMMON, "Options of every command");
	puts("\nStart with 'tipoff draft': it reads your logs and shows what would be\n"
	     "reported, to whom and why. It sends nothing. 'tipoff COMMAND --help' tells\n"
	     "more of each.");
}

static void help_command(const struct command *command)
{
	printf("Usage: tipoff %s [OPTION...]%s%s\n\n%s\n", command->name,
	       command->arguments[0] ? " " : "", command->arguments, command->about);
	option_help(command->options, "Options");
	option_help(COMMON, "Options of every command");
}

static int common_apply(struct run *run)
{
	struct slice now = run_text(run, "now");
	struct slice colour = run_text(run, "colour");

	run->json = run_flag(run, "json");
	run->quiet = run_flag(run, "quiet");
	run->offline = run_flag(run, "offline");
	if (run_given(run, "now")) {
		run->clock.is_fixed = true;
		if (time_parse(now, &run->clock.fixed) != 0)
			return command_usage(run,
					     "'" SLICE_FMT
					     "' is no time: write 2026-11-21T06:00:00Z",
					     SLICE_ARG(now));
	}
	printer_init(&run->out, stdout, !slice_equal(colour, S("never")));
	if (slice_equal(colour, S("always")))
		run->out.coloured = true;
	else if (colour.len && !slice_equal(colour, S("auto")) &&
		 !slice_equal(colour, S("never")))
		return command_usage(run, "--colour is auto, always or never");
	return 0;
}

static int arguments_check(struct run *run)
{
	if ((run->command->needs & NEEDS_ARGUMENT) && run->arguments.count == 0)
		return command_usage(run, "'%s' needs: %s", run->command->name,
				     run->command->arguments);
	if ((run->command->needs & NEEDS_NO_ARGUMENT) && run->arguments.count != 0)
		return command_usage(run, "'%s' takes no '" SLICE_FMT "'",
				     run->command->name,
				     SLICE_ARG(run->arguments.at[0]));
	return 0;
}

/* Text that was asked for and could not be written is a failure, in --help too; what a
 * command found stays its exit code.                                                     */
static int finish(struct run *run, int code)
{
	int failed;

	if (print_finish(&run->out, &run->err) == 0)
		return code;
	/* who reads has seen enough, as `head` does: no news to anybody */
	if (run->err.sys == EPIPE)
		return code ? code : EX_IOERR;
	failed = command_fail(run);
	return code ? code : failed;
}

static int run_command(struct run *run)
{
	struct settings_source source = { run_text(run, "config"),
					  run_list(run, "set") };
	int code = arguments_check(run);

	if (code != 0)
		return code;
	if (settings_read(run->arena, &source, &run->settings, &run->err) != 0 &&
	    !(run->command->needs & IGNORES_CONFIG))
		return command_fail(run);
	return finish(run, run->command->run(run));
}

int run_store_path(struct run *run, struct slice *out, struct error *err)
{
	struct slice given = run_text(run, "store");
	struct slice folder;
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (!given.len)
		given = run->settings.store;
	if (given.len) {
		*out = given;
		return 0;
	}
	if (geteuid() == 0)
		folder = S("/var/lib/tipoff");
	else if (state && state[0] == '/')
		folder = arena_printf(run->arena, "%s/tipoff", state);
	else if (home && home[0] == '/')
		folder = arena_printf(run->arena, "%s/.local/state/tipoff", home);
	else
		return error_set(
			err, ERROR_CONFIG,
			"no place for the store: set HOME or name a file with --store");
	if (file_make_folder(arena_cstr(run->arena, folder), err) != 0)
		return -1;
	*out = arena_printf(run->arena, SLICE_FMT "/store.db", SLICE_ARG(folder));
	return 0;
}

int run_setting_wrong(const struct run *run, struct error *err)
{
	err->kind = ERROR_CONFIG;
	if (!run->settings.path.len)
		return error_context(err, "configuration");
	return error_context(err, SLICE_FMT, SLICE_ARG(run->settings.path));
}

int command_main(const struct command *const *commands, int argc, char **argv)
{
	struct run run = { .commands = commands, .arena = arena_new() };
	int code = words_take(&run, argc, argv);

	if (code == 0)
		code = common_apply(&run);
	if (code != 0)
		goto free_arena;
	if (run_flag(&run, "version")) {
		puts("tipoff " TIPOFF_VERSION);
		code = finish(&run, 0);
	} else if (run_flag(&run, "help") && run.command) {
		help_command(run.command);
		code = finish(&run, 0);
	} else if (!run.command) {
		help_all(commands);
		code = finish(&run, run_flag(&run, "help") ? 0 : EX_USAGE);
	} else {
		code = run_command(&run);
	}
free_arena:
	arena_free(run.arena);
	return code;
}
