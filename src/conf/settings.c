#include "conf/settings.h"

#include "base/clock.h"
#include "conf/ini.h"
#include "conf/schema.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A value with the place to name in an error. */
struct place {
	struct slice path;
	unsigned line, column;
};

static int complain(const struct place *place, struct error *err, const char *format,
		    ...) PRINTF(3, 4);
static int complain(const struct place *place, struct error *err, const char *format,
		    ...)
{
	char text[ERROR_TEXT_MAX / 2];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (!place->line)
		return error_set(err, ERROR_CONFIG, SLICE_FMT ": %s",
				 SLICE_ARG(place->path), text);
	return error_set(err, ERROR_CONFIG, SLICE_FMT ":%u:%u: %s",
			 SLICE_ARG(place->path), place->line, place->column, text);
}

static void *member_at(void *base, const struct schema_row *row)
{
	return (char *)base + row->offset;
}

static int count_set(const struct schema_row *row, struct slice value, void *member,
		     const struct place *place, struct error *err)
{
	uint64_t number;

	if (slice_to_u64(value, INT64_MAX, &number) != 0 ||
	    (int64_t)number < row->least || (int64_t)number > row->most)
		return complain(place, err,
				"'%s' is '" SLICE_FMT
				"': write a whole number from %lld to %lld",
				row->key, SLICE_ARG(value), (long long)row->least,
				(long long)row->most);
	*(int64_t *)member = (int64_t)number;
	return 0;
}

static int64_t unit_seconds(struct slice unit)
{
	static const struct {
		const char *word;
		int64_t seconds;
	} units[] = {
		{ "", 1 },        { "s", 1 },        { "m", 60 },       { "min", 60 },
		{ "h", 3600 },    { "hour", 3600 },  { "hours", 3600 }, { "d", 86400 },
		{ "day", 86400 }, { "days", 86400 },
	};

	for (size_t i = 0; i < COUNT_OF(units); i++)
		if (slice_equal(unit, slice_of(units[i].word)))
			return units[i].seconds;
	return 0;
}

static int duration_set(const struct schema_row *row, struct slice value, void *member,
			const struct place *place, struct error *err)
{
	size_t digits = 0;
	uint64_t number = 0;
	int64_t unit;

	while (digits < value.len && ascii_is_digit(value.at[digits]))
		digits++;
	unit = unit_seconds(slice_trim(slice_from(value, digits)));
	if (slice_to_u64(slice_cut(value, 0, digits), 1000000000, &number) != 0 ||
	    !unit || (int64_t)number * unit < row->least ||
	    (int64_t)number * unit > row->most)
		return complain(
			place, err,
			"'%s' is '" SLICE_FMT
			"': write a time such as '90 s', '15 m', '24 h' or '3 d', from "
			"%lld s to %lld s",
			row->key, SLICE_ARG(value), (long long)row->least,
			(long long)row->most);
	*(int64_t *)member = (int64_t)number * unit * SECOND_US;
	return 0;
}

static int word_find(const char *words, struct slice value)
{
	struct slice rest = slice_of(words), word;

	for (int i = 0; slice_next(&rest, '|', &word); i++)
		if (slice_equal(word, value))
			return i;
	return -1;
}

/* yes|no and ask|yes|no and rows' own choices are all one of some words. */
static int word_set(const struct schema_row *row, const char *words, struct slice value,
		    int *out, const struct place *place, struct error *err)
{
	*out = word_find(words, value);
	if (*out < 0)
		return complain(place, err, "'%s' is '" SLICE_FMT "': write one of %s",
				row->key, SLICE_ARG(value), words);
	return 0;
}

static void list_set(struct arena *arena, struct slice value, bool by_line,
		     struct slices *out)
{
	*out = (struct slices){ 0 };
	while (value.len) {
		size_t len = 0;
		struct slice item;

		while (len < value.len && value.at[len] != '\n' &&
		       (by_line ||
			(!ascii_is_space(value.at[len]) && value.at[len] != ',')))
			len++;
		item = slice_trim(slice_cut(value, 0, len));
		if (item.len)
			*LIST_ADD(arena, out) = item;
		value = slice_from(value, len + 1);
	}
}

/* `base` is what the row's offset counts from. */
static int row_set(struct arena *arena, void *base, const struct schema_row *row,
		   struct slice value, const struct place *place, struct error *err)
{
	void *member = member_at(base, row);
	int word = 0;

