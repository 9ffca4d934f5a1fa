#include "base/zone.h"
#include "cli/commands.h"
#include "cli/init_try.h"
#include "conf/schema.h"
#include "net/address.h"
#include "os/file.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { ANSWER_MAX = 4096, FILE_MAX = 1 << 20 };

/* The questions, in order; each has a flag of the same name for scripts. */
struct question {
	const char *section, *key, *flag, *ask;
	const char *otherwise; /* what an empty answer means */
};
static const struct question QUESTIONS[] = {
	{ "reporter", "name", "name", "Your name, as you sign mail", "" },
	{ "reporter", "organisation", "organisation",
	  "Your organisation, if you write for one", "" },
	{ "reporter", "about", "about", "What it is, in a few words (a small bookshop)",
	  "" },
	{ "reporter", "role", "role", "Your role (system administrator)", "" },
	{ "reporter", "relation", "relation",
	  "Your relation to the machines (a machine I own)", "a machine I run" },
	{ "reporter", "mail", "mail", "Your mail address, for answers", "" },
	{ "reporter", "phone", "phone",
	  "A telephone number, if you want it in the memo", "" },
	{ "reporter", "provider", "provider", "Your own provider, if you want it named",
	  "" },
	{ "reporter", "web", "web", "Your web page, if you want it named", "" },
	{ "reporter", "key", "key", "Fingerprint of your OpenPGP key, to sign reports",
	  "" },
	{ "reporter", "key-url", "key-url", "Where that key can be fetched", "" },
	{ "logs", "zone", "zone",
	  "Time zone of logs whose lines carry none (Europe/Berlin)", "" },
	{ "look-up", "registries", "registries",
	  "May the address registries be asked about sources? They learn\n"
	  "the source's address and nothing else of the log (yes/no)",
	  "no" },
	{ "look-up", "reverse-names", "reverse-names",
	  "May reverse names be looked up? Their name servers may belong\n"
	  "to the attacker, who could see that you asked (yes/no)",
	  "no" },
};

