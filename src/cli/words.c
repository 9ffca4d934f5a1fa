#include "cli/words.h"

void words_add(struct arena *arena, struct words *words, struct slice word)
{
	*LIST_ADD(arena, words) = arena_cstr(arena, word);
}

void words_pass(struct run *run, struct arena *arena, struct words *words,
		const char *name)
{
	struct slices values = run_list(run, name);

	for (size_t i = 0; i < values.count; i++)
		words_add(arena, words,
			  arena_printf(arena, "--%s=" SLICE_FMT, name,
				       SLICE_ARG(values.at[i])));
}

char *const *words_end(struct arena *arena, struct words *words)
{
	*LIST_ADD(arena, words) = NULL;
	return words->at;
}
