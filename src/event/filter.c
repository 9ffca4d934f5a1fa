#include "event/filter.h"

#include "conf/ini_set.h"
#include "event/filter_name.h"
#include "event/rule_report.h"
#include "event/tags.h"

/* What of [Definition] concerns us, in the order fail2ban resolves it. */
static const char *const OPTIONS[] = {
	"prefregex", "ignoreregex", "failregex",
	"maxlines",  "datepattern", "journalmatch",
};

enum { MAXLINES_MAX = 1000 };

struct reading {
	struct slice path; /* of the rule itself, not of what it includes */
	struct arena *arena;
	struct ini_set set;
	struct ini_vars parameters; /* those given, and the type of log */
	struct tags tags;
	struct slices conditional; /* names that some [Init?condition] gives */
	struct error *err;
};

static struct tag *tag_add(struct reading *reading, struct slice name,
			   struct slice value)
{
	struct tag *tag = LIST_ADD(reading->arena, &reading->tags);

	*tag = (struct tag){ .name = name, .value = value };
	return tag;
}

static bool parameter_given(const struct reading *reading, struct slice name)
{
	for (size_t i = 0; i < reading->parameters.count; i++) {
		if (slice_equal(reading->parameters.at[i].name, name))
			return true;
	}
	return false;
}

/* Our logs are files: journal's lines come in the same form. [DEFAULT] does not count,
 * because every file that includes common.conf has one there.                         */
static void choose_logtype(struct reading *reading)
{
	const struct ini_section *definition =
		ini_section_find(&reading->set.sections, S("Definition"));
	struct ini_vars *parameters = &reading->parameters;

	if (definition && ini_option_find(&definition->options, S("logtype")))
		return;
	for (size_t i = 0; i < parameters->count; i++) {
		if (!slice_equal(parameters->at[i].name, S("logtype")))
			continue;
		if (parameters->at[i].value.len == 0)
			parameters->at[i].value = S("file");
		return;
	}
	*LIST_ADD(reading->arena, parameters) =
		(struct ini_var){ .name = S("logtype"), .value = S("file") };
}

static int add_definition(struct reading *reading)
{
	for (size_t i = 0; i < COUNT_OF(OPTIONS); i++) {
		struct slice name = slice_of(OPTIONS[i]), value;

		if (parameter_given(reading, name))
			continue;
		int found = ini_set_get(&reading->set, S("Definition"), name,
					&reading->parameters, &value, reading->err);
		if (found < 0)
			return -1;
		if (found > 0)
			tag_add(reading, name, value);
	}
	return 0;
}

/* A parameter beats [Init], which beats [Definition]. */
static void override(struct reading *reading, struct slice name, struct slice value)
{
	struct tag *tag = tag_find(&reading->tags, name);

	if (tag)
		tag->value = value;
	else
		tag_add(reading, name, value);
}

/* What [Init] says stays reachable as <known/name> when a parameter replaces it. */
static int add_init(struct reading *reading)
{
	const struct ini_section *init =
		ini_section_find(&reading->set.sections, S("Init"));

	for (size_t i = 0; init && i < init->options.count; i++) {
		struct slice name = init->options.at[i].name, value;

		if (ini_set_get(&reading->set, S("Init"), name, NULL, &value,
				reading->err) < 0)
			return -1;
		if (!slice_starts(name, S("known/")))
			override(reading,
				 arena_printf(reading->arena, "known/" SLICE_FMT,
					      SLICE_ARG(name)),
				 value);
		if (!parameter_given(reading, name))
			override(reading, name, value);
	}
	return 0;
}

/* A name with a '-' or '.' in it is none, as fail2ban has it: its <tag> is replaced. */
static bool is_conditional(struct slice name, size_t mark)
{
	for (size_t i = 0; i < mark; i++) {
		if (!ascii_is_alnum(name.at[i]) && name.at[i] != '_')
			return false;
	}
	return mark > 0 && mark + 1 < name.len;
}