static const struct option OPTIONS[] = {
	{ "name", 0, OPTION_TEXT, "TEXT", "your name" },
	{ "organisation", 0, OPTION_TEXT, "TEXT", "whom you write for" },
	{ "about", 0, OPTION_TEXT, "TEXT", "what that is, in a few words" },
	{ "role", 0, OPTION_TEXT, "TEXT", "your role there" },
	{ "relation", 0, OPTION_TEXT, "TEXT", "your relation to the machines" },
	{ "mail", 0, OPTION_TEXT, "ADDRESS", "your mail address" },
	{ "phone", 0, OPTION_TEXT, "NUMBER", "a telephone number" },
	{ "provider", 0, OPTION_TEXT, "TEXT", "your own provider" },
	{ "web", 0, OPTION_TEXT, "URL", "your web page" },
	{ "key", 0, OPTION_TEXT, "FINGERPRINT", "OpenPGP key to sign with" },
	{ "key-url", 0, OPTION_TEXT, "URL", "where that key lies" },
	{ "zone", 0, OPTION_TEXT, "ZONE", "time zone of logs that carry none" },
	{ "registries", 0, OPTION_TEXT, "yes|no", "may registries be asked" },
	{ "reverse-names", 0, OPTION_TEXT, "yes|no", "may reverse names be looked up" },
	{ "host", 0, OPTION_LIST, "LOGHOST=ADDRESS[,NAME]",
	  "public address and name of a logging host" },
	{ "batch", 0, OPTION_FLAG, NULL, "ask nothing: take what the options say" },
	{ "force", 0, OPTION_FLAG, NULL, "replace a configuration that is there" },
	{ "print", 0, OPTION_FLAG, NULL, "print it instead of writing it" },
	{ "try", 0, OPTION_FLAG, NULL, "send yourself a mail and see how it arrives" },
	{ "maildir", 0, OPTION_TEXT, "FOLDER", "with --try: the box where it arrives" },
	{ "received", 0, OPTION_TEXT, "FILE",
	  "with --try: such a mail as it arrived; '-' is standard input" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static const char *schema_help(const char *section, const char *key)
{
	for (size_t i = 0; i < schema_count; i++)
		if (strcmp(schema[i].section, section) == 0 &&
		    strcmp(schema[i].key, key) == 0)
			return schema[i].help;
	return "";
}

static int zone_check(struct slice name, struct error *err)
{
	struct zone *zone = zone_open(name, err);

	if (!zone) {
		err->kind = ERROR_SYNTAX; /* a slip in an answer, not a lost file */
		return -1;
	}
	zone_free(zone);
	return 0;
}

/* A value that begins a comment or a line of its own would not read back as it is. */
static int value_check(const struct question *question, struct slice value,
		       struct error *err)
{
	for (size_t i = 0; i < value.len; i++)
		if ((unsigned char)value.at[i] < ' ' || value.at[i] == 0x7f)
			return error_set(err, ERROR_SYNTAX,
					 "'%s' holds a control character",
					 question->key);
	if (slice_find(value, S(" ;")) >= 0 || slice_starts(value, S(";")))
		return error_set(err, ERROR_SYNTAX,
				 "'%s' holds ' ;', which begins a comment in the file",
				 question->key);
	if ((strcmp(question->section, "look-up") == 0) &&
	    !slice_equal(value, S("yes")) && !slice_equal(value, S("no")))
		return error_set(err, ERROR_SYNTAX,
				 "'%s' is '" SLICE_FMT "': yes or no", question->key,
				 SLICE_ARG(value));
	if (strcmp(question->key, "mail") == 0 && value.len &&
	    slice_find_byte(value, '@') < 1)
		return error_set(err, ERROR_SYNTAX,
				 "'" SLICE_FMT "' is no mail address",
				 SLICE_ARG(value));
	if (strcmp(question->key, "zone") == 0 && value.len)
		return zone_check(value, err);
	return 0;
}

/* One line from the terminal, which cuts lines at ANSWER_MAX itself. */
static int line_read(struct run *run, struct slice *out)
{
	char room[ANSWER_MAX];

	if (!fgets(room, sizeof room, stdin)) {
		putchar('\n');
		return error_set(&run->err, ERROR_REFUSED,
				 "the answers ended early: nothing was written");
	}
	*out = arena_copy(run->arena, slice_trim(slice_of(room)));
	return 0;
}

/* A slip costs one line of a dialogue, not all that was answered before. */
static void slip_print(struct run *run)
{
	command_problem(slice_of(run->err.text));
	error_clear(&run->err);
}

static int answer_ask(struct run *run, const struct question *question,
		      struct slice *out)
{
	for (;;) {
		printf("%s%s%s%s: ", question->ask, question->otherwise[0] ? " [" : "",
		       question->otherwise, question->otherwise[0] ? "]" : "");
		fflush(stdout);
		if (line_read(run, out) != 0)
			return -1;
		if (!out->len)
			*out = slice_of(question->otherwise);
		if (value_check(question, *out, &run->err) == 0)
			return 0;
		slip_print(run);
	}
}

static int answer_get(struct run *run, const struct question *question, bool may_ask,
		      struct slice *out)
{
	bool given = run_given(run, question->flag);

	if (may_ask && !given)
		return answer_ask(run, question, out);
	*out = given ? run_text(run, question->flag) : slice_of(question->otherwise);
	return value_check(question, *out, &run->err);
}

static int rows_write(struct run *run, struct buffer *out, bool may_ask)
{
	const char *section = "";

	for (size_t i = 0; i < COUNT_OF(QUESTIONS); i++) {
		const struct question *question = &QUESTIONS[i];
		struct slice value;

		if (answer_get(run, question, may_ask, &value) != 0)
			return -1;
		if (strcmp(section, question->section) != 0)
			buffer_printf(out, "%s[%s]\n", section[0] ? "\n" : "",
				      question->section);
		section = question->section;
		buffer_printf(out, "# %s\n", schema_help(section, question->key));
		buffer_printf(out, "%s%s = " SLICE_FMT "\n", value.len ? "" : "#",
			      question->key, SLICE_ARG(value));
	}
	return 0;
}

static int host_write(struct buffer *out, struct slice row, struct error *err)
{
	ptrdiff_t equals = slice_find_byte(row, '=');
	struct slice value = slice_from(row, (size_t)(equals + 1));
	ptrdiff_t comma = slice_find_byte(value, ',');
	struct slice text = slice_cut(value, 0, comma < 0 ? value.len : (size_t)comma);
	struct address address;

	if (equals < 1 || !value.len)
		return error_set(err, ERROR_SYNTAX,
				 "'" SLICE_FMT "': write LOGHOST=ADDRESS or "
				 "LOGHOST=ADDRESS,NAME",
				 SLICE_ARG(row));
	if (address_parse(text, &address) != 0)
		return error_set(err, ERROR_SYNTAX, "'" SLICE_FMT "' is no address",
				 SLICE_ARG(text));
	buffer_add(out, slice_cut(row, 0, (size_t)equals));
	buffer_add(out, S(" = "));
	buffer_add(out, text);
	if (comma >= 0) {
		buffer_add_byte(out, ' ');
		buffer_add(out, slice_from(value, (size_t)comma + 1));
	}
	buffer_add_byte(out, '\n');
	return 0;
}

static int hosts_write(struct run *run, struct buffer *out, bool may_ask)
{
	struct slices hosts = run_list(run, "host");

	buffer_add(
		out,
		S("\n[hosts]\n# Each logging host, as the log names it: its public "
		  "address and full name.\n# web1 = 198.51.100.5 web1.example.net\n"));
	while (may_ask && !hosts.count) {
		struct slice row;

		printf("A logging host as LOGHOST=PUBLIC-ADDRESS,FULL-NAME; '*' stands for\n"
		       "lines that name none (empty: no more): ");
		fflush(stdout);
		if (line_read(run, &row) != 0)
			return -1;
		if (!row.len)
			break;
		if (host_write(out, row, &run->err) != 0)
			slip_print(run);
	}
	for (size_t i = 0; i < hosts.count; i++)
		if (host_write(out, hosts.at[i], &run->err) != 0)
			return -1;
	return 0;
}

static int path_get(struct run *run, struct slice *out)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct slice given = run_text(run, "config");

	if (given.len) {
		*out = given;
		return 0;
	}
	if (geteuid() == 0)
		*out = S("/etc/tipoff/tipoff.conf");
	else if (config && config[0] == '/')
		*out = arena_printf(run->arena, "%s/tipoff/tipoff.conf", config);
	else if (home && home[0] == '/')
		*out = arena_printf(run->arena, "%s/.config/tipoff/tipoff.conf", home);
	else
		return error_set(
			&run->err, ERROR_CONFIG,
			"no place for the configuration: name one with --config");
	return 0;
}

static int file_put(struct run *run, struct slice path, struct slice text)
{
	ptrdiff_t slash = slice_find_last_byte(path, '/');
	enum file_write how = run_flag(run, "force") ? FILE_REPLACE : FILE_NEW;

	if (slash > 0 &&
	    file_make_folder(arena_cstr(run->arena, slice_cut(path, 0, (size_t)slash)),
			     &run->err) != 0)
		return -1;
	if (file_write(arena_cstr(run->arena, path), how, 0600, text, &run->err) != 0)
		return run->err.kind == ERROR_REFUSED
			       ? error_set(
					 &run->err, ERROR_REFUSED,
					 "'" SLICE_FMT
					 "' is there already: edit it, or replace it with --force",
					 SLICE_ARG(path))
			       : -1;
	return 0;
}

static void warning_print(void)
{
	puts("These answers go into the memos that you approve. Desks often pass a report on\n"
	     "word for word, so your name and number can reach the attacker: a role name\n"
	     "(\"abuse team\") without a telephone number is a fair choice. Empty answers\n"
	     "leave things out; without your name, role and mail address no report can be\n"
	     "approved. Nothing is sent or asked now.\n");
}

/* Yes or no; an end is no. What was written is written. */
static bool may_try(struct run *run)
{
	char room[ANSWER_MAX];

	for (;;) {
		struct slice answer;

		print_text(&run->out, "Send a mail to ");
		print_slice(&run->out, run->settings.mail);
		print_text(&run->out,
			   " now, to see how your reports will arrive (yes or no) "
			   "[no]: ");
		fflush(stdout);
		if (!fgets(room, sizeof room, stdin)) {
			putchar('\n');
			return false;
		}
		answer = slice_trim(slice_of(room));
		if (slice_equal(answer, S("yes")))
			return true;
		if (!answer.len || slice_equal(answer, S("no")))
			return false;
	}
}

/* The first delivery is to the user, by what was just written; the exit code. */
static int try_offer(struct run *run, struct slice path)
{
	struct settings_source source = { path, run_list(run, "set") };

	if (settings_read(run->arena, &source, &run->settings, &run->err) != 0)
		return command_fail(run);
	if (run->settings.mail.len && may_try(run))
		return init_try(run);
	print_text(&run->out, "'tipoff init --try' does that at any time.\n");
	return 0;
}

static int init_do(struct run *run, struct buffer *out, int *code)
{
	bool may_ask = !run_flag(run, "batch") && isatty(STDIN_FILENO);
	struct slice path;

	if (path_get(run, &path) != 0)
		return -1;
	if (!run_flag(run, "print") && !run_flag(run, "force") &&
	    access(arena_cstr(run->arena, path), F_OK) == 0)
		return error_set(
			&run->err, ERROR_REFUSED,
			"'" SLICE_FMT
			"' is there already: edit it, or replace it with --force",
			SLICE_ARG(path));
	if (may_ask)
		warning_print();
	buffer_add(
		out,
		S("# tipoff's configuration; tipoff.conf(5) explains every key.\n\n"));
	if (rows_write(run, out, may_ask) != 0 || hosts_write(run, out, may_ask) != 0)
		return -1;
	if (run_flag(run, "print")) {
		print_lines(&run->out, buffer_slice(out));
		return 0;
	}
	if (file_put(run, path, buffer_slice(out)) != 0)
		return -1;
	print_text(&run->out, "Written: ");
	print_slice(&run->out, path);
	print_text(&run->out,
		   "\nNext: 'tipoff draft' shows what would be reported, and "
		   "to whom.\n");
	if (may_ask)
		*code = try_offer(run, path);
	else
		print_text(&run->out,
			   "'tipoff init --try' sends you a mail, to see how "
			   "your reports will arrive.\n");
	return 0;
}

static int init_command(struct run *run)
{
	struct buffer out;
	int code = 0;

	if (run_flag(run, "try"))
		return init_try(run);
	buffer_init(&out, FILE_MAX);
	if (init_do(run, &out, &code) != 0)
		code = command_fail(run);
	buffer_clear(&out);
	return code;
}

const struct command command_init = {
	.name = "init",
	.arguments = "",
	.summary = "ask who you are and what may be asked, write the configuration",
	.about =
		"Asks for your particulars, and once whether registries may be asked about\n"
		"sources and whether reverse names may be looked up, and writes the\n"
		"configuration. Every question has an option for scripts. Without a terminal\n"
		"nothing is asked. At the end it offers to send you a mail, as --try does.\n\n"
		"With --try it asks nothing: it sends a mail to your own address, and one to a\n"
		"plus-address where [send] plus is set, and reads in your box ([mail] imap-url),\n"
		"in your maildir, or in what you save, how they arrived. Only then is the\n"
		"plus-address used.",
	.options = OPTIONS,
	.needs = NEEDS_NO_ARGUMENT | IGNORES_CONFIG,
	.run = init_command,
};
