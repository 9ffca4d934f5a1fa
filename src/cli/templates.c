#include "cli/templates.h"

#include "cli/commands.h"
#include "os/file.h"
#include "report/template_check.h"

#include <stdlib.h>
#include <sysexits.h>

static const struct option OPTIONS[] = {
	{ "for", 0, OPTION_TEXT, "DOMAIN",
	  "copy: only for contacts at this domain, such as isp.example" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

/* Beside the configuration; where there is none, where init would write one. */
static struct slice templates_folder(struct run *run)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	ptrdiff_t slash = slice_find_last_byte(run->settings.path, '/');

	if (run->settings.templates.len)
		return run->settings.templates;
	if (slash >= 0)
		return arena_printf(
			run->arena, SLICE_FMT "templates",
			SLICE_ARG(slice_cut(run->settings.path, 0, (size_t)slash + 1)));
	if (run->settings.path.len)
		return S("templates");
	if (config && config[0] == '/')
		return arena_printf(run->arena, "%s/tipoff/templates", config);
	if (home && home[0] == '/')
		return arena_printf(run->arena, "%s/.config/tipoff/templates", home);
	return S("/etc/tipoff/templates");
}

const struct template_set *run_templates(struct run *run)
{
	struct template_set *set = ARENA_NEW(run->arena, struct template_set);
	struct slices problems = { 0 };

	templates_shipped(run->arena, set);
	templates_load(run->arena, templates_folder(run), set, &problems);
	for (size_t i = 0; i < problems.count; i++)
		command_problem(problems.at[i]);
	return set;
}

/* ---- list ---- */

/* A template, and what is wrong with it. */
struct template_row {
	struct slice name, domain, path, problem;
};

static void row_json(struct run *run, const struct template_row *row)
{
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 64 * 1024);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "template");
	json_put_string(&writer, "name", row->name);
	json_put_optional(&writer, "for", row->domain);
	json_put_optional(&writer, "path", row->path);
	json_put_optional(&writer, "problem", row->problem);
	json_object_end(&writer);
	print_json(&run->out, &out);
	buffer_clear(&out);
}

static void row_print(struct run *run, struct table *table,
		      const struct template_row *row)
{
	if (run->json) {
		row_json(run, row);
		return;
	}
	table_add(table, row->name, COLOUR_STRONG);
	table_add(table, row->domain.len ? row->domain : S("all"), COLOUR_NONE);
	table_add(table, row->path.len ? row->path : S("shipped"), COLOUR_NONE);
	table_add(table,
		  !row->path.len     ? S("")
		  : row->problem.len ? S("not used: see 'tipoff templates check'")
				     : S("used"),
		  row->problem.len ? COLOUR_RED : COLOUR_NONE);
}

/* "isp.example/memo.txt" of the folder, read and checked. */
static struct template_row row_of(struct run *run, struct slice folder,
				  struct slice name)
{
	ptrdiff_t slash = slice_find_byte(name, '/');
	struct template_row row = {
		.name = slice_from(name, (size_t)(slash + 1)),
		.domain = slice_cut(name, 0, slash < 0 ? 0 : (size_t)slash),
		.path = arena_printf(run->arena, SLICE_FMT "/" SLICE_FMT,
				     SLICE_ARG(folder), SLICE_ARG(name)),
	};
	struct error err = { 0 };
	struct template_file file;

	row.name.len -= slice_ends(row.name, S(".txt")) ? 4 : 0;
	if (template_file_read(run->arena, row.path, row.domain, &file, &err) != 0 ||
	    template_check(run->arena, &file, &err) != 0)
		row.problem = arena_copy(run->arena, slice_of(err.text));
	return row;
}

static int list_verb(struct run *run)
{
	static const char *const titles[] = { "TEMPLATE", "FOR", "FROM", "" };
	struct slice folder = templates_folder(run);
	struct slices names = { 0 };
	struct table table;

	templates_list(run->arena, folder, &names);
	table_init(&table, run->arena, titles, COUNT_OF(titles));
	for (size_t i = 0; i < names.count; i++) {
		struct template_row row = row_of(run, folder, names.at[i]);

		row_print(run, &table, &row);
	}
	for (size_t i = 0; i < shipped_template_count; i++)
		row_print(run, &table,
			  &(struct template_row){
				  .name = slice_of(shipped_templates[i].name) });
	if (run->json)
		return 0;
	table_print(&table, &run->out);
	print_text(&run->out, "\n'tipoff templates copy NAME' writes one to ");
	print_slice(&run->out, folder);
	print_text(&run->out, " for you to change.\n");
	return 0;
}

/* ---- copy ---- */

static struct slice shipped_text(struct slice name)
{
	for (size_t i = 0; i < shipped_template_count; i++)
		if (slice_equal(slice_of(shipped_templates[i].name), name))
			return (struct slice){ shipped_templates[i].text.at,
					       shipped_templates[i].text.len };
	return (struct slice){ NULL, 0 };
}

/* A folder of this name must lead nowhere else. */
static bool is_domain(struct slice domain)
{
	for (size_t i = 0; i < domain.len; i++)
		if (!ascii_is_alnum(domain.at[i]) &&
		    slice_find_byte(S("-."), domain.at[i]) < 0)
			return false;
	return domain.len && domain.len < 254 && domain.at[0] != '.';
}

