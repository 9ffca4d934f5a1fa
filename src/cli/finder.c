#include "cli/finder.h"

#include <unistd.h>

static int store_open(struct run *run, bool may_make, struct db **out,
		      struct error *err)
{
	struct slice path;

	*out = NULL;
	if (run_store_path(run, &path, err) != 0)
		return -1;
	if (!may_make && access(arena_cstr(run->arena, path), F_OK) != 0)
		return 0;
	*out = db_open(path, &run->clock, err);
	return *out ? 0 : -1;
}

static int index_of_settings(struct run *run, struct index **out, struct error *err)
{
	*out = NULL;
	if (run->settings.index.len == 0)
		return 0;
	*out = index_open(run->settings.index, err);
	return *out ? 0 : -1;
}

static bool may_ask(const struct run *run, enum ask_whom whom, enum consent consent)
{
	return !run->offline && (whom == ASK_ANYBODY || consent == CONSENT_YES);
}

int run_finder_open(struct run *run, enum ask_whom whom, struct run_finder *out,
		    struct error *err)
{
	struct run_finder opened = { 0 };

	bool registries = may_ask(run, whom, run->settings.registries);

	if (store_open(run, registries, &opened.db, err) != 0 ||
	    index_of_settings(run, &opened.index, err) != 0)
		goto close_opened;
	opened.finder = finder_new(
		&(struct finder_options){
			.settings = &run->settings,
			.clock = &run->clock,
			.db = opened.db,
			.index = opened.index,
			.allow_registries =
				may_ask(run, whom, run->settings.registries),
			.allow_reverse = may_ask(run, whom, run->settings.reverse),
		},
		err);
	if (!opened.finder)
		goto close_opened;
	*out = opened;
	return 0;

close_opened:
	run_finder_close(&opened);
	return -1;
}

void run_finder_close(struct run_finder *finder)
{
	finder_free(finder->finder);
	if (finder->index)
		index_close(finder->index);
	db_close(finder->db);
	*finder = (struct run_finder){ 0 };
}