	switch (row->type) {
	case SCHEMA_TEXT:
		if (slice_find_byte(value, '\n') >= 0)
			return complain(place, err, "'%s' has more than one line",
					row->key);
		*(struct slice *)member = arena_copy(arena, value);
		return 0;
	case SCHEMA_LIST:
	case SCHEMA_LINES:
		list_set(arena, arena_copy(arena, value), row->type == SCHEMA_LINES,
			 member);
		return 0;
	case SCHEMA_COUNT:
		return count_set(row, value, member, place, err);
	case SCHEMA_DURATION:
		return duration_set(row, value, member, place, err);
	case SCHEMA_BOOL:
		if (word_set(row, row->choices ? row->choices : "no|yes", value, &word,
			     place, err) != 0)
			return -1;
		*(bool *)member = word == 1;
		return 0;
	case SCHEMA_CONSENT:
		if (word_set(row, "ask|no|yes", value, &word, place, err) != 0)
			return -1;
		*(enum consent *)member = (enum consent)word;
		return 0;
	case SCHEMA_CHOICE:
		if (word_set(row, row->choices, value, &word, place, err) != 0)
			return -1;
		*(struct slice *)member = arena_copy(arena, value);
		return 0;
	}
	return 0;
}

static const struct schema_row *row_find(struct slice section, struct slice key)
{
	for (size_t i = 0; i < schema_count; i++)
		if (slice_equal(section, slice_of(schema[i].section)) &&
		    slice_equal(key, slice_of(schema[i].key)))
			return &schema[i];
	return NULL;
}

/* How alike two words are, for "did you mean": characters of `a` found in order in `b`. */
static size_t likeness(struct slice a, struct slice b)
{
	size_t alike = 0, from = 0;

	for (size_t i = 0; i < a.len; i++) {
		for (size_t j = from; j < b.len; j++) {
			if (a.at[i] == b.at[j]) {
				alike++;
				from = j + 1;
				break;
			}
		}
	}
	return 2 * alike * 100 / (a.len + b.len);
}

static int unknown_key(struct slice section, struct slice key,
		       const struct place *place, struct error *err)
{
	const struct schema_row *best = NULL;
	size_t most = 70;

	for (size_t i = 0; i < schema_count; i++) {
		size_t alike = likeness(key, slice_of(schema[i].key));

		if (slice_equal(section, slice_of(schema[i].section)))
			alike += 10;
		if (alike > most) {
			most = alike;
			best = &schema[i];
		}
	}
	if (best)
		return complain(place, err,
				"unknown key '" SLICE_FMT "' in [" SLICE_FMT
				"]; did you mean '%s' in [%s]?",
				SLICE_ARG(key), SLICE_ARG(section), best->key,
				best->section);
	return complain(place, err,
			"unknown key '" SLICE_FMT "' in [" SLICE_FMT
			"]; tipoff.conf(5) lists them",
			SLICE_ARG(key), SLICE_ARG(section));
}

/* [hosts]: log host = public address [full name] */
static int host_set(struct arena *arena, struct settings *settings, struct slice host,
		    struct slice value, const struct place *place, struct error *err)
{
	struct slices words;

	list_set(arena, arena_copy(arena, value), false, &words);
	if (words.count < 1 || words.count > 2)
		return complain(
			place, err,
			"'" SLICE_FMT " = " SLICE_FMT
			"' in [hosts]: write LOGHOST = PUBLIC-ADDRESS [FULL-NAME]",
			SLICE_ARG(host), SLICE_ARG(value));
	*LIST_ADD(arena, &settings->hosts) = (struct settings_host){
		.host = arena_copy(arena, host),
		.address = words.at[0],
		.name = words.count == 2 ? words.at[1] : (struct slice){ NULL, 0 },
	};
	return 0;
}

/* The address of a section [contact "ADDRESS"]; empty for any other. */
static struct slice contact_of(struct slice section)
{
	const struct slice begin = S("contact \"");

	if (!slice_starts(section, begin) || !slice_ends(section, S("\"")) ||
	    section.len < begin.len + 2)
		return (struct slice){ NULL, 0 };
	return slice_cut(section, begin.len, section.len - 1);
}

const struct settings_contact *settings_contact_find(const struct settings *settings,
						     struct slice address)
{
	for (size_t i = 0; i < settings->contacts.count; i++)
		if (slice_equal_nocase(settings->contacts.at[i].address, address))
			return &settings->contacts.at[i];
	return NULL;
}

static struct settings_contact *contact_add(struct arena *arena,
					    struct settings *settings,
					    struct slice address)
{
	struct settings_contacts *contacts = &settings->contacts;
	struct settings_contact *added;

	for (size_t i = 0; i < contacts->count; i++)
		if (slice_equal_nocase(contacts->at[i].address, address))
			return &contacts->at[i];
	added = LIST_ADD(arena, contacts);
	*added = (struct settings_contact){ .address = arena_copy(arena, address) };
	return added;
}

static int option_set(struct arena *arena, struct settings *settings,
		      struct slice section, const struct ini_option *option,
		      struct error *err)
{
	struct slice contact = contact_of(section);
	const struct schema_row *row =
		row_find(contact.len ? S("contact") : section, option->name);
	struct place place = { option->path, option->line, option->column };
	void *base = settings;

