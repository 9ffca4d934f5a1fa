#include "registry/refresh.h"

#include <errno.h>

enum { PATIENCE_MS = 3000 };
#define REFRESH_LEAST_US DAY_US
#define REFRESH_UNSAID_US (7 * DAY_US)

/* A clock that was set back makes it due. */
static bool is_due(const struct fetched *row, int64_t now)
{
	int64_t next;

	if (!row || row->asked_at > now)
		return true;
	next = row->asked_at + REFRESH_LEAST_US;
	if (row->fresh_until > next)
		next = row->fresh_until;
	else if (row->fresh_until == 0 && row->url.len)
		next = row->fetched_at + REFRESH_UNSAID_US > next
			       ? row->fetched_at + REFRESH_UNSAID_US
			       : next;
	return now >= next;
}

/* The first failure, in words; who has no network hears of that from the look-up itself. */
static void ended(void *context, const struct fetch_result *result)
{
	struct error *err = context;

	if (result->outcome == FETCH_FAILED && !result->unreached &&
	    err->kind == ERROR_NONE)
		error_fill(err, ERROR_RETRY, SLICE_FMT " (" SLICE_FMT ")",
			   SLICE_ARG(result->problem), SLICE_ARG(result->source->url));
}

static int due_ones(struct arena *arena, const struct fetch_options *options,
		    struct sources *due, struct error *err)
{
	const struct slice table = { sources_shipped, sources_shipped_bytes };
	struct slice kind = slice_of(source_kind_name(SOURCE_BOOTSTRAP));
	struct slices only = { &kind, 1, 1 };
	struct fetched_list ledger;
	struct sources all;

	if (sources_read(arena, table, &options->settings->mirrors, &only, &all, err) !=
	    0)
		return -1;
	fetched_read(arena, options->folder, &ledger);
	for (size_t i = 0; i < all.count; i++)
		if (is_due(fetched_of(&ledger, all.at[i].name),
			   clock_now(options->clock)))
			*LIST_ADD(arena, due) = all.at[i];
	return 0;
}

bool bootstrap_is_due(struct arena *arena, const struct settings *settings,
		      const struct clock *clock, struct slice folder)
{
	struct fetch_options options = { .settings = settings,
					 .clock = clock,
					 .folder = folder };
	struct sources due = { 0 };
	struct error ignored; /* of the mirrors: who fetches says it */

	return due_ones(arena, &options, &due, &ignored) == 0 && due.count;
}

int bootstrap_refresh(struct arena *arena, const struct settings *settings,
		      const struct clock *clock, struct slice folder, struct error *err)
{
	struct sources due = { 0 };
	struct error failure = { 0 };
	struct fetch_options options = { .settings = settings,
					 .clock = clock,
					 .folder = folder,
					 .sources = &due,
					 .ended = ended,
					 .context = &failure,
					 .patience_ms = PATIENCE_MS };

	if (due_ones(arena, &options, &due, err) != 0)
		return -1;
	if (due.count == 0)
		return 0;
	if (fetch_run(arena, &options, err) != 0)
		return err->kind == ERROR_RETRY || err->sys == EACCES ||
				       err->sys == EROFS
			       ? 0
			       : -1;
	if (failure.kind == ERROR_NONE)
		return 0;
	*err = failure;
	return -1;
}
