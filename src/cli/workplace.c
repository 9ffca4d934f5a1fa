#include "cli/workplace.h"

#include "cli/finder.h"
#include "cli/jails.h"
#include "delivery/trip.h"

#include <stdlib.h>

static int finder_get(struct workplace *workplace, struct run *run, struct error *err)
{
	if (run_index_open(run, &workplace->index, err) != 0)
		return -1;
	workplace->finder = run_finder_new(run, ASK_AS_CONFIGURED, workplace->db,
					   workplace->index, err);
	return workplace->finder ? 0 : -1;
}

struct slice workplace_rules_folder(const struct run *run)
{
	const char *given = getenv("TIPOFF_RULES");

	if (run->settings.rules.len)
		return run->settings.rules;
	return given && given[0] ? slice_of(given) : S(TIPOFF_DATADIR "/rules");
}

/* A service has a folder of its own from systemd, which may name several. */
static struct slice cache_folder(const struct run *run)
{
	const char *service = getenv("CACHE_DIRECTORY");
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	struct slice first = service ? slice_of(service) : S("");
	ptrdiff_t colon = slice_find_byte(first, ':');

	if (!run->settings.keep_compiled)
		return S("");
	if (colon >= 0)
		first = slice_cut(first, 0, (size_t)colon);
	if (slice_starts(first, S("/")))
		return arena_printf(run->arena, SLICE_FMT "/rules", SLICE_ARG(first));
	if (cache && cache[0] == '/')
		return arena_printf(run->arena, "%s/tipoff/rules", cache);
	if (home && home[0] == '/')
		return arena_printf(run->arena, "%s/.cache/tipoff/rules", home);
	return S("");
}

/* --threads goes before [logs] threads. */
static int threads_get(struct run *run, struct error *err)
{
	struct slice text = run_text(run, "threads");
	uint64_t count;

	if (!run_given(run, "threads"))
		return 0;
	if (slice_to_u64(text, 64, &count) != 0 || count == 0)
		return error_set(err, ERROR_SYNTAX,
				 "'" SLICE_FMT
				 "' after --threads is no number from 1 to 64",
				 SLICE_ARG(text));
	run->settings.threads = (int64_t)count;
	return 0;
}

struct rules_options run_rules(const struct run *run)
{
	struct slices named = run_list(run, "rules");

	if (!named.count)
		named = run->settings.rule_names;
	return (struct rules_options){
		.folder = workplace_rules_folder(run),
		.names = named.at,
		.count = named.count,
		.cache = cache_folder(run),
	};
}

static int jail_rules_get(struct workplace *workplace, struct run *run,
			  struct error *err)
{
	struct filters filters = { 0 };

	if (jails_filters(run, workplace->jails, S(""), &filters, err) != 0)
		return -1;
	workplace->rules =
		rules_new_kept(filters.at, filters.count, cache_folder(run), err);
	return workplace->rules ? 0 : -1;
}

static int rules_get(struct workplace *workplace, struct run *run, struct error *err)
{
	struct rules_options options = run_rules(run);

	if (threads_get(run, err) != 0)
		return -1;
	workplace->zone = zone_open(run->settings.zone, err);
	if (!workplace->zone)
		return run_setting_wrong(run, err);
	if (workplace->jails)
		return jail_rules_get(workplace, run, err);
	workplace->rules = rules_load(&options, err);
	return workplace->rules ? 0 : -1;
}

static int store_get(struct workplace *workplace, struct run *run, struct error *err)
{
	struct slice path;

	if (run_store_path(run, &path, err) != 0)
		return -1;
	workplace->db = db_open(path, &run->clock, err);
	if (!workplace->db)
		return -1;
	return trip_apply(workplace->db, run->arena, &run->settings,
			  &workplace->plus_is_untried, err);
}

int workplace_open(struct workplace *workplace, struct run *run, unsigned parts,
		   struct error *err)
{
	static int (*const openers[])(struct workplace *, struct run *,
				      struct error *) = { NULL, rules_get, store_get,
							  finder_get };

	*workplace = (struct workplace){ 0 };
	/* before our own side: jails say who is allowed */
	if ((parts & WORKPLACE_RULES) && jails_wanted(run)) {
		workplace->jails = ARENA_NEW(run->arena, struct jails);
		if (jails_open(run, workplace->jails, err) != 0)
			return -1;
	}
	if (parts & WORKPLACE_OWN) {
		workplace->own = own_side_new(run->arena, &run->settings, err);
		if (!workplace->own)
			return run_setting_wrong(run, err);
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
