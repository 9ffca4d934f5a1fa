#include "cli/commands.h"
#include "cli/finder.h"
#include "registry/refresh.h"

#include <errno.h>
#include <inttypes.h>

static const struct option OPTIONS[] = {
	{ "folder", 0, OPTION_TEXT, "FOLDER", "where the dumps lie" },
	{ "index", 0, OPTION_TEXT, "FILE", "where the index lies" },
	{ "only", 0, OPTION_LIST, "NAME", "update: this file, registry or kind alone" },
	{ "due", 0, OPTION_FLAG, NULL,
	  "update: IANA's lists of RDAP servers alone, and only if they are due" },
	{ "sources", 0, OPTION_FLAG, NULL,
	  "update: list what would be fetched, and whence" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static int folder_of(struct run *run, struct slice *out)
{
	*out = run_text(run, "folder");
	return out->len ? 0 : run_registry_folder(run, out, &run->err);
}

/* "251.3 MB" */
static struct slice size_text(struct arena *arena, uint64_t bytes)
{
	static const char *const units[] = { "bytes", "kB", "MB", "GB" };
	double number = (double)bytes;
	size_t unit = 0;

	while (number >= 1000 && unit + 1 < COUNT_OF(units)) {
		number /= 1000;
		unit++;
	}
	return arena_printf(arena, unit ? "%.1f %s" : "%.0f %s", number, units[unit]);
}

/* ---- update ------------------------------------------------------------------------ */

struct updating {
	struct run *run;
	struct progress progress;
	const struct source *shown; /* whose bar it is */
	size_t fresh, unchanged, failed;
};

static void show_progress(void *context, const struct source *source, uint64_t done,
			  uint64_t whole)
{
	struct updating *updating = context;

	if (updating->shown != source) {
		updating->shown = source;
		progress_init(&updating->progress,
			      arena_cstr(updating->run->arena, source->name),
			      updating->run->quiet);
	}
	progress_show(&updating->progress, done, whole > done ? whole : done);
}

static const char *const outcomes[] = {
	[FETCH_NEW] = "new", [FETCH_UNCHANGED] = "unchanged", [FETCH_FAILED] = "failed"
};

static void result_json(struct run *run, const struct fetch_result *result)
{
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 1 << 16);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "registry-update");
	json_put_string(&writer, "name", result->source->name);
	json_put_string(&writer, "registry", result->source->registry);
	json_put_string(&writer, "url", result->source->url);
	json_put_text(&writer, "outcome", outcomes[result->outcome]);
	json_put_int(&writer, "fetched_bytes", (int64_t)result->fetched);
	json_put_int(&writer, "bytes", (int64_t)result->bytes);
	json_put_optional(&writer, "problem", result->problem);
	json_object_end(&writer);
	print_json(&run->out, &out);
	buffer_clear(&out);
}

static void say_failed(struct run *run, const struct fetch_result *result)
{
	const char *kept = result->kept ? "the older file stays" : "there is none yet";

	command_problem(arena_printf(
		run->arena, "'" SLICE_FMT "' was not updated, %s: " SLICE_FMT,
		SLICE_ARG(result->source->name), kept, SLICE_ARG(result->problem)));
}

static void show_result(void *context, const struct fetch_result *result)
{
	struct updating *updating = context;
	struct run *run = updating->run;

	if (updating->shown)
		progress_end(&updating->progress);
	updating->shown = NULL;
	updating->fresh += result->outcome == FETCH_NEW;
	updating->unchanged += result->outcome == FETCH_UNCHANGED;
	updating->failed += result->outcome == FETCH_FAILED;
	if (run->json)
		result_json(run, result);
	if (result->outcome == FETCH_FAILED)
		say_failed(run, result);
	if (run->json || result->outcome == FETCH_FAILED)
		return;
	print_slice(&run->out, result->source->name);
	if (result->outcome == FETCH_UNCHANGED)
		print_text(&run->out, ": unchanged\n");
	else
		print_text(&run->out, ": new, " SLICE_FMT " of %s\n",
			   SLICE_ARG(size_text(run->arena, result->bytes)),
			   time_format(result->dated_at, TIME_DATE).text);
}

