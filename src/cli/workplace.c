#include "cli/workplace.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

int run_index_path(struct run *run, struct slice *out, struct error *err)
{
	struct slice store;
	ptrdiff_t slash;

	if (run->settings.index.len) {
		*out = run->settings.index;
		return 0;
	}
	if (run_store_path(run, &store, err) != 0)
		return -1;
	slash = slice_find_last_byte(store, '/');
	*out = arena_printf(run->arena, SLICE_FMT "registry.index",
			    SLICE_ARG(slice_cut(store, 0, (size_t)(slash + 1))));
	return 0;
}

static int64_t changed_at(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return 0;
	return (int64_t)st.st_mtim.tv_sec * SECOND_US + st.st_mtim.tv_nsec / 1000;
}

/* The newest dump of the folder; 0 where there is none. */
static int64_t newest_dump(struct run *run, struct slice folder)
{
	DIR *dir = opendir(arena_cstr(run->arena, folder));
	const struct dirent *entry;
	int64_t newest = 0;

	while (dir && (entry = readdir(dir))) {
		struct slice path = arena_printf(run->arena, SLICE_FMT "/%s",
						 SLICE_ARG(folder), entry->d_name);
		int64_t at = entry->d_name[0] == '.' ? 0 : changed_at(path.at);

		if (at > newest)
			newest = at;
	}
	if (dir)
		closedir(dir);
	return newest;
}

/* No index is no failure: look-ups go on without it, and say so. */
static int index_get(struct workplace *workplace, struct run *run, struct error *err)
{
	struct slice folder = run->settings.registry_folder, path;
	struct index_counts counts;
	struct error refused;
	int64_t newest;

	if (run_index_path(run, &path, err) != 0)
		return -1;
	newest = folder.len ? newest_dump(run, folder) : 0;
	if (folder.len && !newest)
		return error_set(err, ERROR_CONFIG,
				 "[look-up] registry-folder '" SLICE_FMT
				 "' holds no dumps or cannot be read",
				 SLICE_ARG(folder));
	if (newest > changed_at(arena_cstr(run->arena, path)) &&
	    index_build(run->arena, folder, path, &run->clock, &counts, err) != 0)
		return -1;
	if (!changed_at(arena_cstr(run->arena, path)))
		return 0;
	workplace->index = index_open(path, &refused);
	if (!workplace->index)
		command_notice(run, "%s; going on without it", refused.text);
	return 0;
}

static int finder_get(struct workplace *workplace, struct run *run, struct error *err)
{
	struct finder_options options = {
		.settings = &run->settings,
		.clock = &run->clock,
		.db = workplace->db,
		.allow_registries = !run->offline &&
				    run->settings.registries == CONSENT_YES,
		.allow_reverse = !run->offline && run->settings.reverse == CONSENT_YES,
	};

	if (index_get(workplace, run, err) != 0)
		return -1;
	options.index = workplace->index;
	workplace->finder = finder_new(&options, err);
	return workplace->finder ? 0 : -1;
}

static int rules_get(struct workplace *workplace, struct run *run, struct error *err)
{
	struct rules_options options = {
		.folder = run->settings.rules,
		.names = run->settings.rule_names.at,
		.count = run->settings.rule_names.count,
	};
	struct slices named = run_list(run, "rules");

	if (named.count) {
		options.names = named.at;
		options.count = named.count;
	}
	workplace->zone = zone_open(run->settings.zone, err);
	if (!workplace->zone)
		return error_context(err, "configuration: [logs] zone");
	workplace->rules = rules_load(&options, err);
	return workplace->rules ? 0 : -1;
}

static int store_get(struct workplace *workplace, struct run *run, struct error *err)
{
	struct slice path;

	if (run_store_path(run, &path, err) != 0)
		return -1;
	workplace->db = db_open(path, &run->clock, err);
	return workplace->db ? 0 : -1;
}

int workplace_open(struct workplace *workplace, struct run *run, unsigned parts,
		   struct error *err)
{
	static int (*const openers[])(struct workplace *, struct run *, struct error *) = {
		NULL, rules_get, store_get, finder_get
	};

	*workplace = (struct workplace){ 0 };
	if (parts & WORKPLACE_OWN) {
		workplace->own = own_side_new(run->arena, &run->settings, err);
		if (!workplace->own)
			return -1;
	}
	for (size_t i = 1; i < COUNT_OF(openers); i++) {
		if (!(parts & 1u << i) || openers[i](workplace, run, err) == 0)
			continue;
		workplace_close(workplace);
		return -1;
	}
	return 0;
}

void workplace_close(struct workplace *workplace)
{
	if (workplace->finder)
		finder_free(workplace->finder);
	if (workplace->index)
		index_close(workplace->index);
	db_close(workplace->db);
	if (workplace->rules)
		rules_free(workplace->rules);
	if (workplace->zone)
		zone_free(workplace->zone);
}