static int one_copy(struct run *run, struct slice folder, struct slice name)
{
	struct slice text = shipped_text(name), path;

	if (!text.len)
		return error_set(&run->err, ERROR_NOT_FOUND,
				 "no template '" SLICE_FMT
				 "': 'tipoff templates list' shows the names",
				 SLICE_ARG(name));
	path = arena_printf(run->arena, SLICE_FMT "/" SLICE_FMT ".txt",
			    SLICE_ARG(folder), SLICE_ARG(name));
	if (file_make_folder(arena_cstr(run->arena, folder), &run->err) != 0 ||
	    file_write(path.at, FILE_NEW, 0644, text, &run->err) != 0)
		return -1;
	if (!run->json) {
		print_text(&run->out, "wrote ");
		print_slice(&run->out, path);
		print_text(&run->out, "\n");
	}
	return 0;
}

static int copy_verb(struct run *run)
{
	struct slice folder = templates_folder(run), domain = run_text(run, "for");

	if (run->arguments.count < 2)
		return command_usage(run, "'templates copy' needs a name");
	if (run_given(run, "for") && !is_domain(domain))
		return command_usage(run, "'" SLICE_FMT "' after --for is no domain",
				     SLICE_ARG(domain));
	if (domain.len)
		folder = arena_printf(run->arena, SLICE_FMT "/" SLICE_FMT,
				      SLICE_ARG(folder), SLICE_ARG(domain));
	for (size_t i = 1; i < run->arguments.count; i++)
		if (one_copy(run, folder, run->arguments.at[i]) != 0)
			return command_fail(run);
	if (!run->json)
		print_text(
			&run->out,
			"Change it as you like, then run 'tipoff templates check': "
			"one that does not\npass is not used, and the shipped one is.\n");
	return 0;
}

/* ---- check ---- */

static void verdict_print(struct run *run, const struct template_row *row)
{
	if (run->json) {
		row_json(run, row);
		return;
	}
	print_slice(&run->out, row->problem.len ? row->problem : row->path);
	print_text(&run->out, "%s\n", row->problem.len ? "" : ": fine");
}

static int check_verb(struct run *run)
{
	struct slices names = { 0 };
	struct slice folder = templates_folder(run);
	size_t wrong = 0, count = run->arguments.count - 1;

	if (!count)
		templates_list(run->arena, folder, &names);
	for (size_t i = 0; i < count + names.count; i++) {
		struct slice path = count ? run->arguments.at[i + 1] : S("");
		ptrdiff_t slash = slice_find_last_byte(path, '/');
		struct template_row row =
			count ? row_of(run,
				       slash < 0 ? S(".")
						 : slice_cut(path, 0, (size_t)slash),
				       slice_from(path, (size_t)(slash + 1)))
			      : row_of(run, folder, names.at[i]);

		verdict_print(run, &row);
		wrong += row.problem.len != 0;
	}
	if (!count && !names.count && !run->json) {
		print_text(&run->out, "no templates in ");
		print_slice(&run->out, folder);
		print_text(&run->out, ": the shipped ones are used\n");
	}
	return wrong ? EX_DATAERR : 0;
}

/* ---- names ---- */

static struct slice places(struct run *run, unsigned uses)
{
	static const struct {
		unsigned use;
		const char *name;
	} rows[] = {
		{ USE_MEMO, "memo" },
		{ USE_SEVERAL, "several" },
		{ USE_SUBJECT, "subject" },
		{ USE_WORDS, "a category" },
	};
	struct slice out = { "", 0 };

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (uses & rows[i].use)
			out = arena_printf(run->arena, SLICE_FMT "%s%s", SLICE_ARG(out),
					   out.len ? ", " : "", rows[i].name);
	return out;
}

static int names_verb(struct run *run)
{
	static const char *const titles[] = { "NAME", "IN", "WHAT STANDS THERE" };
	struct table table;

	table_init(&table, run->arena, titles, COUNT_OF(titles));
	for (size_t i = 0; i < TEMPLATE_NAME_COUNT; i++) {
		const struct template_name *row = &TEMPLATE_NAMES[i];

		table_add(&table, slice_of(row->name), COLOUR_STRONG);
		table_add(&table, places(run, row->uses), COLOUR_NONE);
		table_add(&table, slice_of(row->help ? row->help : "likewise"),
			  COLOUR_NONE);
	}
	table_print(&table, &run->out);
	return 0;
}

static int templates_command(struct run *run)
{
	static const struct {
		const char *name;
		int (*run)(struct run *run);
	} verbs[] = {
		{ "list", list_verb },
		{ "copy", copy_verb },
		{ "check", check_verb },
		{ "names", names_verb },
	};

	for (size_t i = 0; i < COUNT_OF(verbs); i++)
		if (slice_equal(run->arguments.at[0], slice_of(verbs[i].name)))
			return verbs[i].run(run);
	return command_usage(run, "'templates' needs one of: list, copy, check, names");
}

const struct command command_templates = {
	.name = "templates",
	.arguments = "list | copy NAME... | check [FILE...]",
	.summary = "the letters that reports are made of, to change and to check",
	.about =
		"A report is put together by templates: 'memo' is the letter about one source,\n"
		"'several' the one about several, 'subject' its subject, and each category of\n"
		"attack ('login-attack', 'probe', ...) has one with its words. 'copy' writes a\n"
		"shipped one into your folder (templates/ beside the configuration, or [report]\n"
		"templates), with --for DOMAIN for contacts at that domain only. 'names' lists\n"
		"what may stand in {{braces}}.\n"
		"\n"
		"What you changed is checked before it is used, every time: {{names}} must be\n"
		"known, and the letters that it makes of sample attacks must pass the lint.\n"
		"'check' says what is wrong, with the line, and exits with 65. One that does not\n"
		"pass never stops a draft: the shipped one is used.",
	.options = OPTIONS,
	.needs = NEEDS_ARGUMENT,
	.run = templates_command,
};
