#include "pipeline/watch.h"

#include "incident/classify.h"
#include "incident/store.h"
#include "os/loop_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SOURCES_MAX = 4, ALARM_DAYS = 30, SOON_MS = 50, TICK_MS = 1000, ALL_EVERY = 5 };

/* A folder whose changes we are told of. */
struct told_folder {
	struct told_folder *next;
	struct loop_folder *loop;
	bool wanted;
	char path[];
};

/* Ids of incidents whose alarm was given. */
struct alarmed {
	struct alarmed *next;
	char id[INCIDENT_ID_LEN + 1];
};

struct watch {
	struct watch_options options;
	struct follow *follow;
	struct told_folder *folders;
	struct loop_timer *soon, *tick;
	struct watch_source sources[SOURCES_MAX];
	size_t source_count;
	struct alarmed *alarmed;
	struct arena *arena; /* of one sweep                                     */
	bool due, names_due, is_soon, stopping;
	unsigned ticks;
	uint64_t successes; /* events of this sweep that may be a compromise       */
	char trouble[ERROR_TEXT_MAX]; /* the last one told                       */
};

static void *checked(void *made)
{
	if (made == NULL)
		abort();
	return made;
}

static void trouble_tell(struct watch *watch, const char *text)
{
	const struct watch_listener *listener = &watch->options.listener;

	if (strcmp(text, watch->trouble) == 0)
		return;
	(void)snprintf(watch->trouble, sizeof watch->trouble, "%s", text);
	listener->trouble(listener->context, slice_of(text));
}

/* --- when to look ---------------------------------------------------------------------------- */

static void soon_came(void *context)
{
	struct watch *watch = context;

	watch->is_soon = false;
	watch->due = true;
}

/* A busy log changes thousands of times a second: one look for all of them. */
static void look_soon(struct watch *watch, int64_t delay_ms)
{
	if (watch->is_soon)
		return;
	watch->is_soon = true;
	loop_timer_start(watch->soon, delay_ms);
}

static void folder_changed(void *context, bool names)
{
	struct watch *watch = context;

	watch->names_due |= names;
	look_soon(watch, SOON_MS);
}

static void tick_came(void *context)
{
	struct watch *watch = context;

	watch->due = true;
	watch->ticks++;
	loop_timer_start(watch->tick, TICK_MS);
}

void watch_wake(struct watch *watch)
{
	look_soon(watch, SOON_MS);
}

static enum follow_look look_due(struct watch *watch)
{
	enum follow_look look = FOLLOW_CONTENT;

	if (watch->names_due)
		look = FOLLOW_NAMES;
	if (watch->ticks >= ALL_EVERY)
		look = FOLLOW_ALL;
	if (look == FOLLOW_ALL)
		watch->ticks = 0;
	watch->names_due = false;
	return look;
}

/* --- where changes are told ------------------------------------------------------------------ */

static struct told_folder *folder_find(struct watch *watch, struct slice path)
{
	struct told_folder *one = watch->folders;

	while (one != NULL && !slice_equal(slice_of(one->path), path))
		one = one->next;
	return one;
}

/* Where the system tells nothing, the look of every second sees. */
static void folder_tell(struct watch *watch, struct slice path)
{
	struct told_folder *one = checked(calloc(1, sizeof *one + path.len + 1));
	struct error ignored;

	memcpy(one->path, path.at, path.len);
	one->wanted = true;
	one->loop = loop_folder_new(watch->options.loop, one->path, folder_changed,
				    watch, &ignored);
	if (one->loop == NULL) {
		free(one);
		return;
	}
	one->next = watch->folders;
	watch->folders = one;
}

static void folders_drop(struct watch *watch)
{
	struct told_folder **at = &watch->folders;

	while (*at != NULL) {
		struct told_folder *one = *at;

		if (one->wanted) {
			at = &one->next;
			continue;
		}
		*at = one->next;
		loop_folder_free(one->loop);
		free(one);
	}
}

/* New ones are taken up, and every so often all of them anew: one of them may have been
 * removed and made again.                                                               */
static void folders_update(struct watch *watch, bool anew)
{
	struct slices paths = { 0 };

	follow_folders(watch->follow, watch->arena, &paths);
	for (struct told_folder *one = watch->folders; one != NULL; one = one->next)
		one->wanted = false;
	if (anew)
		folders_drop(watch);
	for (size_t i = 0; i < paths.count; i++) {
		struct told_folder *one = folder_find(watch, paths.at[i]);

		if (one != NULL)
			one->wanted = true;
		else
			folder_tell(watch, paths.at[i]);
	}
	folders_drop(watch);
}

