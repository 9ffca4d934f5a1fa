/* cli/finder.h - a finder with what the configuration names: store, index, consent. */
#ifndef CLI_FINDER_H
#define CLI_FINDER_H

#include "cli/command.h"
#include "contact/find.h"

enum ask_whom { /* bits */
		ASK_AS_CONFIGURED = 0,
		ASK_ANYBODY =
			1, /* the user said so on the command line; --offline still wins */
		ASK_ORIGIN = 2, /* the origin AS as well */
		ASK_CSIRT = 4, /* the CSIRT of the country as well */
};

/* Where the compiled registry index lies: [look-up] index, else beside the store. */
MUST_CHECK int run_index_path(struct run *run, struct slice *out, struct error *err);
/* Where the dumps lie: [look-up] registry-folder, else "registry" beside the store. */
MUST_CHECK int run_registry_folder(struct run *run, struct slice *out,
				   struct error *err);
/* Builds it anew where [look-up] registry-folder holds a dump that is newer. *out is NULL
 * where there is none, or where it is damaged, which is said and no failure.          */
MUST_CHECK int run_index_open(struct run *run, struct index **out, struct error *err);
/* Whether a dump of the folder came after the index at `path`. */
bool run_index_is_older(struct run *run, struct slice folder, struct slice path);
/* What was left out of it, and why. */
void run_index_notes(struct run *run, const struct index_counts *counts);
/* The lists of RDAP servers that 'registry update' fetches become those that are used,
 * refreshed first where that is due and allowed; not where the user named his own.       */
void run_take_bootstrap(struct run *run, bool may_fetch);
MUST_CHECK struct finder *run_finder_new(struct run *run, enum ask_whom whom,
					 struct db *db, const struct index *index,
					 struct error *err);

struct run_finder {
	struct finder *finder;
	struct db *db; /* NULL: there is no store yet        */
	struct index *index; /* NULL: none                         */
};
/* A store is made only where registries may be asked, because it keeps their answers. */
MUST_CHECK int run_finder_open(struct run *run, enum ask_whom whom,
			       struct run_finder *out, struct error *err);
void run_finder_close(struct run_finder *finder);

/* As finder_queries.progress wants it; `context` is a struct progress. */
void run_finder_progress(void *context, const struct finder_progress *so_far);

#endif
