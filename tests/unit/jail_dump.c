/* Prints the enabled jails of a folder, for tests/system/fail2ban_jails.py.
 *
 *   jail_dump FOLDER
 * Lines "key value": jail NAME, then its filter's options as filter_dump prints them, its
 * log patterns, ignored addresses, ports, reporters and notes; problems last. A folder that
 * cannot be read gives "error TEXT".                                                    */
#include "event/jail.h"

#include <stdio.h>

static void show(const char *key, struct slice value)
{
	printf("%s ", key);
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] == '\n')
			fputs("\\n", stdout);
		else if (value.at[i] == '\\')
			fputs("\\\\", stdout);
		else
			putchar(value.at[i]);
	}
	putchar('\n');
}

static void show_all(const char *key, const struct slices *values)
{
	for (size_t i = 0; i < values->count; i++)
		show(key, values->at[i]);
}

static void filter_show(const struct filter *filter)
{
	if (filter->prefregex.len > 0)
		show("prefregex", filter->prefregex);
	show_all("failregex", &filter->failregex);
	show_all("ignoreregex", &filter->ignoreregex);
	if (filter->datepattern.len > 0)
		show("datepattern", filter->datepattern);
	if (filter->maxlines != 1)
		printf("maxlines %u\n", filter->maxlines);
	show_all("journalmatch", &filter->journalmatch);
}

static void jail_show(const struct jail *jail)
{
	show("jail", jail->name);
	filter_show(&jail->filter);
	printf("journal %d\n", jail->journal);
	show_all("logpath", &jail->patterns);
	show_all("ignoreip", &jail->ignored);
	for (size_t i = 0; i < jail->ports.count; i++)
		printf("port %u-%u\n", jail->ports.at[i].first, jail->ports.at[i].last);
	show("maxretry", jail->maxretry);
	show("findtime", jail->findtime);
	for (size_t i = 0; i < jail->reporters.count; i++) {
		show("reporter", jail->reporters.at[i].action);
		show("recipient", jail->reporters.at[i].recipient);
	}
	show_all("note", &jail->notes);
}

int main(int argc, char **argv)
{
	struct arena *arena = arena_new();
	struct jails jails = { 0 };
	struct error err = { 0 };

	if (argc != 2)
		return 64;
	if (jails_read(arena, slice_of(argv[1]), &jails, &err) != 0)
		show("error", slice_of(err.text));
	for (size_t i = 0; i < jails.count; i++)
		jail_show(&jails.at[i]);
	show_all("problem", &jails.problems);
	arena_free(arena);
	return 0;
}