static void note_conditional(struct reading *reading)
{
	for (size_t i = 0; i < reading->tags.count; i++) {
		struct slice name = reading->tags.at[i].name;
		ptrdiff_t mark = slice_find_byte(name, '?');

		if (mark > 0 && is_conditional(name, (size_t)mark))
			*LIST_ADD(reading->arena, &reading->conditional) =
				slice_cut(name, 0, (size_t)mark);
	}
}

/* <section/option>, <known/option>, <default/option>: 1, 0 or -1 as a tag finder. */
static int find_foreign(struct reading *reading, struct slice name, struct slice *value,
			struct error *err)
{
	ptrdiff_t slash = slice_find_byte(name, '/');
	struct slice section = slice_cut(name, 0, slash < 0 ? 0 : (size_t)slash);
	struct slice option = slice_from(name, (size_t)slash + 1);
	struct slice places[] = { section, S("Definition") };
	size_t count = 1;

	if (slash < 1 || option.len == 0)
		return 0;
	if (slice_equal_nocase(section, S("known"))) {
		places[0] = S("KNOWN/Definition");
		count = 2;
	} else if (slice_equal_nocase(section, S("default"))) {
		places[0] = S("DEFAULT");
	}
	for (size_t i = 0; i < count; i++) {
		int found =
			ini_set_get(&reading->set, places[i], option, NULL, value, err);
		if (found != 0)
			return found;
	}
	return 0;
}

static int find_option(void *context, struct slice name, struct slice *value,
		       struct error *err)
{
	struct reading *reading = context;
	int found = find_foreign(reading, name, value, err);

	if (found != 0)
		return found;
	return ini_set_get(&reading->set, S("Definition"), name, &reading->parameters,
			   value, err);
}

static int resolve(struct reading *reading)
{
	const struct tag_finder finder = { find_option, reading };

	if (add_definition(reading))
		return -1;
	for (size_t i = 0; i < reading->parameters.count; i++)
		override(reading, reading->parameters.at[i].name,
			 reading->parameters.at[i].value);
	if (add_init(reading))
		return -1;
	note_conditional(reading);
	if (tags_resolve(reading->arena, &reading->tags, &reading->conditional, &finder,
			 reading->err))
		return error_context(reading->err, SLICE_FMT, SLICE_ARG(reading->path));
	return 0;
}

static struct slice resolved(const struct reading *reading, const char *name)
{
	const struct tag *tag = tag_find(&reading->tags, slice_of(name));

	return tag ? tag->value : S("");
}

static struct slices lines_of(struct arena *arena, struct slice text)
{
	struct slices lines = { 0 };
	struct slice line;

	while (slice_next(&text, '\n', &line)) {
		if (line.len > 0)
			*LIST_ADD(arena, &lines) = line;
	}
	return lines;
}

static int read_maxlines(const struct reading *reading, unsigned *out)
{
	struct slice text = slice_trim(resolved(reading, "maxlines"));
	uint64_t value = 1;

	if (text.len > 0 && (slice_to_u64(text, MAXLINES_MAX, &value) || value == 0))
		return error_set(reading->err, ERROR_SYNTAX,
				 SLICE_FMT ": maxlines is '" SLICE_FMT
					   "': give a number from 1 to %d",
				 SLICE_ARG(reading->path),
				 SLICE_ARG(slice_cut(text, 0, 80)), MAXLINES_MAX);
	*out = (unsigned)value;
	return 0;
}

static int read_own_sections(const struct reading *reading, struct filter *out)
{
	const struct ini_section *report =
		ini_section_find(&reading->set.sections, S("Report"));
	const struct ini_section *samples =
		ini_section_find(&reading->set.sections, S("Samples"));

	struct rule_marks marks = { 0 };

	if (report && rule_report_read(report, &out->report, &marks, reading->err))
		return -1;
	out->source_may_be_name = marks.source_may_be_name;
	out->no_act = marks.no_act;
	out->has_report = report != NULL;
	out->report.name = out->name;
	out->report.path = out->path;
	if (!samples)
		return 0;
	return rule_samples_read(reading->arena, samples, &out->samples, reading->err);
}

