/* Prints rule files as they are resolved, for tests/system/filter_dialect.py.
 *
 *   filter_dump FOLDER < NAMES     NAMES: one name (with parameters) a line
 * Each answer begins with "name NAME" and holds lines "key value", newlines in values
 * written as \n and backslashes as \\; a rule that cannot be read gives "error TEXT". */
#include "event/filter.h"

#include <stdio.h>
#include <string.h>

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

static void dump(struct slice folder, struct slice name)
{
	struct arena *arena = arena_new();
	struct filter filter;
	struct error err = { 0 };

	show("name", name);
	if (filter_read(arena, folder, name, &filter, &err)) {
		show("error", slice_of(err.text));
	} else {
		if (filter.prefregex.len > 0)
			show("prefregex", filter.prefregex);
		show_all("failregex", &filter.failregex);
		show_all("ignoreregex", &filter.ignoreregex);
		if (filter.datepattern.len > 0)
			show("datepattern", filter.datepattern);
		if (filter.maxlines != 1)
			printf("maxlines %u\n", filter.maxlines);
		show_all("journalmatch", &filter.journalmatch);
	}
	arena_free(arena);
}

int main(int argc, char **argv)
{
	static char line[65536];

	if (argc != 2)
		return 64;
	while (fgets(line, sizeof line, stdin)) {
		line[strcspn(line, "\n")] = '\0';
		dump(slice_of(argv[1]), slice_of(line));
	}
	return 0;
}
