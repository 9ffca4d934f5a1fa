/* cli/command.h - commands and options as rows; help, completions and checks come from them.
 *
 * main.c holds the table of commands. command_main() parses the command line, reads the
 * configuration, and calls the command's run(). A run() returns an exit code: 0, or
 * command_fail(run) after it filled run->err, or EXIT_COMPROMISE.                        */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/clock.h"
#include "cli/print.h"
#include "conf/settings.h"

/* A source of attacks got in, as far as the log tells: look at once. */
enum { EXIT_COMPROMISE = 10 };

enum option_type {
	OPTION_FLAG,
	OPTION_TEXT, /* takes a value                     */
	OPTION_LIST, /* takes a value, may stand repeatedly */
	OPTION_MAYBE, /* takes a value behind '=' only, or none */
};

struct option {
	const char *name; /* "held", for --held; a list of options ends with NULL */
	char letter; /* 0: none                                              */
	enum option_type type;
	const char *value; /* "FILE", NULL for flags                               */
	const char *help; /* one line, no full stop                               */
};

enum needs {
	NEEDS_NOTHING = 0,
	NEEDS_ARGUMENT = 1, /* at least one                                         */
	NEEDS_NO_ARGUMENT = 2,
	IGNORES_CONFIG = 4, /* runs with a broken configuration too                 */
};

struct run;
struct command {
	const char *name;
	const char *arguments; /* "[LOG...]", "" for none */
	const char *summary; /* one line, no full stop                               */
	const char *about; /* paragraphs for --help, lines of at most 78           */
	const struct option *options; /* own ones, NULL: none */
	unsigned needs;
	int (*run)(struct run *run);
};

enum { RUN_OPTIONS_MAX = 64 };
struct run_value {
	const struct option *option;
	struct slice text;
};

struct run {
	const struct command *command;
	const struct command *const *commands; /* ends with NULL */
	struct arena *arena; /* for the whole run                            */
	struct clock clock; /* --now                                        */
	struct settings settings;
	struct slices arguments;
	struct run_value values[RUN_OPTIONS_MAX];
	size_t value_count;
	struct printer out; /* standard output                              */
	bool json, offline, quiet;
	struct error err;
};

bool run_flag(const struct run *run, const char *name);
struct slice run_text(const struct run *run, const char *name); /* empty: not given  */
bool run_given(const struct run *run, const char *name);
struct slices run_list(const struct run *run, const char *name);

/* The options every command has; ends with a NULL name. */
const struct option *command_common_options(void);

/* Prints run->err as one sentence on standard error; the fitting sysexits code. */
int command_fail(struct run *run);
/* Fills run->err as a usage error and prints it with a pointer to --help; EX_USAGE. */
int command_usage(struct run *run, const char *format, ...) PRINTF(2, 3);
/* A note for the person on standard error, unless --quiet; escaped. */
void command_notice(struct run *run, const char *format, ...) PRINTF(2, 3);
/* What went wrong and did not end the run: shown with --quiet too. */
void command_problem(struct slice text);

/* A value that was found wrong where it is used: puts the configuration's name before the
 * text. Always -1.                                                                    */
int run_setting_wrong(const struct run *run, struct error *err);
/* Where the store lies: --store, [store], else the state folder, which is made. */
MUST_CHECK int run_store_path(struct run *run, struct slice *out, struct error *err);

int command_main(const struct command *const *commands, int argc, char **argv);

#endif