static int fill(struct reading *reading, struct slice name, struct filter *out)
{
	struct filter filter = { .name = name, .path = reading->path };

	choose_logtype(reading);
	if (resolve(reading) || read_own_sections(reading, &filter) ||
	    read_maxlines(reading, &filter.maxlines))
		return error_context(reading->err, "rule '" SLICE_FMT "'",
				     SLICE_ARG(name));
	filter.prefregex = resolved(reading, "prefregex");
	filter.failregex = lines_of(reading->arena, resolved(reading, "failregex"));
	filter.ignoreregex = lines_of(reading->arena, resolved(reading, "ignoreregex"));
	filter.datepattern = resolved(reading, "datepattern");
	filter.journalmatch =
		lines_of(reading->arena, resolved(reading, "journalmatch"));
	*out = filter;
	return 0;
}

/* A name with a '/' is a path, with or without .conf; else it is one of `folder`. */
static struct slice stem_of(struct arena *arena, struct slice folder, struct slice name)
{
	if (slice_ends(name, S(".conf")))
		name = slice_cut(name, 0, name.len - 5);
	if (slice_find_byte(name, '/') >= 0)
		return name;
	return arena_printf(arena, SLICE_FMT "/" SLICE_FMT, SLICE_ARG(folder),
			    SLICE_ARG(name));
}

/* Includes are read before: the first file read need not be the rule's own. */
static struct slice own_file(const struct ini_set *set, struct slice stem)
{
	for (size_t i = 0; i < set->files.count; i++) {
		struct slice path = set->files.at[i];

		if (slice_starts(path, stem) && path.len > stem.len &&
		    path.at[stem.len] == '.')
			return path;
	}
	return set->files.at[0];
}

bool filter_is_undefined(struct slice expression)
{
	struct slice name = slice_cut(expression, 1, expression.len - 1);

	if (expression.len < 3 || !slice_starts(expression, S("<")) ||
	    !slice_ends(expression, S(">")))
		return false;
	for (size_t i = 0; i < name.len; i++) {
		if (!ascii_is_alnum(name.at[i]) &&
		    slice_find_byte(S("_-/."), name.at[i]) < 0)
			return false;
	}
	return ascii_is_alpha(name.at[0]) && ascii_lower(name.at[0]) == name.at[0];
}

bool filter_is_part(struct slice name)
{
	return slice_equal(name, S("common")) || slice_ends(name, S("-common")) ||
	       slice_equal(name, S("upstream"));
}

int filter_read(struct arena *arena, struct slice folder, struct slice name,
		struct filter *out, struct error *err)
{
	struct reading reading = { .arena = arena, .err = err };
	struct slice copy = arena_copy(arena, name), bare;

	if (filter_name_parse(arena, copy, &bare, &reading.parameters, err))
		return -1;
	struct slice stem = stem_of(arena, folder, bare);
	struct slice base =
		slice_from(stem, (size_t)(slice_find_last_byte(stem, '/') + 1));
	if (ini_set_read(arena, stem, &reading.set, err))
		return error_context(err, "rule '" SLICE_FMT "'", SLICE_ARG(base));
	reading.path = own_file(&reading.set, stem);
	return fill(&reading, base, out);
}

int filter_parse(struct arena *arena, struct slice name, struct slice text,
		 struct filter *out, struct error *err)
{
	struct reading reading = { .arena = arena, .err = err };
	struct slice copy = arena_copy(arena, name), bare;

	if (filter_name_parse(arena, copy, &bare, &reading.parameters, err))
		return -1;
	if (ini_set_parse(arena, bare, text, &reading.set, err))
		return error_context(err, "rule '" SLICE_FMT "'", SLICE_ARG(bare));
	reading.path = reading.set.files.at[0];
	return fill(&reading, bare, out);
}