static void list_sources(struct run *run, const struct sources *sources)
{
	static const char *const titles[] = { "FILE", "REGISTRY", "KIND", "FROM" };
	struct table table;

	table_init(&table, run->arena, titles, COUNT_OF(titles));
	for (size_t i = 0; i < sources->count; i++) {
		const struct source *source = &sources->at[i];

		table_add(&table, source->name, COLOUR_NONE);
		table_add(&table, source->registry, COLOUR_NONE);
		table_add(&table, slice_of(source_kind_name(source->kind)),
			  COLOUR_NONE);
		table_add(&table, source->url, COLOUR_NONE);
	}
	table_print(&table, &run->out);
}

/* What a look-up does before it begins, for who does not look up: whoisd, cron. */
static int update_due(struct run *run)
{
	struct slice folder;

	if (run_given(run, "only") || run_flag(run, "sources"))
		return error_set(&run->err, ERROR_CONFIG,
				 "--due stands alone: it is about IANA's lists only");
	if (folder_of(run, &folder) != 0)
		return -1;
	if (bootstrap_refresh(run->arena, &run->settings, &run->clock, folder,
			      &run->err) == 0)
		return 0;
	run->err.kind = ERROR_RETRY;
	error_prepend(&run->err,
		      "IANA's lists of RDAP servers were not refreshed, those "
		      "from before stay");
	return -1;
}

static int update(struct run *run)
{
	struct updating updating = { .run = run };
	struct slice table = { sources_shipped, sources_shipped_bytes };
	struct slices only = run_list(run, "only");
	struct sources sources;
	struct fetch_options options = { .settings = &run->settings,
					 .clock = &run->clock,
					 .sources = &sources,
					 .progress = show_progress,
					 .ended = show_result,
					 .context = &updating };

	if (sources_read(run->arena, table, &run->settings.mirrors, &only, &sources,
			 &run->err) != 0)
		return -1;
	if (run_flag(run, "sources") && !run_flag(run, "due")) {
		list_sources(run, &sources);
		return 0;
	}
	if (run->offline)
		return error_set(&run->err, ERROR_CONFIG,
				 "--offline forbids to fetch the registries' dumps");
	if (run_flag(run, "due"))
		return update_due(run);
	if (folder_of(run, &options.folder) != 0 ||
	    fetch_run(run->arena, &options, &run->err) != 0)
		return -1;
	if (!run->json)
		print_text(&run->out, "%zu new, %zu unchanged, %zu not updated.%s\n",
			   updating.fresh, updating.unchanged, updating.failed,
			   updating.fresh ? " Now: tipoff registry build" : "");
	if (updating.failed)
		return error_set(&run->err, ERROR_RETRY,
				 "%zu of %zu dumps were not updated", updating.failed,
				 sources.count);
	return 0;
}

/* ---- build ------------------------------------------------------------------------- */

static void built_json(struct run *run, struct slice path,
		       const struct index_counts *counts)
{
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 1 << 20);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "registry-build");
	json_put_string(&writer, "index", path);
	json_put_int(&writer, "files", (int64_t)counts->files);
	json_put_int(&writer, "objects", (int64_t)counts->objects);
	json_put_int(&writer, "ranges", (int64_t)counts->ranges);
	json_put_int(&writer, "contacts", (int64_t)counts->contacts);
	json_put_int(&writer, "skipped", (int64_t)counts->skipped);
	json_key(&writer, "left_out");
	json_array(&writer);
	for (size_t i = 0; i < counts->notes.count; i++)
		json_string(&writer, counts->notes.at[i]);
	json_array_end(&writer);
	json_object_end(&writer);
	print_json(&run->out, &out);
	buffer_clear(&out);
}

