#include "cli/logs.h"
#include "cli/watch_parts.h"
#include "pipeline/journal.h"

#include <stdlib.h>
#include <string.h>

struct watch_journal {
	struct journal_pass *pass;
	struct loop_watch *told;
	struct watch *watch;
};

static void told(void *context, int events)
{
	struct watch_journal *journal = context;

	(void)events;
	journal_process(journal_pass_journal(journal->pass));
	watch_wake(journal->watch);
}

static int sweep(void *context, const struct pass *pass, struct arena *arena,
		 struct pass_counts *counts, struct error *err)
{
	struct watch_journal *journal = context;

	return journal_pass_run(journal->pass, pass, arena, counts, err);
}

/* Without a word of the system the look of every second has to do. */
static void be_told(struct watch_journal *journal, struct loop *loop)
{
	int fd = journal_descriptor(journal_pass_journal(journal->pass));
	struct error ignored;

	if (fd < 0)
		return;
	journal->told = loop_watch_new(loop, fd, told, journal, &ignored);
	if (journal->told && loop_watch_set(journal->told, LOOP_READ, &ignored) != 0) {
		loop_watch_free(journal->told);
		journal->told = NULL;
	}
}

struct watch_journal *watch_journal_open(struct run *run, const char *place,
					 struct loop *loop, struct watch *watch,
					 struct error *err)
{
	struct watch_journal *journal = calloc(1, sizeof *journal);
	struct journal_options options = {
		.place = place,
		.matches = run->settings.watch_matches.at,
		.match_count = run->settings.watch_matches.count,
	};

	if (!journal)
		abort();
	journal->watch = watch;
	journal->pass =
		journal_pass_new(&options, S(""), logs_journal_since(run, place), err);
	if (!journal->pass) {
		free(journal);
		return NULL;
	}
	be_told(journal, loop);
	watch_add_source(watch, &(struct watch_source){ sweep, journal });
	return journal;
}

void watch_journal_free(struct watch_journal *journal)
{
	if (!journal)
		return;
	loop_watch_free(journal->told);
	journal_pass_free(journal->pass);
	free(journal);
}
