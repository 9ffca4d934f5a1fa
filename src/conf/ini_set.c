#include "conf/ini_set.h"

#include "base/buffer.h"
#include "base/cursor.h"

#include <assert.h>
#include <unistd.h>

static const struct slice DEFAULT = { "DEFAULT", 7 };

/* --- expansion --- */

/* The references being expanded, innermost first. */
struct frame {
	const struct frame *up;
	struct slice name;
	unsigned depth;
};

struct expansion {
	const struct ini_set *set;
	struct slice section;
	const struct ini_vars *vars;
	const struct ini_option *option; /* the one asked for: errors point at it */
	struct buffer text;
	unsigned references;
	struct error *err;
};

static const struct ini_option *own_option(const struct ini_set *set,
					   struct slice section, struct slice name)
{
	const struct ini_section *found = ini_section_find(&set->sections, section);

	return found ? ini_option_find(&found->options, name) : NULL;
}

static const struct ini_option *option_or_default(const struct ini_set *set,
						  struct slice section,
						  struct slice name)
{
	const struct ini_section *found = ini_section_find(&set->sections, section);
	const struct ini_option *option = NULL;

	if (found)
		option = ini_option_find(&found->options, name);
	if (!option && (found || slice_equal(section, DEFAULT)))
		option = ini_option_find(&set->defaults, name);
	return option;
}

static const struct ini_var *var_find(const struct ini_vars *vars, struct slice name)
{
	for (size_t i = 0; vars && i < vars->count; i++) {
		if (slice_equal_nocase(vars->at[i].name, name))
			return &vars->at[i];
	}
	return NULL;
}

static int broken(const struct expansion *expansion, enum error_kind kind,
		  const char *what, struct slice subject)
{
	const struct ini_option *option = expansion->option;

	return error_set(expansion->err, kind,
			 SLICE_FMT ":%u: '" SLICE_FMT "': '" SLICE_FMT "' %s",
			 SLICE_ARG(option->path), option->line, SLICE_ARG(option->name),
			 SLICE_ARG(slice_cut(subject, 0, 80)), what);
}

/* "section/opt": from that section's own options, then from [DEFAULT]. A section that
 * does not exist answers nothing at all, as in fail2ban.                              */
static const struct ini_option *foreign_option(const struct expansion *expansion,
					       struct slice name)
{
	ptrdiff_t slash = slice_find_byte(name, '/');

	if (slash < 1)
		return NULL;
	struct slice section = slice_cut(name, 0, (size_t)slash);
	struct slice option = slice_from(name, (size_t)slash + 1);
	const struct ini_option *found = NULL;
	if (slice_equal_nocase(section, S("known"))) {
		section = arena_printf(expansion->set->arena, "KNOWN/" SLICE_FMT,
				       SLICE_ARG(expansion->section));
		found = own_option(expansion->set, section, option);
	} else if (!slice_equal_nocase(section, S("default"))) {
		if (!ini_section_find(&expansion->set->sections, section))
			return NULL;
		found = own_option(expansion->set, section, option);
	}
	return found ? found : ini_option_find(&expansion->set->defaults, option);
}

static bool look_up(const struct expansion *expansion, struct slice name,
		    struct slice *out)
{
	const struct ini_var *var = var_find(expansion->vars, name);

	if (slice_equal(name, S("__name__"))) {
		*out = expansion->section;
		return true;
	}
	if (var) {
		*out = var->value;
		return true;
	}
	const struct ini_option *option =
		option_or_default(expansion->set, expansion->section, name);
	if (!option)
		option = foreign_option(expansion, name);
	if (option)
		*out = option->value;
	return option != NULL;
}

static int expand(struct expansion *expansion, struct slice text,
		  const struct frame *frame);

static int expand_reference(struct expansion *expansion, struct slice name,
			    const struct frame *up)
{
	struct slice value;

	assert(up); /* the first frame is the option asked for */
	for (const struct frame *frame = up; frame; frame = frame->up) {
		if (slice_equal_nocase(frame->name, name))
			return broken(expansion, ERROR_SYNTAX, "refers to itself",
				      name);
	}
	if (!look_up(expansion, name, &value))
		return broken(expansion, ERROR_SYNTAX,
			      "is referred to by %(...)s and defined nowhere: define "
			      "it, or write %% for a percent sign",
			      name);
	if (up->depth == INI_DEPTH_MAX && slice_find_byte(value, '%') >= 0)
		return broken(expansion, ERROR_LIMIT,
			      "is the 11th reference inside one another (10 allowed)",
			      name);
	if (expansion->references++ == INI_REFERENCES_MAX)
		return broken(expansion, ERROR_LIMIT, "is one reference too many",
			      name);
	const struct frame frame = { .up = up, .name = name, .depth = up->depth + 1 };
	return expand(expansion, value, &frame);
}