static int build(struct run *run)
{
	struct index_counts counts = { 0 };
	struct slice folder, path;

	if (folder_of(run, &folder) != 0 || run_index_path(run, &path, &run->err) != 0)
		return -1;
	if (run_given(run, "index"))
		path = run_text(run, "index");
	if (index_build(run->arena, folder, path, &run->clock, &counts, &run->err) != 0)
		return -1;
	if (run->json) {
		built_json(run, path, &counts);
		return 0;
	}
	run_index_notes(run, &counts);
	print_text(&run->out,
		   "Built from %" PRIu64 " file%s: %" PRIu64 " objects, %" PRIu64
		   " ranges, %" PRIu64 " contacts; %" PRIu64 " objects skipped.\n",
		   counts.files, counts.files == 1 ? "" : "s", counts.objects,
		   counts.ranges, counts.contacts, counts.skipped);
	return 0;
}

/* ---- status ------------------------------------------------------------------------ */

static void source_json(struct run *run, const struct index_source *source,
			const struct fetched *fetched)
{
	struct time_text asked =
		time_format(fetched ? fetched->asked_at : 0, TIME_RFC3339);
	struct json_writer writer;
	struct buffer out;

	buffer_init(&out, 1 << 16);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "registry-dump");
	json_put_string(&writer, "name", source->name);
	json_put_optional(&writer, "registry", source->registry);
	json_put_time(&writer, "dated_at", source->dated_at);
	json_put_int(&writer, "objects", (int64_t)source->objects);
	json_put_optional(&writer, "url", fetched ? fetched->url : slice_of(NULL));
	json_put_optional(&writer, "asked_at",
			  fetched ? slice_of(asked.text) : slice_of(NULL));
	json_put_optional(&writer, "terms", source_terms_of(source->registry));
	json_object_end(&writer);
	print_json(&run->out, &out);
	buffer_clear(&out);
}

static struct slice age_text(struct arena *arena, int64_t age_us)
{
	return age_us < DAY_US ? S("today")
			       : arena_printf(arena, "%" PRId64 " d", age_us / DAY_US);
}

static void source_row(struct run *run, struct table *table,
		       const struct index_source *source, const struct fetched *fetched)
{
	struct time_text dated = time_format(source->dated_at, TIME_DATE);
	int64_t age = clock_now(&run->clock) - source->dated_at;
	enum colour colour = age > 30 * DAY_US ? COLOUR_YELLOW : COLOUR_NONE;

	table_add(table, source->name, COLOUR_NONE);
	table_add(table, source->registry, COLOUR_NONE);
	table_add(table, arena_copy(run->arena, slice_of(dated.text)), COLOUR_NONE);
	table_add(table, age_text(run->arena, age), colour);
	table_add(table, arena_printf(run->arena, "%" PRIu64, source->objects),
		  COLOUR_NONE);
	table_add(table, fetched && fetched->url.len ? fetched->url : S("by hand"),
		  COLOUR_NONE);
}

static void sources_print(struct run *run, const struct index *index,
			  const struct fetched_list *ledger)
{
	static const char *const titles[] = { "DUMP", "REGISTRY", "DATED",
					      "AGE",  "OBJECTS",  "FROM" };
	struct table table;

	table_init(&table, run->arena, titles, COUNT_OF(titles));
	table.right[3] = table.right[4] = true;
	for (size_t i = 0; i < index_source_count(index); i++) {
		struct index_source source = index_source_at(index, i);
		const struct fetched *fetched = fetched_of(ledger, source.name);

		if (run->json)
			source_json(run, &source, fetched);
		else
			source_row(run, &table, &source, fetched);
	}
	if (!run->json)
		table_print(&table, &run->out);
}

