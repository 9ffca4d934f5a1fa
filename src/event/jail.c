#include "event/jail.h"

#include "conf/ini_set.h"
#include "event/jail_action.h"
#include "event/jail_port.h"
#include "net/address.h"

#include <glob.h>
#include <stdlib.h>

struct reading {
	struct arena *arena;
	struct slice folder;
	struct ini_set set;
	struct ini_vars given; /* what fail2ban itself defines */
	struct jail *jail;
	struct ini_vars vars; /* given, and the filter's options as known/... */
	struct error *err;
};

static int option_get(struct reading *reading, const char *name, struct slice *out)
{
	*out = S("");
	return ini_set_get(&reading->set, reading->jail->name, slice_of(name),
			   &reading->vars, out, reading->err);
}

static void note(struct reading *reading, struct slice text)
{
	*LIST_ADD(reading->arena, &reading->jail->notes) = text;
}

static bool is_true(struct slice text)
{
	static const char *const words[] = { "yes", "true", "on", "1" };

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (slice_equal_nocase(text, slice_of(words[i])))
			return true;
	}
	return false;
}

/* --- the filter ------------------------------------------------------------------------ */

static struct slice joined(struct arena *arena, const struct slices *lines)
{
	struct slice text = S("");

	for (size_t i = 0; i < lines->count; i++)
		text = arena_printf(arena, SLICE_FMT "%s" SLICE_FMT, SLICE_ARG(text),
				    i > 0 ? "\n" : "", SLICE_ARG(lines->at[i]));
	return text;
}

static void known_add(struct reading *reading, const char *name, struct slice value)
{
	*LIST_ADD(reading->arena, &reading->vars) =
		(struct ini_var){ .name = slice_of(name), .value = value };
}

/* %(known/failregex)s in the jail is the filter's. */
static void known_set(struct reading *reading)
{
	const struct filter *filter = &reading->jail->filter;
	struct arena *arena = reading->arena;

	known_add(reading, "known/failregex", joined(arena, &filter->failregex));
	known_add(reading, "known/ignoreregex", joined(arena, &filter->ignoreregex));
	known_add(reading, "known/journalmatch", joined(arena, &filter->journalmatch));
	known_add(reading, "known/prefregex", filter->prefregex);
	known_add(reading, "known/datepattern", filter->datepattern);
	known_add(reading, "known/maxlines",
		  arena_printf(arena, "%u", filter->maxlines));
}

static int filter_get(struct reading *reading)
{
	struct slice folder = arena_printf(reading->arena, SLICE_FMT "/filter.d",
					   SLICE_ARG(reading->folder));
	struct slice name;
	int found = option_get(reading, "filter", &name);

	if (found < 0)
		return -1;
	if (name.len == 0)
		return error_set(reading->err, ERROR_CONFIG, "it has no filter");
	if (filter_read(reading->arena, folder, name, &reading->jail->filter,
			reading->err) != 0)
		return -1;
	known_set(reading);
	return 0;
}

static struct slices lines_of(struct arena *arena, struct slice text)
{
	struct slices lines = { 0 };
	struct slice line;

	while (slice_next(&text, '\n', &line)) {
		if (line.len > 0)
			*LIST_ADD(arena, &lines) = line;
	}
	return lines;
}

/* What the jail says stands in place of what its filter says. */
static int filter_override(struct reading *reading)
{
	struct filter *filter = &reading->jail->filter;
	struct slices *const lists[] = { &filter->failregex, &filter->ignoreregex,
					 &filter->journalmatch };
	struct slice *const texts[] = { &filter->prefregex, &filter->datepattern };
	static const char *const list_names[] = { "failregex", "ignoreregex",
						  "journalmatch" };
	static const char *const text_names[] = { "prefregex", "datepattern" };
	struct slice value;
	uint64_t lines;
	int found;

	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		found = option_get(reading, list_names[i], &value);
		if (found < 0)
			return -1;
		if (found > 0)
			*lists[i] = lines_of(reading->arena, value);
	}
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		found = option_get(reading, text_names[i], &value);
		if (found < 0)
			return -1;
		if (found > 0)
			*texts[i] = value;
	}
	found = option_get(reading, "maxlines", &value);
	if (found < 0)
		return -1;
	if (found > 0 && slice_to_u64(value, 1000, &lines) == 0 && lines > 0)
		filter->maxlines = (unsigned)lines;
	return 0;
}

