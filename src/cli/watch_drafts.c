#include "cli/watch_parts.h"

#include "cli/words.h"
#include "os/spawn.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { OK_WITH_ALARM = EXIT_COMPROMISE };

struct watch_drafts {
	struct loop *loop;
	struct loop_timer *timer;
	struct run *run;
	int64_t every_us;
	struct spawned child;
	struct loop_watch *end; /* of the child; NULL while none runs               */
	bool is_sending; /* the child is 'tipoff send --unattended'                  */
};

/* What sending ends with when some of it has to wait, or is in doubt: said elsewhere. */
static bool is_usual(const struct spawn_end *end)
{
	return end->code == 0 || end->code == EX_TEMPFAIL ||
	       end->code == EX_UNAVAILABLE;
}

static void send_end(struct watch_drafts *drafts, const struct spawn_end *end)
{
	if (end->how == SPAWN_SIGNALLED || !is_usual(end))
		command_notice(drafts->run,
			       "sending by the policy ended with %s %d: it is tried "
			       "again next time; 'tipoff queue' says what waits",
			       end->how == SPAWN_SIGNALLED ? "signal" : "status",
			       end->code);
}

static void draft_end(struct watch_drafts *drafts, const struct spawn_end *ended)
{
	struct spawn_end end = *ended;

	if (end.how == SPAWN_SIGNALLED)
		command_notice(drafts->run,
			       "making drafts was ended by signal %d: it "
			       "is tried again next time",
			       end.code);
	else if (end.code != 0 && end.code != OK_WITH_ALARM)
		command_notice(drafts->run,
			       "making drafts ended with status %d: it is tried again "
			       "next time; 'tipoff draft' says more",
			       end.code);
}

static void child_end(struct watch_drafts *drafts)
{
	struct spawn_end end;

	loop_watch_free(drafts->end);
	drafts->end = NULL;
	end = spawn_collect(&drafts->child);
	(drafts->is_sending ? send_end : draft_end)(drafts, &end);
}

static void child_start(struct watch_drafts *drafts, bool is_sending);

/* Drafts are made, then what the policy allows is sent. Without a policy nothing is. */
static void child_ended(void *context, int events)
{
	struct watch_drafts *drafts = context;
	bool was_sending = drafts->is_sending;

	(void)events;
	child_end(drafts);
	if (!was_sending && drafts->run->settings.policy.len)
		child_start(drafts, true);
}

/* Standard input is empty: what there is to read, we read. */
static char *const *child_words(struct run *run, struct arena *arena, bool is_sending)
{
	static const char *const passed[] = { "config", "store", "set", "now",
					      "rules" };
	struct words words = { 0 };

	words_add(arena, &words, S("tipoff"));
	words_add(arena, &words, is_sending ? S("send") : S("draft"));
	words_add(arena, &words, S("--quiet"));
	if (run->offline)
		words_add(arena, &words, S("--offline"));
	for (size_t i = 0; i < COUNT_OF(passed); i++)
		if (!is_sending || strcmp(passed[i], "rules") != 0)
			words_pass(run, arena, &words, passed[i]);
	words_add(arena, &words, is_sending ? S("--unattended") : S("-"));
	return words_end(arena, &words);
}

static void child_start(struct watch_drafts *drafts, bool is_sending)
{
	struct arena *arena = arena_new();
	struct error err = { 0 };
	int result = spawn_start("/proc/self/exe",
				 child_words(drafts->run, arena, is_sending),
				 &drafts->child, &err);

	drafts->is_sending = is_sending;
	arena_free(arena);
	if (result == 0)
		drafts->end = loop_watch_new(drafts->loop, drafts->child.watched,
					     child_ended, drafts, &err);
	if (result == 0 &&
	    (drafts->end == NULL || loop_watch_set(drafts->end, LOOP_READ, &err) != 0))
		child_end(drafts); /* waits: better than a child that nobody collects */
	else if (result != 0)
		command_problem(slice_of(err.text));
}

static void draft_due(void *context)
{
	struct watch_drafts *drafts = context;

	if (drafts->end == NULL)
		child_start(drafts, false);
	loop_timer_start(drafts->timer, drafts->every_us / 1000);
}

struct watch_drafts *watch_drafts_new(struct loop *loop)
{
	struct watch_drafts *drafts = calloc(1, sizeof *drafts);

	if (drafts == NULL)
		abort();
	drafts->loop = loop;
	drafts->timer = loop_timer_new(loop, draft_due, drafts);
	return drafts;
}

void watch_drafts_free(struct watch_drafts *drafts)
{
	if (drafts == NULL)
		return;
	if (drafts->end != NULL)
		child_end(drafts);
	loop_timer_free(drafts->timer);
	free(drafts);
}

void watch_drafts_start(struct watch_drafts *drafts, struct run *run)
{
	int64_t every_us = run->settings.watch_draft_us;

	drafts->run = run;
	if (every_us == drafts->every_us)
		return;
	drafts->every_us = every_us;
	loop_timer_stop(drafts->timer);
	if (every_us > 0)
		loop_timer_start(drafts->timer, every_us / 1000);
}
