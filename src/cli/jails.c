#include "cli/jails.h"

#include "cli/summary.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool jails_wanted(const struct run *run)
{
	return run_given(run, "fail2ban");
}

static bool is_installation(struct run *run, struct slice folder)
{
	struct slice path =
		arena_printf(run->arena, SLICE_FMT "/jail.conf", SLICE_ARG(folder));

	return access(arena_cstr(run->arena, path), F_OK) == 0;
}

/* "--fail2ban DIR" means "--fail2ban=DIR": no folder of logs holds a jail.conf. */
void jails_folder_take(struct run *run)
{
	static const struct option option = JAILS_OPTION;
	struct slices *arguments = &run->arguments;
	size_t at = 0;

	if (!jails_wanted(run) || run_text(run, "fail2ban").len > 0 ||
	    run->value_count == RUN_OPTIONS_MAX)
		return;
	while (at < arguments->count && !is_installation(run, arguments->at[at]))
		at++;
	if (at == arguments->count)
		return;
	run->values[run->value_count++] =
		(struct run_value){ &option, arguments->at[at] };
	arguments->count--;
	for (; at < arguments->count; at++)
		arguments->at[at] = arguments->at[at + 1];
}

/* --- what a person should know ------------------------------------------------------------ */

static void reporters_tell(struct run *run, const struct jail *jail)
{
	for (size_t i = 0; i < jail->reporters.count; i++) {
		const struct jail_reporter *one = &jail->reporters.at[i];

		if (one->recipient.len &&
		    slice_equal_nocase(one->recipient, run->settings.mail))
			continue;
		command_notice(run,
			       "jail '" SLICE_FMT "': its action '" SLICE_FMT
			       "' %s%s" SLICE_FMT " already: a report from here would "
			       "be the second, so keep one of the two",
			       SLICE_ARG(jail->name), SLICE_ARG(one->action), one->does,
			       one->recipient.len ? " to " : "",
			       SLICE_ARG(one->recipient));
	}
}

static bool is_listed(const struct slices *texts, struct slice text)
{
	for (size_t i = 0; i < texts->count; i++) {
		if (slice_equal(texts->at[i], text))
			return true;
	}
	return false;
}

/* What [DEFAULT] says is said once, not for every jail. */
static void notes_tell(struct run *run, const struct jails *jails)
{
	struct slices told = { 0 };

	for (size_t i = 0; i < jails->count; i++) {
		const struct jail *jail = &jails->at[i];

		for (size_t j = 0; j < jail->notes.count; j++) {
			if (is_listed(&told, jail->notes.at[j]))
				continue;
			*LIST_ADD(run->arena, &told) = jail->notes.at[j];
			command_notice(run, "jail '" SLICE_FMT "': " SLICE_FMT,
				       SLICE_ARG(jail->name),
				       SLICE_ARG(jail->notes.at[j]));
		}
	}
}

static void jails_tell(struct run *run, const struct jails *jails)
{
	for (size_t i = 0; i < jails->problems.count; i++)
		command_problem(jails->problems.at[i]);
	for (size_t i = 0; i < jails->count; i++)
		reporters_tell(run, &jails->at[i]);
	notes_tell(run, jails);
}

static void ignored_allow(struct run *run, const struct jails *jails)
{
	struct slices allow = { 0 };

	for (size_t i = 0; i < run->settings.allow.count; i++)
		*LIST_ADD(run->arena, &allow) = run->settings.allow.at[i];
	for (size_t i = 0; i < jails->count; i++) {
		const struct slices *ignored = &jails->at[i].ignored;

		for (size_t j = 0; j < ignored->count; j++) {
			if (!is_listed(&allow, ignored->at[j]))
				*LIST_ADD(run->arena, &allow) = ignored->at[j];
		}
	}
	run->settings.allow = allow;
}

int jails_open(struct run *run, struct jails *out, struct error *err)
{
	struct slice folder;

	jails_folder_take(run);
	folder = run_text(run, "fail2ban");
	if (folder.len == 0)
		folder = S("/etc/fail2ban");
	if (jails_read(run->arena, folder, out, err) != 0)
		return -1;
	jails_tell(run, out);
	ignored_allow(run, out);
	return 0;
}

/* --- filters ------------------------------------------------------------------------------- */

/* A port that the jail does not watch cannot be the one attacked; of several ports the
 * line does not tell which.                                                           */
static void port_set(struct filter *filter, const struct jail *jail)
{
	const struct jail_ports *ports = &jail->ports;
	bool single = ports->count == 1 && ports->at[0].first == ports->at[0].last;

	for (size_t i = 0; i < ports->count; i++) {
		if (filter->report.port >= ports->at[i].first &&
		    filter->report.port <= ports->at[i].last)
			return;
	}
	if (ports->count == 0 || (!single && filter->report.port == 0))
		return;
	filter->report.port = single ? ports->at[0].first : 0;
	filter->report.protocol = jail->protocol;
}

int jails_filters(struct run *run, const struct jails *jails, struct slice name,
		  struct filters *out, struct error *err)
{
	struct rules_options options = run_rules(run);

	for (size_t i = 0; i < jails->count; i++) {
		const struct jail *jail = &jails->at[i];
		struct filter *filter;

		if (name.len > 0 && !slice_equal(name, jail->name))
			continue;
		filter = LIST_ADD(run->arena, out);
		*filter = jail->filter;
		if (filter_describe(run->arena, &options, filter, err) != 0)
			return -1;
		filter->name = jail->name;
		port_set(filter, jail);
	}
	if (out->count == 0)
		return error_set(err, ERROR_NOT_FOUND,
				 "no jail '" SLICE_FMT
				 "' is enabled: 'tipoff rules list --fail2ban' shows "
				 "those that are",
				 SLICE_ARG(name));
	filters_sort(out);
	return 0;
}