/* --- logs, ports, ignored addresses ------------------------------------------------------- */

static int logs_get(struct reading *reading)
{
	struct slice value, line;

	if (option_get(reading, "logpath", &value) < 0)
		return -1;
	if (reading->jail->journal)
		return 0;
	while (slice_next(&value, '\n', &line)) {
		/* "path tail": where fail2ban begins to read, which is no matter here */
		ptrdiff_t blank = slice_find_last_byte(slice_trim(line), ' ');

		line = slice_trim(line);
		if (blank > 0)
			line = slice_cut(line, 0, (size_t)blank);
		if (line.len > 0)
			*LIST_ADD(reading->arena, &reading->jail->patterns) = line;
	}
	return 0;
}

static int ports_get(struct reading *reading)
{
	struct slices unknown = { 0 };
	struct slice value;

	if (option_get(reading, "port", &value) < 0)
		return -1;
	jail_ports_parse(reading->arena, value, &reading->jail->ports, &unknown);
	for (size_t i = 0; i < unknown.count; i++)
		note(reading, arena_printf(reading->arena,
					   "its port '" SLICE_FMT "' is not known here",
					   SLICE_ARG(unknown.at[i])));
	if (option_get(reading, "protocol", &value) < 0)
		return -1;
	reading->jail->protocol =
		slice_equal_nocase(value, S("udp")) ? PROTOCOL_UDP : PROTOCOL_TCP;
	return 0;
}

/* 10.0.0.0/255.0.0.0 as 10.0.0.0/8; the same where it is written so already. */
static struct slice range_text(struct arena *arena, struct slice word)
{
	ptrdiff_t slash = slice_find_byte(word, '/');
	struct address mask, base;
	struct range range;
	unsigned bits = 0;

	if (slice_starts(word, S("[")) && slice_ends(word, S("]")))
		word = slice_cut(word, 1, word.len - 1);
	if (range_parse(word, &range) == 0)
		return word;
	if (slash < 0 || address_parse(slice_cut(word, 0, (size_t)slash), &base) ||
	    address_parse(slice_from(word, (size_t)slash + 1), &mask) ||
	    mask.family != FAMILY_IPV4 || base.family != FAMILY_IPV4)
		return (struct slice){ 0 };
	while (bits < 32 && mask.bytes[bits / 8] >> (7 - bits % 8) & 1)
		bits++;
	struct address all = { .family = FAMILY_IPV4,
			       .bytes = { 0xff, 0xff, 0xff, 0xff } };
	struct address exact = address_mask(&all, bits);
	if (!address_equal(&exact, &mask))
		return (struct slice){ 0 };
	return arena_printf(arena, SLICE_FMT "/%u",
			    SLICE_ARG(slice_cut(word, 0, (size_t)slash)), bits);
}

static int ignored_get(struct reading *reading)
{
	struct slice value, command;

	if (option_get(reading, "ignoreip", &value) < 0 ||
	    option_get(reading, "ignorecommand", &command) < 0)
		return -1;
	while (value.len > 0) {
		size_t end = 0;
		struct slice word, range;

		while (end < value.len && value.at[end] != ',' &&
		       !ascii_is_space(value.at[end]))
			end++;
		word = slice_cut(value, 0, end);
		value = slice_from(value, end + 1);
		if (word.len == 0)
			continue;
		range = range_text(reading->arena, word);
		if (range.len > 0)
			*LIST_ADD(reading->arena, &reading->jail->ignored) = range;
		else
			note(reading, arena_printf(reading->arena,
						   "its ignoreip '" SLICE_FMT
						   "' is a name and is not looked up",
						   SLICE_ARG(word)));
	}
	if (command.len > 0)
		note(reading,
		     arena_printf(reading->arena,
				  "its ignorecommand '" SLICE_FMT "' is not run",
				  SLICE_ARG(command)));
	return 0;
}

