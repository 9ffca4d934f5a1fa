#include "cli/jails.h"

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