/* --- alarms ------------------------------------------------------------------------------------ */

static bool was_alarmed(struct watch *watch, const char *id)
{
	struct alarmed *one = watch->alarmed;

	while (one != NULL && strcmp(one->id, id) != 0)
		one = one->next;
	if (one != NULL)
		return true;
	one = checked(calloc(1, sizeof *one));
	memcpy(one->id, id, sizeof one->id);
	one->next = watch->alarmed;
	watch->alarmed = one;
	return false;
}

static void alarm_consider(struct watch *watch, struct incident *incident)
{
	const struct watch_options *options = &watch->options;

	incident_judge(watch->arena, incident, options->pass.settings,
		       clock_now(options->pass.clock));
	if (incident->category != CATEGORY_COMPROMISE || incident->answered.len > 0 ||
	    own_side_refuses_incident(options->own, incident) != NULL ||
	    was_alarmed(watch, incident->id))
		return;
	options->listener.alarm(options->listener.context, incident);
}

/* Behind the commit, and for all of the last days at the start: who was killed between the
 * commit and the alarm gives it then.                                                    */
static int alarms_give(struct watch *watch, int64_t since, struct error *err)
{
	struct slices ids = { 0 };
	struct db *db = watch->options.pass.db;

	if (watch->options.listener.alarm == NULL)
		return 0;
	if (incident_store_successes(db, watch->arena, since, &ids, err) != 0)
		return -1;
	for (size_t i = 0; i < ids.count; i++) {
		struct incident incident;

		if (incident_store_get(db, watch->arena, ids.at[i], &incident, err) !=
		    0)
			return -1;
		alarm_consider(watch, &incident);
	}
	return 0;
}

/* --- one sweep --------------------------------------------------------------------------------- */

static void event_came(void *context, const struct event *event)
{
	struct watch *watch = context;
	const struct watch_listener *listener = &watch->options.listener;

	watch->successes += event->outcome == OUTCOME_SUCCESS && !event->contested;
	if (listener->event != NULL)
		listener->event(listener->context, event);
}

/* Between two chunks: signals and senders do not wait for the end of a long log. */
static bool pass_is_stopped(void *context)
{
	struct watch *watch = context;

	loop_glance(watch->options.loop);
	return watch->stopping;
}

static void problems_tell(struct watch *watch, const struct input_files *files)
{
	for (size_t i = 0; i < files->problems.count; i++) {
		const struct input_problem *problem = &files->problems.at[i];

		if (!input_problem_is_warning(problem->kind))
			trouble_tell(watch, arena_cstr(watch->arena, problem->text));
	}
}

static void counts_add(struct pass_counts *to, const struct pass_counts *from)
{
	to->files += from->files;
	to->lines += from->lines;
	to->bytes += from->bytes;
	to->events += from->events;
	to->undated += from->undated;
	to->limited += from->limited;
	to->contested += from->contested;
	to->bad_address += from->bad_address;
}

static int logs_sweep(struct watch *watch, const struct pass *pass,
		      struct pass_counts *counts, struct error *err)
{
	enum follow_look look = look_due(watch);
	struct input_files files;
	struct pass_counts read;

	if (watch->options.no_logs)
		return 0;
	follow_look(watch->follow, look, watch->arena, &files);
	if (look != FOLLOW_CONTENT || watch->folders == NULL)
		folders_update(watch, look == FOLLOW_ALL);
	problems_tell(watch, &files);
	if (files.count == 0)
		return 0;
	files.problems.count = 0;
	if (pass_run(pass, watch->arena, &files, &read, err) != 0)
		return -1;
	if (!watch->stopping)
		follow_done(watch->follow);
	problems_tell(watch, &files);
	counts_add(counts, &read);
	return 0;
}

static int sources_sweep(struct watch *watch, const struct pass *pass,
			 struct pass_counts *counts, struct error *err)
{
	for (size_t i = 0; i < watch->source_count && !watch->stopping; i++) {
		const struct watch_source *source = &watch->sources[i];
		struct pass_counts read = { 0 };
		int more =
			source->sweep(source->context, pass, watch->arena, &read, err);

		if (more < 0)
			return -1;
		counts_add(counts, &read);
		if (more > 0)
			look_soon(watch, 0);
	}
	return 0;
}