	if (slice_equal(section, S("hosts")))
		return host_set(arena, settings, option->name, option->value, &place,
				err);
	if (slice_equal(section, S("contact")))
		return complain(&place, err,
				"[contact] needs an address: write "
				"[contact \"abuse@isp.example\"]");
	if (!row)
		return unknown_key(section, option->name, &place, err);
	if (contact.len)
		base = contact_add(arena, settings, contact);
	return row_set(arena, base, row, option->value, &place, err);
}

static int sections_set(struct arena *arena, struct settings *settings,
			const struct ini *ini, struct error *err)
{
	for (size_t s = 0; s < ini->sections.count; s++) {
		const struct ini_section *section = &ini->sections.at[s];

		for (size_t o = 0; o < section->options.count; o++)
			if (option_set(arena, settings, section->name,
				       &section->options.at[o], err) != 0)
				return -1;
	}
	return 0;
}

/* Where the section of "section.key=value" ends: an address in quotes has dots. */
static ptrdiff_t section_end(struct slice text)
{
	ptrdiff_t quoted = slice_find(text, S("\"."));

	if (slice_starts(text, S("contact \"")) && quoted >= 0)
		return quoted + 1;
	return slice_find_byte(text, '.');
}

/* "section.key=value" from the command line. */
int settings_override(struct arena *arena, struct settings *settings, struct slice text,
		      struct error *err)
{
	struct place place = { S("--set"), 0, 0 };
	ptrdiff_t dot = section_end(text), equals = slice_find_byte(text, '=');
	struct ini_option option = { .path = place.path };

	if (dot < 1 || equals < dot)
		return complain(&place, err, "'" SLICE_FMT "': write SECTION.KEY=VALUE",
				SLICE_ARG(text));
	option.name = slice_cut(text, (size_t)dot + 1, (size_t)equals);
	option.value = slice_trim(slice_from(text, (size_t)equals + 1));
	return option_set(arena, settings, slice_cut(text, 0, (size_t)dot), &option,
			  err);
}

static bool is_readable(const char *path)
{
	return access(path, R_OK) == 0;
}

/* The first of the usual places that is there; empty for none. */
static struct slice usual_path(struct arena *arena)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct slice path = { NULL, 0 };

	if (config && config[0] == '/')
		path = arena_printf(arena, "%s/tipoff/tipoff.conf", config);
	else if (home && home[0] == '/')
		path = arena_printf(arena, "%s/.config/tipoff/tipoff.conf", home);
	if (path.len && is_readable(path.at))
		return path;
	if (is_readable("/etc/tipoff/tipoff.conf"))
		return S("/etc/tipoff/tipoff.conf");
	return (struct slice){ NULL, 0 };
}

static int file_set(struct arena *arena, struct settings *settings, struct error *err)
{
	ptrdiff_t slash = slice_find_last_byte(settings->path, '/');
	struct slice folder = slice_cut(settings->path, 0, (size_t)(slash + 1));
	struct ini ini;

	if (access(arena_cstr(arena, settings->path), F_OK) != 0 && errno == ENOENT)
		return error_set(err, ERROR_NOT_FOUND,
				 "no configuration '" SLICE_FMT
				 "': check the name, or let 'tipoff init' make one",
				 SLICE_ARG(settings->path));
	if (ini_read_with_folder(arena, settings->path,
				 arena_printf(arena, SLICE_FMT "conf.d",
					      SLICE_ARG(folder)),
				 &ini, err) != 0) {
		if (err->kind == ERROR_SYNTAX || err->kind == ERROR_LIMIT)
			err->kind = ERROR_CONFIG;
		return -1;
	}
	return sections_set(arena, settings, &ini, err);
}

static int defaults_set(struct arena *arena, struct settings *settings,
			struct error *err)
{
	struct place place = { S("default"), 0, 0 };

	for (size_t i = 0; i < schema_count; i++)
		if (schema[i].otherwise[0] &&
		    row_set(arena, settings, &schema[i], slice_of(schema[i].otherwise),
			    &place, err) != 0)
			return -1;
	return 0;
}

int settings_read(struct arena *arena, const struct settings_source *source,
		  struct settings *out, struct error *err)
{
	struct settings settings = { 0 };

	if (defaults_set(arena, &settings, err) != 0)
		return -1;
	settings.path = source->path.len ? source->path : usual_path(arena);
	if (settings.path.len && file_set(arena, &settings, err) != 0)
		return -1;
	for (size_t i = 0; i < source->overrides.count; i++)
		if (settings_override(arena, &settings, source->overrides.at[i], err) !=
		    0)
			return -1;
	*out = settings;
	return 0;
}