/* *text begins at a '%'; it is moved behind what was read. */
static int expand_percent(struct expansion *expansion, struct slice *text,
			  const struct frame *frame)
{
	ptrdiff_t close = slice_find_byte(*text, ')');

	if (slice_starts(*text, S("%%"))) {
		buffer_add_byte(&expansion->text, '%');
		*text = slice_from(*text, 2);
		return 0;
	}
	if (!slice_starts(*text, S("%(")))
		return broken(expansion, ERROR_SYNTAX,
			      "has a percent sign alone: write %% for one", *text);
	if (close < 3 || !slice_starts(slice_from(*text, (size_t)close + 1), S("s")))
		return broken(expansion, ERROR_SYNTAX,
			      "is a reference cut short: write %(name)s", *text);
	struct slice name = slice_cut(*text, 2, (size_t)close);
	*text = slice_from(*text, (size_t)close + 2);
	return expand_reference(expansion, name, frame);
}

static int expand(struct expansion *expansion, struct slice text,
		  const struct frame *frame)
{
	while (text.len > 0) {
		ptrdiff_t percent = slice_find_byte(text, '%');
		size_t plain = percent < 0 ? text.len : (size_t)percent;

		buffer_add(&expansion->text, slice_cut(text, 0, plain));
		text = slice_from(text, plain);
		if (text.len > 0 && expand_percent(expansion, &text, frame))
			return -1;
		if (expansion->text.failed)
			return broken(expansion, ERROR_LIMIT,
				      "makes the value longer than 256 KiB",
				      frame->name);
	}
	return 0;
}

static bool section_exists(const struct ini_set *set, struct slice name)
{
	return slice_equal(name, DEFAULT) || ini_section_find(&set->sections, name);
}

/* A parameter is an option without a file. */
static bool parameter_option(const struct ini_vars *vars, struct slice name,
			     struct ini_option *out)
{
	const struct ini_var *var = var_find(vars, name);

	if (!var)
		return false;
	*out = (struct ini_option){ .name = name,
				    .value = var->value,
				    .path = S("parameter") };
	return true;
}

int ini_set_get(const struct ini_set *set, struct slice section, struct slice name,
		const struct ini_vars *vars, struct slice *out, struct error *err)
{
	const struct ini_option *option = option_or_default(set, section, name);
	struct ini_option given;

	if (section_exists(set, section) && parameter_option(vars, name, &given))
		option = &given;
	if (!option)
		return 0;
	struct expansion expansion = { .set = set,
				       .section = section,
				       .vars = vars,
				       .option = option,
				       .err = err };
	const struct frame frame = { .name = option->name, .depth = 1 };
	buffer_init(&expansion.text, INI_VALUE_MAX);
	int result = expand(&expansion, option->value, &frame);
	if (result == 0)
		*out = arena_copy(set->arena, buffer_slice(&expansion.text));
	buffer_clear(&expansion.text);
	return result == 0 ? 1 : -1;
}

/* --- files --- */

/* The files being read, innermost first. */
struct including {
	const struct including *up;
	struct slice path;
	unsigned depth;
};

struct reading {
	struct arena *arena;
	struct ini_set *set;
	struct slices
		listed; /* the files asked for, which add their .local themselves */
	struct slices *missing; /* NULL: an include that is missing is an error */
	struct error *err;
};

static bool file_exists(struct arena *arena, struct slice path)
{
	return access(arena_cstr(arena, path), F_OK) == 0;
}

static bool listed(const struct slices *paths, struct slice path)
{
	for (size_t i = 0; i < paths->count; i++) {
		if (slice_equal(paths->at[i], path))
			return true;
	}
	return false;
}

/* "dir/x.conf" gives "dir/x"; a dot in the folder or at the name's start is none. */
static struct slice without_suffix(struct slice path)
{
	ptrdiff_t dot = slice_find_last_byte(path, '.');
	ptrdiff_t slash = slice_find_last_byte(path, '/');

	return dot > slash + 1 ? slice_cut(path, 0, (size_t)dot) : path;
}

static struct slice folder_of(struct slice path)
{
	ptrdiff_t slash = slice_find_last_byte(path, '/');

