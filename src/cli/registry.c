#include "cli/commands.h"
#include "cli/finder.h"

#include <inttypes.h>

static const struct option OPTIONS[] = {
	{ "folder", 0, OPTION_TEXT, "FOLDER", "where the dumps lie" },
	{ "index", 0, OPTION_TEXT, "FILE", "where the index lies" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static int build(struct run *run, struct slice path)
{
	struct slice folder = run_text(run, "folder");
	struct index_counts counts = { 0 };

	if (!folder.len)
		folder = run->settings.registry_folder;
	if (!folder.len)
		return error_set(
			&run->err, ERROR_CONFIG,
			"no folder of dumps: name one with --folder or in [look-up] "
			"registry-folder");
	if (index_build(run->arena, folder, path, &run->clock, &counts, &run->err) != 0)
		return -1;
	for (size_t i = 0; i < counts.notes.count; i++)
		command_notice(run, SLICE_FMT, SLICE_ARG(counts.notes.at[i]));
	print_text(&run->out,
		   "Built from %" PRIu64 " files: %" PRIu64 " objects, %" PRIu64
		   " ranges, %" PRIu64 " contacts; %" PRIu64 " objects skipped.\n",
		   counts.files, counts.objects, counts.ranges, counts.contacts,
		   counts.skipped);
	return 0;
}

static void source_json(struct run *run, const struct index_source *source)
{
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
	json_object_end(&writer);
	print_json(&run->out, &out);
	buffer_clear(&out);
}

static void sources_print(struct run *run, const struct index *index)
{
	static const char *const titles[] = { "DUMP", "REGISTRY", "DATED", "AGE",
					      "OBJECTS" };
	int64_t now = clock_now(&run->clock);
	struct table table;

	table_init(&table, run->arena, titles, COUNT_OF(titles));
	table.right[3] = table.right[4] = true;
	for (size_t i = 0; i < index_source_count(index); i++) {
		struct index_source source = index_source_at(index, i);
		struct time_text dated = time_format(source.dated_at, TIME_DATE);

		if (run->json) {
			source_json(run, &source);
			continue;
		}
		table_add(&table, source.name, COLOUR_NONE);
		table_add(&table, source.registry, COLOUR_NONE);
		table_add(&table, arena_copy(run->arena, slice_of(dated.text)),
			  COLOUR_NONE);
		table_add(&table,
			  arena_printf(run->arena, "%" PRId64 " d",
				       (now - source.dated_at) / DAY_US),
			  COLOUR_NONE);
		table_add(&table, arena_printf(run->arena, "%" PRIu64, source.objects),
			  COLOUR_NONE);
	}
	if (!run->json)
		table_print(&table, &run->out);
}

static int status(struct run *run, struct slice path)
{
	struct index *index = index_open(path, &run->err);
	struct time_text built;

	if (!index)
		return -1;
	built = time_format(index_built_at(index), TIME_MINUTE);
	if (!run->json) {
		print_text(&run->out, "Index: ");
		print_slice(&run->out, path);
		print_text(&run->out, ", built %s\n", built.text);
	}
	sources_print(run, index);
	index_close(index);
	return 0;
}

static int registry_command(struct run *run)
{
	struct slice verb = run->arguments.at[0], path = run_text(run, "index");
	int result;

	if (run->arguments.count != 1 ||
	    (!slice_equal(verb, S("build")) && !slice_equal(verb, S("status"))))
		return command_usage(run, "'registry' needs one of: build, status");
	if (!path.len && run_index_path(run, &path, &run->err) != 0)
		return command_fail(run);
	result = slice_equal(verb, S("build")) ? build(run, path) : status(run, path);
	return result == 0 ? 0 : command_fail(run);
}

const struct command command_registry = {
	.name = "registry",
	.arguments = "build|status",
	.summary = "the offline registry index: build it from dumps, see how old it is",
	.about =
		"With an index of the registries' public dumps, contacts are found without asking\n"
		"anybody. 'build' compiles the dumps of a folder (RIPE, APNIC and AFRINIC split\n"
		"files, delegated-extended files of all five, plain or gzip); 'status' says what\n"
		"the index holds and how old each dump is. 'draft' builds it by itself when a dump\n"
		"in [look-up] registry-folder is newer.",
	.options = OPTIONS,
	.needs = NEEDS_ARGUMENT,
	.run = registry_command,
};
