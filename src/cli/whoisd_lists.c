#include "cli/whoisd_lists.h"

#include "cli/finder.h"
#include "cli/words.h"
#include "contact/bootstrap.h"
#include "os/spawn.h"
#include "registry/refresh.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

/* By the clock that tests run faster. */
#define LOOK_EVERY_US (10 * MINUTE_US)

struct stamp { /* of a file: what a rename changes */
	ino_t inode;
	int64_t size, changed_us;
};
struct whoisd_lists {
	struct loop *loop;
	struct run *run;
	struct desk *desk;
	struct slice dumps, folder; /* the lists lie in `folder`              */
	bool own; /* the user's: not ours to fetch                          */
	struct stamp read[BOOTSTRAP_FILES]; /* those that are used          */
	struct loop_timer *timer;
	struct spawned child;
	struct loop_watch *end; /* of the child; NULL while none runs       */
};

/* False: not all of them are there, as bootstrap_folder() has it. */
static bool stamps_take(const struct whoisd_lists *lists, struct arena *arena,
			struct stamp out[BOOTSTRAP_FILES])
{
	bool whole = true;

	for (size_t i = 0; i < BOOTSTRAP_FILES; i++) {
		struct slice path =
			arena_printf(arena, SLICE_FMT "/%s.json",
				     SLICE_ARG(lists->folder), bootstrap_names[i]);
		struct stat status;

		out[i] = (struct stamp){ 0 };
		if (stat(path.at, &status) == 0)
			out[i] =
				(struct stamp){ status.st_ino, status.st_size,
						(int64_t)status.st_ctim.tv_sec *
								SECOND_US +
							status.st_ctim.tv_nsec / 1000 };
		else
			whole = false;
	}
	return whole || lists->own;
}

static bool stamps_equal(const struct stamp a[BOOTSTRAP_FILES],
			 const struct stamp b[BOOTSTRAP_FILES])
{
	for (size_t i = 0; i < BOOTSTRAP_FILES; i++)
		if (a[i].inode != b[i].inode || a[i].size != b[i].size ||
		    a[i].changed_us != b[i].changed_us)
			return false;
	return true;
}

struct whoisd_lists *whoisd_lists_new(struct loop *loop, struct run *run)
{
	struct whoisd_lists *lists = calloc(1, sizeof *lists);
	struct arena *arena = arena_new();
	struct error ignored; /* without a place for a store there is none to look at */

	if (!lists)
		abort();
	*lists = (struct whoisd_lists){ .loop = loop,
					.run = run,
					.own = run->settings.bootstrap.len != 0,
					.folder = run->settings.bootstrap };
	if (!lists->own && run_registry_folder(run, &lists->dumps, &ignored) == 0)
		lists->folder = arena_printf(run->arena, SLICE_FMT "/rdap",
					     SLICE_ARG(lists->dumps));
	run_take_bootstrap(run, !run->offline);
	if (lists->folder.len)
		(void)stamps_take(lists, arena, lists->read);
	lists->timer = loop_timer_new(loop, whoisd_lists_look, lists);
	arena_free(arena);
	return lists;
}

void whoisd_lists_start(struct whoisd_lists *lists, struct desk *desk)
{
	lists->desk = desk;
	loop_timer_start(lists->timer, clock_wait_ms(LOOK_EVERY_US));
}

/* Half a set, or a broken one, leaves those in use. */
static void read_again(struct whoisd_lists *lists, struct arena *arena)
{
	struct stamp now[BOOTSTRAP_FILES];
	struct bootstrap tried = { 0 };
	struct error err;

	if (!stamps_take(lists, arena, now) || stamps_equal(now, lists->read))
		return;
	for (size_t i = 0; i < BOOTSTRAP_FILES; i++)
		lists->read[i] = now[i];
	if (bootstrap_read(arena, lists->folder, &tried, &err) != 0) {
		command_notice(
			lists->run,
			"the lists of RDAP servers were not read again: %s; going "
			"on with those from before",
			err.text);
		return;
	}
	lists->run->settings.bootstrap = lists->folder;
	desk_renew_lists(lists->desk);
	command_notice(lists->run,
		       "new lists of RDAP servers are in use, from '" SLICE_FMT "'",
		       SLICE_ARG(lists->folder));
}

static void child_end(struct whoisd_lists *lists)
{
	loop_watch_free(lists->end);
	lists->end = NULL;
	(void)spawn_collect(&lists->child); /* it said what there was to say */
}

static void child_ended(void *context, int events)
{
	struct whoisd_lists *lists = context;
	struct arena *arena = arena_new();

	(void)events;
	child_end(lists);
	read_again(lists, arena);
	arena_free(arena);
}

static char *const *child_words(struct run *run, struct arena *arena)
{
	static const char *const fixed[] = { "tipoff", "registry", "update", "--due",
					     "--quiet" };
	static const char *const passed[] = { "config", "store", "set", "now" };
	struct words words = { 0 };

	for (size_t i = 0; i < COUNT_OF(fixed); i++)
		words_add(arena, &words, slice_of(fixed[i]));
	for (size_t i = 0; i < COUNT_OF(passed); i++)
		words_pass(run, arena, &words, passed[i]);
	return words_end(arena, &words);
}

static void child_start(struct whoisd_lists *lists, struct arena *arena)
{
	struct error err = { 0 };

	if (spawn_start("/proc/self/exe", child_words(lists->run, arena), &lists->child,
			&err) != 0) {
		command_problem(slice_of(err.text));
		return;
	}
	lists->end = loop_watch_new(lists->loop, lists->child.watched, child_ended,
				    lists, &err);
	if (!lists->end || loop_watch_set(lists->end, LOOP_READ, &err) != 0)
		child_end(lists); /* waits: better than a child that nobody collects */
}

void whoisd_lists_look(void *context)
{
	struct whoisd_lists *lists = context;
	struct run *run = lists->run;
	struct arena *arena = arena_new();

	if (lists->folder.len && !lists->end) /* the child replaces one by one */
		read_again(lists, arena);
	if (lists->dumps.len && !lists->end &&
	    bootstrap_is_due(arena, &run->settings, &run->clock, lists->dumps))
		child_start(lists, arena);
	loop_timer_start(lists->timer, clock_wait_ms(LOOK_EVERY_US));
	arena_free(arena);
}

void whoisd_lists_free(struct whoisd_lists *lists)
{
	if (!lists)
		return;
	if (lists->end) {
		kill(lists->child.pid, SIGTERM);
		child_end(lists);
	}
	loop_timer_free(lists->timer);
	free(lists);
}
