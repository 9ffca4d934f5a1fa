#include "cli/commands.h"

#include <string.h>

/* In the next word. */
static bool takes_value(const struct option *option)
{
	return option->type == OPTION_TEXT || option->type == OPTION_LIST;
}

/* In the rows, words in capitals stand for something else and the others for themselves:
 * "INCIDENT ours|theirs", "yes|no". FILE, FOLDER and LOG are names of files.             */
static bool names_files(const char *pattern)
{
	return pattern && (strstr(pattern, "FILE") || strstr(pattern, "FOLDER") ||
			   strstr(pattern, "LOG"));
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

/* The next word of `pattern` that stands for itself; empty at the end. */
static struct slice literal_next(struct slice *pattern)
{
	while (pattern->len) {
		size_t len = 0;

		while (len < pattern->len && !strchr(" |[]", pattern->at[len]))
			len++;
		struct slice word = slice_cut(*pattern, 0, len);

		*pattern = slice_from(*pattern, len < pattern->len ? len + 1 : len);
		if (word.len && is_small(word.at[0]))
			return word;
	}
	return (struct slice){ NULL, 0 };
}

static void literals_print(struct run *run, const char *pattern)
{
	struct slice rest = slice_of(pattern), word;

	while ((word = literal_next(&rest)).len)
		print_text(&run->out, " " SLICE_FMT, SLICE_ARG(word));
}

static bool has_literals(const char *pattern)
{
	struct slice rest = slice_of(pattern);

	return literal_next(&rest).len != 0;
}

/* Text inside single quotes, with a backslash before what the shell wants so. */
static void quoted_print(struct run *run, const char *text, const char *escaped)
{
	for (; *text; text++)
		print_text(&run->out, strchr(escaped, *text) ? "\\%c" : "%c", *text);
}

static void bash_value(struct run *run, const char *command,
		       const struct option *option)
{
	if (!takes_value(option))
		return;
	print_text(&run->out, "\t\"%s --%s\"", command, option->name);
	if (option->letter)
		print_text(&run->out, " | \"%s -%c\"", command, option->letter);
	print_text(&run->out, ")\n\t\t");
	if (names_files(option->value)) {
		print_text(&run->out, "COMPREPLY=($(compgen -f -- \"$current\"))");
	} else if (has_literals(option->value)) {
		print_text(&run->out, "COMPREPLY=($(compgen -W '");
		literals_print(run, option->value);
		print_text(&run->out, "' -- \"$current\"))");
	}
	print_text(&run->out, "\n\t\treturn\n\t\t;;\n");
}

static void bash_names(struct run *run, const struct option *option)
{
	for (; option && option->name; option++)
		print_text(&run->out, " --%s", option->name);
}

static void bash_command(struct run *run, const struct command *command)
{
	print_text(&run->out, "\t%s)\n\t\twords='", command->name);
	literals_print(run, command->arguments);
	bash_names(run, command->options);
	print_text(&run->out, "'\n\t\tfiles=%s\n\t\t;;\n",
		   names_files(command->arguments) ? "yes" : "");
}

static void bash_values(struct run *run)
{
	print_text(&run->out, "\tcase \"$command $previous\" in\n");
	for (const struct command *const *c = run->commands; *c; c++) {
		for (const struct option *o = (*c)->options; o && o->name; o++)
			bash_value(run, (*c)->name, o);
	}
	print_text(&run->out, "\tesac\n\tcase \" $previous\" in\n");
	for (const struct option *o = command_common_options(); o->name; o++)
		bash_value(run, "", o);
	print_text(&run->out, "\tesac\n");
}

static void bash_print(struct run *run)
{
	print_text(
		&run->out,
		"# bash completion of tipoff, made by 'tipoff completion bash'\n"
		"_tipoff()\n{\n"
		"\tlocal current=${COMP_WORDS[COMP_CWORD]} command= words= files= i\n"
		"\tlocal previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
		"\tlocal commands='");
	for (const struct command *const *c = run->commands; *c; c++)
		print_text(&run->out, " %s", (*c)->name);
	print_text(&run->out,
		   " '\n\tCOMPREPLY=()\n\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		   "\t\tif [[ $commands == *\" ${COMP_WORDS[i]} \"* ]]; then\n"
		   "\t\t\tcommand=${COMP_WORDS[i]}\n\t\t\tbreak\n\t\tfi\n\tdone\n");
	bash_values(run);
	print_text(&run->out,
		   "\tcase $command in\n\t'')\n\t\twords=$commands\n\t\t;;\n");
	for (const struct command *const *c = run->commands; *c; c++)
		bash_command(run, *c);
	print_text(&run->out, "\tesac\n\twords+='");
	bash_names(run, command_common_options());
	print_text(&run->out,
		   "'\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
		   "\tif [[ $files && $current != -* ]]; then\n"
		   "\t\tCOMPREPLY+=($(compgen -f -- \"$current\"))\n\tfi\n}\n"
		   "complete -o filenames -F _tipoff tipoff\n");
}

/* For zsh, inside single quotes and inside a specification of _arguments. */
static void zsh_quoted(struct run *run, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			print_text(&run->out, "'\\''");
		else
			print_text(&run->out, strchr("[]:", *text) ? "\\%c" : "%c",
				   *text);
	}
}

static void zsh_option(struct run *run, const struct option *option, const char *name)
{
	print_text(&run->out, "\t\t'%s%s[", option->type == OPTION_LIST ? "*" : "",
		   name);
	zsh_quoted(run, option->help);
	print_text(&run->out, "]");
	if (takes_value(option)) {
		print_text(&run->out, ":");
		zsh_quoted(run, option->value);
		print_text(&run->out, ":");
		if (names_files(option->value)) {
			print_text(&run->out, "_files");
		} else if (has_literals(option->value)) {
			print_text(&run->out, "(");
			literals_print(run, option->value);
			print_text(&run->out, ")");
		}
	}
	print_text(&run->out, "'\n");
}

static void zsh_options(struct run *run, const struct option *option)
{
	for (; option && option->name; option++) {
		char name[64];

		snprintf(name, sizeof name, "--%s", option->name);
		zsh_option(run, option, name);
		/* whois has its own -h, which _arguments would not tell from help's */
		if (option->letter && option->letter != 'h') {
			snprintf(name, sizeof name, "-%c", option->letter);
			zsh_option(run, option, name);
		}
	}
}

static void zsh_command(struct run *run, const struct command *command)
{
	print_text(&run->out, "\t%s)\n\t\toptions+=(\n", command->name);
	zsh_options(run, command->options);
	if (has_literals(command->arguments)) {
		print_text(&run->out, "\t\t'*:argument:(");
		literals_print(run, command->arguments);
		print_text(&run->out, ")'\n");
	} else if (names_files(command->arguments)) {
		print_text(&run->out, "\t\t'*:file:_files'\n");
	}
	print_text(&run->out, "\t\t)\n\t\t;;\n");
}

static void zsh_print(struct run *run)
{
	print_text(&run->out,
		   "#compdef tipoff\n"
		   "# zsh completion of tipoff, made by 'tipoff completion zsh'\n"
		   "_tipoff()\n{\n\tlocal -a commands options\n\tlocal word\n"
		   "\tcommands=(\n");
	for (const struct command *const *c = run->commands; *c; c++) {
		print_text(&run->out, "\t\t'%s:", (*c)->name);
		zsh_quoted(run, (*c)->summary);
		print_text(&run->out, "'\n");
	}
	print_text(&run->out, "\t)\n\toptions=(\n");
	zsh_options(run, command_common_options());
	print_text(
		&run->out,
		"\t)\n\tfor word in ${words[2,CURRENT-1]}; do\n"
		"\t\t(( ${#commands[(r)$word:*]} )) && break\n\t\tword=\n\tdone\n"
		"\tcase $word in\n\t'')\n"
		"\t\t_arguments $options '1:command:{ _describe command commands }'\n"
		"\t\treturn\n\t\t;;\n");
	for (const struct command *const *c = run->commands; *c; c++)
		zsh_command(run, *c);
	print_text(&run->out, "\tesac\n\t_arguments $options '1:command:()'\n}\n"
			      "_tipoff \"$@\"\n");
}

static void fish_option(struct run *run, const char *condition,
			const struct option *option)
{
	print_text(&run->out, "complete -c tipoff %s-l %s", condition, option->name);
	if (option->letter)
		print_text(&run->out, " -s %c", option->letter);
	if (takes_value(option))
		print_text(&run->out, names_files(option->value) ? " -r -F" : " -x");
	if (takes_value(option) && has_literals(option->value)) {
		print_text(&run->out, " -a '");
		literals_print(run, option->value);
		print_text(&run->out, "'");
	}
	print_text(&run->out, " -d '");
	quoted_print(run, option->help, "'\\");
	print_text(&run->out, "'\n");
}

static void fish_command(struct run *run, const struct command *command)
{
	char condition[96];

	print_text(&run->out, "complete -c tipoff -n __fish_use_subcommand -a %s -d '",
		   command->name);
	quoted_print(run, command->summary, "'\\");
	print_text(&run->out, "'\n");
	snprintf(condition, sizeof condition, "-n '__fish_seen_subcommand_from %s' ",
		 command->name);
	if (names_files(command->arguments))
		print_text(&run->out, "complete -c tipoff %s-F\n", condition);
	if (has_literals(command->arguments)) {
		print_text(&run->out, "complete -c tipoff %s-a '", condition);
		literals_print(run, command->arguments);
		print_text(&run->out, "'\n");
	}
	for (const struct option *o = command->options; o && o->name; o++)
		fish_option(run, condition, o);
}

static void fish_print(struct run *run)
{
	print_text(&run->out,
		   "# fish completion of tipoff, made by 'tipoff completion fish'\n"
		   "complete -c tipoff -f\n");
	for (const struct option *o = command_common_options(); o->name; o++)
		fish_option(run, "", o);
	for (const struct command *const *c = run->commands; *c; c++)
		fish_command(run, *c);
}

static const struct shell {
	const char *name;
	void (*print)(struct run *run);
} SHELLS[] = {
	{ "bash", bash_print },
	{ "zsh", zsh_print },
	{ "fish", fish_print },
};

static int completion_command(struct run *run)
{
	struct slice name = run->arguments.at[0];

	if (run->arguments.count > 1)
		return command_usage(run, "one shell at a time: bash, zsh or fish");
	for (size_t i = 0; i < COUNT_OF(SHELLS); i++) {
		if (slice_equal(name, slice_of(SHELLS[i].name))) {
			SHELLS[i].print(run);
			return 0;
		}
	}
	return command_usage(run,
			     "'" SLICE_FMT "' is no shell known here: bash, zsh, fish",
			     SLICE_ARG(name));
}

const struct command command_completion = {
	.name = "completion",
	.arguments = "bash|zsh|fish",
	.summary = "print the completion script of a shell",
	.about =
		"Prints what your shell needs to complete commands and options. Installed\n"
		"packages bring it; else, in bash: source <(tipoff completion bash)",
	.needs = NEEDS_ARGUMENT | IGNORES_CONFIG,
	.run = completion_command,
};
