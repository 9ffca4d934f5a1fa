#include "cli/finder.h"

#include "contact/bootstrap.h"
#include "registry/refresh.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
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

/* `chosen` by the configuration, else `name` beside the store. */
static int beside_store(struct run *run, struct slice chosen, const char *name,
			struct slice *out, struct error *err)
{
	struct slice store;
	ptrdiff_t slash;

	if (chosen.len) {
		*out = chosen;
		return 0;
	}
	if (run_store_path(run, &store, err) != 0)
		return -1;
	slash = slice_find_last_byte(store, '/');
	*out = arena_printf(run->arena, SLICE_FMT "%s",
			    SLICE_ARG(slice_cut(store, 0, (size_t)(slash + 1))), name);
	return 0;
}

int run_index_path(struct run *run, struct slice *out, struct error *err)
{
	return beside_store(run, run->settings.index, "registry.index", out, err);
}

int run_registry_folder(struct run *run, struct slice *out, struct error *err)
{
	return beside_store(run, run->settings.registry_folder, "registry", out, err);
}

static int64_t instant_of(const struct timespec *time)
{
	return (int64_t)time->tv_sec * SECOND_US + time->tv_nsec / 1000;
}

/* A dump's own date is the registry's: when it came here is the other one. */
static int64_t changed_at(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return 0;
	return instant_of(&st.st_ctim) > instant_of(&st.st_mtim)
		       ? instant_of(&st.st_ctim)
		       : instant_of(&st.st_mtim);
}

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* The newest dump of the folder; 0 where there is none. What lies in folders below, such
 * as the lists of RDAP servers, is none.                                               */
static int64_t newest_dump(struct run *run, struct slice folder)
{
	DIR *dir = opendir(arena_cstr(run->arena, folder));
	const struct dirent *entry;
	int64_t newest = 0;

	while (dir && (entry = readdir(dir))) {
		struct slice path = arena_printf(run->arena, SLICE_FMT "/%s",
						 SLICE_ARG(folder), entry->d_name);
		int64_t at = changed_at(path.at);

		if (entry->d_name[0] != '.' && is_file(path.at) && at > newest)
			newest = at;
	}
	if (dir)
		closedir(dir);
	return newest;
}

bool run_index_is_older(struct run *run, struct slice folder, struct slice path)
{
	return newest_dump(run, folder) > changed_at(arena_cstr(run->arena, path));
}

void run_index_notes(struct run *run, const struct index_counts *counts)
{
	for (size_t i = 0; i < counts->notes.count; i++)
		command_notice(run, "registry index: " SLICE_FMT,
			       SLICE_ARG(counts->notes.at[i]));
}

/* No index is no failure: look-ups go on without it, and say so. */
int run_index_open(struct run *run, struct index **out, struct error *err)
{
	struct slice folder = run->settings.registry_folder, path;
	struct index_counts counts;
	struct error refused;
	int64_t newest;

	*out = NULL;
	if (run_index_path(run, &path, err) != 0)
		return -1;
	newest = folder.len ? newest_dump(run, folder) : 0;
	if (folder.len && !newest && access(arena_cstr(run->arena, folder), R_OK) != 0)
		return error_set(err, ERROR_CONFIG,
				 "[look-up] registry-folder '" SLICE_FMT
				 "' cannot be read: make it, or name another",
				 SLICE_ARG(folder));
	if (newest > changed_at(arena_cstr(run->arena, path))) {
		if (index_build(run->arena, folder, path, &run->clock, &counts,
				&refused) != 0)
			command_notice(run, "the registry index could not be built: %s",
				       refused.text);
		else
			run_index_notes(run, &counts);
	}
	if (!changed_at(arena_cstr(run->arena, path)))
		return 0;
	*out = index_open(path, &refused);
	if (!*out)
		command_notice(run, "%s; going on without it", refused.text);
	return 0;
}

static bool may_ask(const struct run *run, enum ask_whom whom, enum consent consent)
{
	return !run->offline && ((whom & ASK_ANYBODY) || consent == CONSENT_YES);
}

/* IANA's files where all that are read were fetched; those built in are older, but never
 * half a set.                                                                          */
void run_take_bootstrap(struct run *run, bool may_fetch)
{
	struct slice folder;
	struct error err;

	if (run->settings.bootstrap.len || run_registry_folder(run, &folder, &err) != 0)
		return;
	if (may_fetch && bootstrap_refresh(run->arena, &run->settings, &run->clock,
					   folder, &err) != 0)
		command_notice(run,
			       "IANA's lists of RDAP servers were not refreshed: %s; "
			       "going on with those from before",
			       err.text);
	folder = arena_printf(run->arena, SLICE_FMT "/rdap", SLICE_ARG(folder));
	for (size_t i = 0; i < BOOTSTRAP_FILES; i++) {
		struct slice path = arena_printf(run->arena, SLICE_FMT "/%s.json",
						 SLICE_ARG(folder), bootstrap_names[i]);

		if (access(arena_cstr(run->arena, path), R_OK) != 0)
			return;
	}
	run->settings.bootstrap = folder;
}

struct finder *run_finder_new(struct run *run, enum ask_whom whom, struct db *db,
			      const struct index *index, struct error *err)
{
	struct finder_options options = {
		.settings = &run->settings,
		.clock = &run->clock,
		.db = db,
		.index = index,
		.allow_registries = may_ask(run, whom, run->settings.registries),
		/* a "no" to reverse names stands: their server may be the attacker's */
		.allow_reverse = run->settings.reverse != CONSENT_NO &&
				 may_ask(run, whom, run->settings.reverse),
		.allow_mail_domains = run->settings.mail_domains != CONSENT_NO &&
				      may_ask(run, whom, run->settings.mail_domains),
		/* not by --ask: whoever owns the name sees it */
		.allow_security_txt =
			may_ask(run, ASK_AS_CONFIGURED, run->settings.security_txt),
		.csirts_wanted = whom & ASK_CSIRT,
		.allow_origin = (whom & ASK_ORIGIN) && !run->offline,
	};
	struct finder *finder;

	run_take_bootstrap(run, options.allow_registries);
	finder = finder_new(&options, err);
	if (!finder && err->kind == ERROR_CONFIG)
		(void)run_setting_wrong(run, err);
	return finder;
}

int run_finder_open(struct run *run, enum ask_whom whom, struct run_finder *out,
		    struct error *err)
{
	struct run_finder opened = { 0 };

	bool asks = may_ask(run, whom, run->settings.registries);

	if (store_open(run, asks, &opened.db, err) != 0 ||
	    run_index_open(run, &opened.index, err) != 0)
		goto close_opened;
	opened.finder = run_finder_new(run, whom, opened.db, opened.index, err);
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

/* Short waits are the normal pace. */
#define WAIT_SHOWN_US (5 * SECOND_US)

void run_finder_progress(void *context, const struct finder_progress *so_far)
{
	struct progress *progress = context;
	struct clock real = { 0 };

	progress->note[0] = 0;
	if (so_far->waits_for.len &&
	    so_far->waits_until - clock_now(&real) > WAIT_SHOWN_US)
		snprintf(progress->note, sizeof progress->note,
			 "; " SLICE_FMT " may be asked again at %s",
			 SLICE_ARG(slice_cut(so_far->waits_for, 0, 48)),
			 time_format(so_far->waits_until, TIME_CLOCK).text);
	progress_show(progress, so_far->done, so_far->count);
}
