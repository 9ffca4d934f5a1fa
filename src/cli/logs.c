#include "cli/logs.h"

#include "cli/jails.h"
#include "cli/summary.h"
#include "pipeline/journal.h"

#include <stdlib.h>
#include <string.h>

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
	bool journal = false;

	for (size_t i = 0; i < jails->count; i++) {
		const struct jail *jail = &jails->at[i];
		struct slices paths;

		journal |= jail->journal;
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
	if (logs->count == 0 && !journal)
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

/* --- the journal --------------------------------------------------------------------------- */

int64_t logs_journal_since(const struct run *run, const char *place)
{
	return strcmp(place, "system") == 0
		       ? clock_now(&run->clock) - run->settings.judge_stale_us
		       : 0;
}

struct slice logs_journal(struct run *run, const struct input_files *files)
{
	if (run_given(run, "journal"))
		return run_text(run, "journal");
	if (run->arguments.count > 0 || run->settings.logs.count > 0)
		return S("");
	if (run->settings.watch_journal.len > 0)
		return run->settings.watch_journal;
	return !files->has_syslog && journal_is_there() ? S("system") : S("");
}

/* Entries of `reader`'s position; `rules` are the pass's. */
static int journal_read(const struct grouping *group,
			const struct journal_options *options, struct slice reader)
{
	int64_t since = logs_journal_since(group->run, options->place);
	struct journal_pass *journal =
		journal_pass_new(options, reader, since, group->err);
	struct pass_counts counts;
	int result;

	if (!journal)
		return -1;
	result = journal_pass_run(journal, group->pass, group->run->arena, &counts,
				  group->err);
	if (result == 0)
		counts_merge(group->counts, &counts);
	journal_pass_free(journal);
	return result;
}

/* The next word, quotes taken off as a shell does; false at the end. */
static bool word_next(struct arena *arena, struct slice *line, struct slice *word)
{
	char *out, quote = '\0';
	size_t len = 0, at = 0;

	*line = slice_trim(*line);
	out = ARENA_ARRAY(arena, char, line->len + 1);
	for (; at < line->len && (quote || line->at[at] != ' '); at++) {
		char c = line->at[at];

		if (quote ? c == quote : c == '"' || c == '\'')
			quote = quote ? '\0' : c;
		else
			out[len++] = c;
	}
	*line = slice_from(*line, at);
	*word = (struct slice){ out, len };
	return at > 0;
}

/* fail2ban's journalmatch: conditions in a line, lines are alternatives. */
static struct slices jail_matches(struct arena *arena, const struct jail *jail)
{
	const struct slices *lines = &jail->filter.journalmatch;
	struct slices out = { 0 };

	for (size_t i = 0; i < lines->count; i++) {
		struct slice line = lines->at[i], word;

		if (i > 0)
			*LIST_ADD(arena, &out) = S("+");
		while (word_next(arena, &line, &word))
			*LIST_ADD(arena, &out) = word;
	}
	return out;
}

static int jail_journal(const struct grouping *group, const struct jail *jail)
{
	struct slices matches = jail_matches(group->run->arena, jail);
	struct slice place = run_text(group->run, "journal");
	struct journal_options options = {
		.place = arena_cstr(group->run->arena,
				    place.len > 0 ? place : S("system")),
		.matches = matches.at,
		.match_count = matches.count,
	};
	struct jails one = { .at = (struct jail *)jail, .count = 1 };
	struct filters filters = { 0 };
	struct rules *rules;
	int result;

	if (jails_filters(group->run, &one, S(""), &filters, group->err) != 0)
		return -1;
	rules = rules_new(filters.at, filters.count, group->err);
	if (!rules)
		return -1;
	group->pass->rules = rules;
	result = journal_read(group, &options,
			      arena_printf(group->run->arena, "jail " SLICE_FMT,
					   SLICE_ARG(jail->name)));
	rules_free(rules);
	return result;
}

/* --- all of it -------------------------------------------------------------------------------- */

static int jails_pass(const struct grouping *group)
{
	const struct jails *jails = group->workplace->jails;
	struct watched_logs logs = { 0 };

	if (watched_find(group->run, jails, &logs, group->err) != 0)
		return -1;
	for (size_t i = 0; i < logs.count; i++) {
		if (!logs.at[i].read && group_pass(group, &logs, &logs.at[i]) != 0)
			return -1;
	}
	for (size_t i = 0; i < jails->count; i++) {
		if (jails->at[i].journal && jail_journal(group, &jails->at[i]) != 0)
			return -1;
	}
	return 0;
}

/* Nothing but the journal is wrong with finding no file. */
static void nothing_found_forget(struct input_files *files)
{
	size_t kept = 0;

	for (size_t i = 0; i < files->problems.count; i++)
		if (files->problems.at[i].kind != INPUT_NO_LOGS)
			files->problems.at[kept++] = files->problems.at[i];
	files->problems.count = kept;
}

static int files_pass(const struct grouping *group)
{
	struct pass_counts counts;

	if (pass_run(group->pass, group->run->arena, group->files, &counts,
		     group->err) != 0)
		return -1;
	counts_merge(group->counts, &counts);
	return 0;
}

static int usual_pass(const struct grouping *group)
{
	struct run *run = group->run;
	bool named = run->arguments.count > 0 || run->settings.logs.count > 0;
	bool only_journal = run_given(run, "journal") && !named;
	struct journal_options options = {
		.matches = run->settings.watch_matches.at,
		.match_count = run->settings.watch_matches.count,
	};
	struct slice place;

	group->pass->rules = group->workplace->rules;
	if (!only_journal)
		files_find(run, group->files);
	place = logs_journal(run, group->files);
	if (place.len > 0 && !named)
		nothing_found_forget(group->files);
	if (!only_journal && files_pass(group) != 0)
		return -1;
	if (place.len == 0)
		return 0;
	options.place = arena_cstr(run->arena, place);
	return journal_read(group, &options, S(""));
}

int logs_pass(struct run *run, struct workplace *workplace, struct pass *pass,
	      struct input_files *files, struct pass_counts *counts, struct error *err)
{
	const struct grouping group = { run, workplace, pass, files, counts, err };
	int result;

	*files = (struct input_files){ 0 };
	*counts = (struct pass_counts){ 0 };
	result = workplace->jails && run->arguments.count == 0 ? jails_pass(&group)
							       : usual_pass(&group);
	pass->rules = workplace->rules;
	return result;
}