/* --- logs, by the jails that watch them ----------------------------------------------------- */

enum { SET_WORDS = (JAILS_MAX + 63) / 64 };

struct watched {
	struct slice path,
		real; /* real: with no link in it, so that a log is read once */
	uint64_t jails[SET_WORDS];
	bool read;
};
struct watched_logs {
	struct watched *at;
	size_t count, room;
};

static struct watched *watched_get(struct run *run, struct watched_logs *logs,
				   struct slice path)
{
	char *real = realpath(arena_cstr(run->arena, path), NULL);
	struct slice key = real ? arena_copy(run->arena, slice_of(real)) : path;
	struct watched *log;

	free(real);
	for (size_t i = 0; i < logs->count; i++) {
		if (slice_equal(logs->at[i].real, key))
			return &logs->at[i];
	}
	log = LIST_ADD(run->arena, logs);
	*log = (struct watched){ .path = path, .real = key };
	return log;
}

static int watched_find(struct run *run, const struct jails *jails,
			struct watched_logs *logs, struct error *err)
{
	for (size_t i = 0; i < jails->count; i++) {
		const struct jail *jail = &jails->at[i];
		struct slices paths;

		if (jail_logs(run->arena, jail, &paths, err) != 0)
			return -1;
		if (paths.count == 0 && !jail->journal)
			command_notice(run,
				       "jail '" SLICE_FMT "': none of its logs is "
				       "here",
				       SLICE_ARG(jail->name));
		for (size_t j = 0; j < paths.count; j++)
			watched_get(run, logs, paths.at[j])->jails[i / 64] |=
				UINT64_C(1) << i % 64;
	}
	if (logs->count == 0)
		return error_set(err, ERROR_NOT_FOUND,
				 "none of the logs of the enabled jails is here: name "
				 "logs to read");
	return 0;
}

static bool same_jails(const struct watched *a, const struct watched *b)
{
	for (size_t i = 0; i < SET_WORDS; i++) {
		if (a->jails[i] != b->jails[i])
			return false;
	}
	return true;
}

static void problems_merge(struct run *run, struct input_files *into,
			   const struct input_files *from)
{
	for (size_t i = 0; i < from->count; i++)
		*LIST_ADD(run->arena, into) = from->at[i];
	for (size_t i = 0; i < from->problems.count; i++)
		*LIST_ADD(run->arena, &into->problems) = from->problems.at[i];
	into->stale += from->stale;
	into->told_twice += from->told_twice;
	into->passed_over += from->passed_over;
	into->unreadable += from->unreadable;
}

static void counts_merge(struct pass_counts *into, const struct pass_counts *from)
{
	into->files += from->files;
	into->lines += from->lines;
	into->bytes += from->bytes;
	into->events += from->events;
	into->files_unchanged += from->files_unchanged;
	into->torn_lines += from->torn_lines;
	into->undated += from->undated;
	into->limited += from->limited;
	into->contested += from->contested;
	into->bad_address += from->bad_address;
	into->forged += from->forged;
	into->unfinished += from->unfinished;
	into->counted = from->counted; /* the table's, of all passes */
}

/* What one pass needs beside what all share. */
struct grouping {
	struct run *run;
	struct workplace *workplace;
	struct pass *pass;
	struct input_files *files;
	struct pass_counts *counts;
	struct error *err;
};

static struct rules *group_rules(const struct grouping *group,
				 const struct watched *log)
{
	const struct jails *all = group->workplace->jails;
	struct jails some = { 0 };
	struct filters filters = { 0 };

	for (size_t i = 0; i < all->count; i++) {
		if (log->jails[i / 64] >> i % 64 & 1)
			*LIST_ADD(group->run->arena, &some) = all->at[i];
	}
	if (jails_filters(group->run, &some, S(""), &filters, group->err) != 0)
		return NULL;
	return rules_new(filters.at, filters.count, group->err);
}

/* All logs with the same jails as `first`, in one pass. */
static int group_pass(const struct grouping *group, struct watched_logs *logs,
		      struct watched *first)
{
	struct slices paths = { 0 };
	struct input_files files;
	struct pass_counts counts;
	struct rules *rules = group_rules(group, first);
	int result;

	if (!rules)
		return -1;
	for (struct watched *log = first; log < logs->at + logs->count; log++) {
		if (log->read || !same_jails(log, first))
			continue;
		log->read = true;
		*LIST_ADD(group->run->arena, &paths) = log->path;
	}
	files_find_named(group->run, &paths, &files);
	group->pass->rules = rules;
	result = pass_run(group->pass, group->run->arena, &files, &counts, group->err);
	if (result == 0)
		counts_merge(group->counts, &counts);
	problems_merge(group->run, group->files, &files);
	rules_free(rules);
	return result;
}

int logs_pass(struct run *run, struct workplace *workplace, struct pass *pass,
	      struct input_files *files, struct pass_counts *counts, struct error *err)
{
	const struct grouping group = { run, workplace, pass, files, counts, err };
	struct watched_logs logs = { 0 };

	*files = (struct input_files){ 0 };
	*counts = (struct pass_counts){ 0 };
	if (!workplace->jails || run->arguments.count > 0) {
		files_find(run, files);
		pass->rules = workplace->rules;
		return pass_run(pass, run->arena, files, counts, err);
	}
	if (watched_find(run, workplace->jails, &logs, err) != 0)
		return -1;
	for (size_t i = 0; i < logs.count; i++) {
		if (!logs.at[i].read && group_pass(&group, &logs, &logs.at[i]) != 0)
			return -1;
	}
	pass->rules = workplace->rules;
	return 0;
}