	return slash < 0 ? S(".") : slice_cut(path, 0, (size_t)slash);
}

/* "Init?family=inet6" names the section up to the '?' and a suffix for its options. */
static size_t condition_start(struct slice name)
{
	size_t at = 0;

	while (at < name.len && (ascii_is_alnum(name.at[at]) || name.at[at] == '_'))
		at++;
	bool conditional = at > 0 && at + 1 < name.len && name.at[at] == '?';
	return conditional ? at : name.len;
}

static struct ini_options options_renamed(struct arena *arena,
					  const struct ini_section *section,
					  struct slice suffix)
{
	struct ini_options renamed = { 0 };

	if (suffix.len == 0)
		return section->options;
	for (size_t i = 0; i < section->options.count; i++) {
		struct ini_option *added = LIST_ADD(arena, &renamed);

		*added = section->options.at[i];
		added->name = arena_printf(arena, SLICE_FMT SLICE_FMT,
					   SLICE_ARG(added->name), SLICE_ARG(suffix));
	}
	return renamed;
}

static void keep_known(struct arena *arena, struct ini_set *set,
		       const struct ini_section *old, const struct ini_options *newer)
{
	struct ini_options known = { 0 };
	struct slice name =
		arena_printf(arena, "KNOWN/" SLICE_FMT, SLICE_ARG(old->name));

	for (size_t i = 0; i < old->options.count; i++) {
		if (ini_option_find(newer, old->options.at[i].name))
			*LIST_ADD(arena, &known) = old->options.at[i];
	}
	/* `old` may move when a section is added: nothing of it is used after. */
	const struct ini_section like = *old;
	struct ini_section *section =
		ini_section_add(arena, &set->sections, name, &like);
	ini_options_merge(arena, &section->options, &known);
}

static void set_merge(struct arena *arena, struct ini_set *set, const struct ini *ini)
{
	for (size_t i = 0; i < ini->sections.count; i++) {
		const struct ini_section *from = &ini->sections.at[i];
		size_t end = condition_start(from->name);
		struct slice name = slice_cut(from->name, 0, end);
		struct ini_options options =
			options_renamed(arena, from, slice_from(from->name, end));
		const struct ini_section *old = ini_section_find(&set->sections, name);

		if (slice_equal(name, DEFAULT)) {
			ini_options_merge(arena, &set->defaults, &options);
			continue;
		}
		if (old)
			keep_known(arena, set, old, &options);
		struct ini_section *into =
			ini_section_add(arena, &set->sections, name, from);
		ini_options_merge(arena, &into->options, &options);
	}
}

static int add_file(struct reading *reading, struct slice path,
		    const struct including *up);

static int include_loop(struct reading *reading, struct slice path,
			const struct including *up)
{
	return error_set(reading->err, ERROR_SYNTAX,
			 "'" SLICE_FMT "' includes '" SLICE_FMT
			 "', which leads back to it: take one of the two includes out",
			 SLICE_ARG(up->path), SLICE_ARG(path));
}

static int include_missing(struct reading *reading, struct slice path,
			   const struct including *up)
{
	struct slice text = arena_printf(reading->arena,
					 "'" SLICE_FMT "' includes '" SLICE_FMT
					 "', which does not exist",
					 SLICE_ARG(up->path), SLICE_ARG(path));

	if (!reading->missing)
		return error_set(reading->err, ERROR_NOT_FOUND, SLICE_FMT,
				 SLICE_ARG(text));
	*LIST_ADD(reading->arena, reading->missing) = text;
	return 0;
}

/* `up` is the file that includes it. */
static int include(struct reading *reading, struct slice path,
		   const struct including *up)
{
	bool is_local = slice_ends(path, S(".local"));
	const struct including *open = up;

	do {
		if (!slice_equal(open->path, path))
			continue;
		/* A customisation that names what it customises is common and harmless. */
		if (slice_ends(up->path, S(".local")) &&
		    slice_equal(without_suffix(up->path), without_suffix(path)))
			return 0;
		return include_loop(reading, path, up);
	} while ((open = open->up) != NULL);
	if (!file_exists(reading->arena, path))
		return is_local ? 0 : include_missing(reading, path, up);
	struct slice local = arena_printf(reading->arena, SLICE_FMT ".local",
					  SLICE_ARG(without_suffix(path)));
	if (add_file(reading, path, up))
		return -1;
	if (is_local || !file_exists(reading->arena, local))
		return 0;
	return include(reading, local, up);
}

