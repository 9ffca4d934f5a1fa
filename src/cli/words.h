/* cli/words.h - the command line of a tipoff that another one starts. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "cli/command.h"

struct words {
	char **at;
	size_t count, room;
};
void words_add(struct arena *arena, struct words *words, struct slice word);
/* "--NAME=VALUE" for each time that the option was given to us. */
void words_pass(struct run *run, struct arena *arena, struct words *words,
		const char *name);
/* As exec has it: what was added, ended by NULL. */
char *const *words_end(struct arena *arena, struct words *words);

#endif
