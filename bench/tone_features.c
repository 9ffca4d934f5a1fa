/* The features of passages, as the lint of memos sees them (report/tone.h), for
 * tools/tone-train: of each line of standard input, which is a passage, one line a sentence,
 * its features apart by tabs, and an empty line behind the passage. */
#include "report/tone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void found(void *context, size_t line, const char *rule, struct slice words)
{
	(void)context;
	(void)line;
	(void)rule;
	(void)words;
}

static void told(void *context, struct slice feature)
{
	(void)context;
	if (feature.len)
		printf(SLICE_FMT "\t", SLICE_ARG(feature));
	else
		putchar('\n');
}

int main(void)
{
	struct arena *compiled = arena_new(), *arena = arena_new();
	struct tone_reader reader = { tone_new(compiled), found, told, NULL };
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, stdin)) >= 0) {
		struct tone_text *text = tone_begin(arena, &reader);

		tone_line(text, 1, slice_trim((struct slice){ line, (size_t)len }));
		tone_end(text);
		putchar('\n');
		arena_reset(arena);
	}
	free(line);
	arena_free(arena);
	arena_free(compiled);
	return EXIT_SUCCESS;
}