static int display_get(struct reading *reading)
{
	struct slice action;

	if (option_get(reading, "maxretry", &reading->jail->maxretry) < 0 ||
	    option_get(reading, "findtime", &reading->jail->findtime) < 0 ||
	    option_get(reading, "action", &action) < 0)
		return -1;
	jail_actions_parse(reading->arena, action, &reading->jail->reporters);
	return 0;
}

/* --- the jail ------------------------------------------------------------------------------- */

static int jail_read(struct reading *reading)
{
	struct slice backend;

	if (option_get(reading, "backend", &backend) < 0)
		return -1;
	reading->jail->journal = slice_starts(backend, S("systemd"));
	if (filter_get(reading) || filter_override(reading) || logs_get(reading) ||
	    ports_get(reading) || ignored_get(reading) || display_get(reading))
		return -1;
	return 0;
}

static void problem_add(struct reading *reading, struct jails *jails)
{
	*LIST_ADD(reading->arena, &jails->problems) =
		arena_printf(reading->arena, "jail '" SLICE_FMT "' is passed over: %s",
			     SLICE_ARG(reading->jail->name), reading->err->text);
	error_clear(reading->err);
}

static void jail_add(struct reading *reading, struct slice name, struct jails *jails)
{
	struct jail *jail = ARENA_NEW(reading->arena, struct jail);
	struct slice enabled;
	int found;

	jail->name = name;
	reading->jail = jail;
	reading->vars = (struct ini_vars){ 0 };
	for (size_t i = 0; i < reading->given.count; i++)
		*LIST_ADD(reading->arena, &reading->vars) = reading->given.at[i];
	found = option_get(reading, "enabled", &enabled);
	if (found >= 0 && !is_true(enabled))
		return;
	if (found < 0 || jail_read(reading) != 0)
		problem_add(reading, jails);
	else if (jails->count < JAILS_MAX)
		*LIST_ADD(reading->arena, jails) = *jail;
}

static void given_add(struct reading *reading, const char *name, struct slice value)
{
	*LIST_ADD(reading->arena, &reading->given) =
		(struct ini_var){ .name = slice_of(name), .value = value };
}

int jails_read(struct arena *arena, struct slice folder, struct jails *out,
	       struct error *err)
{
	struct reading reading = { .arena = arena, .err = err };
	struct jails jails = { 0 };

	while (folder.len > 1 && slice_ends(folder, S("/")))
		folder.len--;
	reading.folder = folder;
	if (ini_set_read_present(
		    arena, arena_printf(arena, SLICE_FMT "/jail", SLICE_ARG(folder)),
		    &reading.set, &jails.problems, err) != 0)
		return -1;
	given_add(&reading, "fail2ban_version", S("1.0.2"));
	given_add(&reading, "fail2ban_confpath", folder);
	for (size_t i = 0; i < reading.set.sections.count; i++) {
		struct slice name = reading.set.sections.at[i].name;

		if (!slice_starts(name, S("KNOWN/")) &&
		    !slice_equal(name, S("INCLUDES")))
			jail_add(&reading, name, &jails);
	}
	if (jails.count == 0)
		return error_set(err, ERROR_CONFIG,
				 "no jail of '" SLICE_FMT "' is enabled%s" SLICE_FMT,
				 SLICE_ARG(folder), jails.problems.count ? ": " : "",
				 SLICE_ARG(jails.problems.count ? jails.problems.at[0]
								: S("")));
	*out = jails;
	return 0;
}

int jail_logs(struct arena *arena, const struct jail *jail, struct slices *out,
	      struct error *err)
{
	struct slices logs = { 0 };

	for (size_t i = 0; i < jail->patterns.count; i++) {
		glob_t found = { 0 };
		int result = glob(arena_cstr(arena, jail->patterns.at[i]),
				  GLOB_NOESCAPE, NULL, &found);

		for (size_t j = 0; result == 0 && j < found.gl_pathc; j++)
			*LIST_ADD(arena, &logs) =
				arena_copy(arena, slice_of(found.gl_pathv[j]));
		globfree(&found);
		if (logs.count > JAIL_LOGS_MAX)
			return error_set(err, ERROR_LIMIT,
					 "jail '" SLICE_FMT "' names over %d logs",
					 SLICE_ARG(jail->name), JAIL_LOGS_MAX);
	}
	*out = logs;
	return 0;
}