/* Each registry's conditions once, in the order of the dumps. */
static void terms_print(struct run *run, const struct index *index)
{
	struct slices said = { 0 };

	print_text(&run->out, "Terms:\n");
	for (size_t i = 0; i < index_source_count(index); i++) {
		struct slice registry = index_source_at(index, i).registry;
		size_t k = 0;

		while (k < said.count && !slice_equal(said.at[k], registry))
			k++;
		if (k < said.count)
			continue;
		*LIST_ADD(run->arena, &said) = registry;
		print_text(&run->out, "  ");
		print_slice(&run->out, registry);
		print_text(&run->out, ": ");
		print_slice(&run->out, source_terms_of(registry));
		print_text(&run->out, "\n");
	}
}

/* What is too old to be believed without asking again. */
static void ages_print(struct run *run, const struct index *index)
{
	size_t old = 0;

	for (size_t i = 0; i < index_source_count(index); i++)
		old += clock_now(&run->clock) - index_source_at(index, i).dated_at >
		       30 * DAY_US;
	if (old)
		print_text(
			&run->out,
			"%zu of %zu dumps are older than 30 days: what they say is asked "
			"again online before it is used. Fresher ones: tipoff registry "
			"update\n",
			old, index_source_count(index));
}

static int status(struct run *run)
{
	struct fetched_list ledger;
	struct slice folder, path;
	struct index *index;

	if (folder_of(run, &folder) != 0 || run_index_path(run, &path, &run->err) != 0)
		return -1;
	if (run_given(run, "index"))
		path = run_text(run, "index");
	index = index_open(path, &run->err);
	if (!index && run->err.sys == ENOENT)
		return error_set(
			&run->err, ERROR_NOT_FOUND,
			"there is no index '" SLICE_FMT
			"' yet: 'tipoff registry update' fetches the dumps, 'tipoff "
			"registry build' makes one of them",
			SLICE_ARG(path));
	if (!index)
		return -1;
	fetched_read(run->arena, folder, &ledger);
	if (!run->json) {
		print_text(&run->out, "Index: ");
		print_slice(&run->out, path);
		print_text(&run->out, ", built %s, " SLICE_FMT "\n",
			   time_format(index_built_at(index), TIME_MINUTE).text,
			   SLICE_ARG(size_text(run->arena, index_size_bytes(index))));
	}
	sources_print(run, index, &ledger);
	if (!run->json) {
		if (run_index_is_older(run, folder, path))
			print_text(&run->out,
				   "Dumps came since it was built: tipoff registry "
				   "build\n");
		ages_print(run, index);
		terms_print(run, index);
	}
	index_close(index);
	return 0;
}

static const struct {
	const char *verb;
	int (*run)(struct run *run);
} VERBS[] = { { "update", update }, { "build", build }, { "status", status } };

static int registry_command(struct run *run)
{
	for (size_t i = 0; i < COUNT_OF(VERBS) && run->arguments.count == 1; i++)
		if (slice_equal(run->arguments.at[0], slice_of(VERBS[i].verb)))
			return VERBS[i].run(run) == 0 ? 0 : command_fail(run);
	return command_usage(run, "'registry' needs one of: update, build, status");
}

const struct command command_registry = {
	.name = "registry",
	.arguments = "update|build|status",
	.summary = "the offline registry index: fetch dumps, build it, see its age",
	.about =
		"With an index of the registries' public dumps, contacts are found without\n"
		"asking anybody. 'update' fetches the dumps, only what changed, and goes on\n"
		"where an earlier one broke off; a dump that is damaged does not replace an\n"
		"older one. 'build' compiles the dumps of a folder (RIPE, APNIC and AFRINIC\n"
		"databases, delegated-extended files of all five, plain or gzip); 'status' says\n"
		"what the index holds, how old each dump is, whence, and on which terms.\n"
		"'draft' builds it by itself when a dump in [look-up] registry-folder is newer.",
	.options = OPTIONS,
	.needs = NEEDS_ARGUMENT,
	.run = registry_command,
};