static int includes(struct reading *reading, const struct ini_set *file,
		    const char *option, const struct including *up)
{
	struct slice value, line;
	int found = ini_set_get(file, S("INCLUDES"), slice_of(option), NULL, &value,
				reading->err);

	if (found <= 0)
		return found;
	while (slice_next(&value, '\n', &line)) {
		struct slice path = line;

		if (line.len == 0)
			continue;
		if (line.at[0] != '/')
			path = arena_printf(reading->arena, SLICE_FMT "/" SLICE_FMT,
					    SLICE_ARG(folder_of(up->path)),
					    SLICE_ARG(line));
		if (include(reading, path, up))
			return -1;
	}
	return 0;
}

static int add_file(struct reading *reading, struct slice path,
		    const struct including *up)
{
	const struct including open = { .up = up,
					.path = path,
					.depth = up ? up->depth + 1 : 0 };
	struct ini_set alone = { .arena = reading->arena };
	struct ini ini;

	if (open.depth > INI_INCLUDES_MAX || reading->set->files.count == INI_FILES_MAX)
		return error_set(reading->err, ERROR_LIMIT,
				 "'" SLICE_FMT "': too many includes (%d files, %d "
				 "inside one another)",
				 SLICE_ARG(path), INI_FILES_MAX, INI_INCLUDES_MAX);
	if (ini_read(reading->arena, path, &ini, reading->err))
		return -1;
	set_merge(reading->arena, &alone, &ini);
	if (includes(reading, &alone, "before", &open))
		return -1;
	*LIST_ADD(reading->arena, &reading->set->files) = path;
	set_merge(reading->arena, reading->set, &ini);
	return includes(reading, &alone, "after", &open);
}

static int list_files(struct arena *arena, struct slice stem, struct slices *out,
		      struct error *err)
{
	struct slice folder = arena_printf(arena, SLICE_FMT ".d", SLICE_ARG(stem));
	const struct slice suffixes[] = { S(".conf"), S(".local") };

	*out = (struct slices){ 0 };
	for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
		struct slice path =
			arena_printf(arena, SLICE_FMT SLICE_FMT, SLICE_ARG(stem),
				     SLICE_ARG(suffixes[i]));
		struct slices more;

		if (ini_folder_files(arena, folder, suffixes[i], &more, err))
			return -1;
		if (file_exists(arena, path))
			*LIST_ADD(arena, out) = path;
		for (size_t j = 0; j < more.count; j++)
			*LIST_ADD(arena, out) = more.at[j];
	}
	if (out->count == 0)
		return error_set(err, ERROR_NOT_FOUND, "no file '" SLICE_FMT ".conf'",
				 SLICE_ARG(stem));
	return 0;
}

/* Each file with what belongs to it: a listed x.conf is followed by its x.local at once,
 * unless that is in the list and has its own turn.                                    */
static int add_listed(struct reading *reading, struct slice path)
{
	struct slice local = arena_printf(reading->arena, SLICE_FMT ".local",
					  SLICE_ARG(without_suffix(path)));

	if (add_file(reading, path, NULL))
		return -1;
	if (listed(&reading->listed, local) || !file_exists(reading->arena, local))
		return 0;
	return add_file(reading, local, NULL);
}

static int set_read(struct reading *reading, struct slice stem)
{
	if (list_files(reading->arena, stem, &reading->listed, reading->err))
		return -1;
	for (size_t i = 0; i < reading->listed.count; i++) {
		if (add_listed(reading, reading->listed.at[i]))
			return -1;
	}
	return 0;
}

int ini_set_read(struct arena *arena, struct slice stem, struct ini_set *out,
		 struct error *err)
{
	return ini_set_read_present(arena, stem, out, NULL, err);
}

int ini_set_read_present(struct arena *arena, struct slice stem, struct ini_set *out,
			 struct slices *missing, struct error *err)
{
	struct ini_set set = { .arena = arena };
	struct reading reading = {
		.arena = arena, .set = &set, .missing = missing, .err = err
	};

	if (set_read(&reading, stem) != 0)
		return -1;
	*out = set;
	return 0;
}

int ini_set_parse(struct arena *arena, struct slice path, struct slice text,
		  struct ini_set *out, struct error *err)
{
	struct ini_set set = { .arena = arena };
	struct ini ini;

	if (ini_parse(arena, path, text, &ini, err))
		return -1;
	set_merge(arena, &set, &ini);
	*LIST_ADD(arena, &set.files) = ini.path;
	*out = set;
	return 0;
}