static int parts_sweep(struct watch *watch, const struct pass *pass,
		       struct pass_counts *counts, struct error *err)
{
	if (logs_sweep(watch, pass, counts, err) != 0)
		return -1;
	return sources_sweep(watch, pass, counts, err);
}

static int sweep(struct watch *watch, struct error *err)
{
	const struct watch_listener *listener = &watch->options.listener;
	struct incident_table_options table = {
		.settings = watch->options.pass.settings,
		.own = watch->options.own,
		.site = S(""),
		.db = watch->options.keeps_incidents ? watch->options.pass.db : NULL,
	};
	struct pass pass = watch->options.pass;
	struct pass_counts counts = { 0 };
	int64_t now = clock_now(pass.clock);
	uint64_t alone;
	int result;

	arena_reset(watch->arena);
	watch->successes = 0;
	pass.table = incidents_new(&table);
	pass.event = event_came;
	pass.stop = pass_is_stopped;
	pass.context = watch;
	result = parts_sweep(watch, &pass, &counts, err);
	alone = incidents_counts(pass.table)->successes_alone;
	incidents_free(pass.table);
	if (watch->successes > alone && result == 0)
		result = alarms_give(watch, now - ALARM_DAYS * DAY_US, err);
	if (counts.lines > 0)
		listener->read(listener->context, &counts);
	if (result == 0 && !watch->is_soon)
		listener->rests(listener->context);
	return result;
}

/* Whether it may work by itself later. */
static bool is_passing(const struct error *err)
{
	return err->kind == ERROR_RETRY ||
	       (err->kind == ERROR_SYSTEM &&
		(err->sys == ENOSPC || err->sys == EDQUOT || err->sys == EIO ||
		 err->sys == EROFS || err->sys == EMFILE || err->sys == ENFILE ||
		 err->sys == EBADMSG)); /* a journal file that was cut off */
}

int watch_run(struct watch *watch, struct error *err)
{
	int64_t now = clock_now(watch->options.pass.clock);

	if (alarms_give(watch, now - ALARM_DAYS * DAY_US, err) != 0)
		return -1;
	loop_timer_start(watch->tick, TICK_MS);
	watch->due = true;
	while (!watch->stopping) {
		if (!watch->due) {
			(void)loop_turn(watch->options.loop);
			continue;
		}
		watch->due = false;
		loop_glance(watch->options.loop);
		if (sweep(watch, err) == 0)
			continue;
		if (!is_passing(err))
			return -1;
		trouble_tell(watch, err->text);
	}
	return 0;
}

void watch_stop(struct watch *watch)
{
	watch->stopping = true;
}

void watch_add_source(struct watch *watch, const struct watch_source *source)
{
	if (watch->source_count < SOURCES_MAX)
		watch->sources[watch->source_count++] = *source;
}

struct watch *watch_new(const struct watch_options *options)
{
	struct watch *watch = checked(calloc(1, sizeof *watch));
	struct follow_options follow = { .names = options->names,
					 .count = options->count,
					 .clock = options->pass.clock,
					 .db = options->keeps_incidents
						       ? options->pass.db
						       : NULL };

	watch->options = *options;
	watch->arena = arena_new();
	watch->follow = options->follow;
	if (options->follow)
		follow_renew(options->follow, &follow);
	else
		watch->follow = follow_new(&follow);
	watch->soon = loop_timer_new(options->loop, soon_came, watch);
	watch->tick = loop_timer_new(options->loop, tick_came, watch);
	return watch;
}

struct follow *watch_take_follow(struct watch *watch)
{
	struct follow *follow = watch->follow;

	watch->follow = NULL;
	return follow;
}

void watch_free(struct watch *watch)
{
	if (watch == NULL)
		return;
	for (struct told_folder *one = watch->folders; one != NULL; one = one->next)
		one->wanted = false;
	folders_drop(watch);
	while (watch->alarmed != NULL) {
		struct alarmed *next = watch->alarmed->next;

		free(watch->alarmed);
		watch->alarmed = next;
	}
	follow_free(watch->follow);
	loop_timer_free(watch->soon);
	loop_timer_free(watch->tick);
	arena_free(watch->arena);
	free(watch);
}
