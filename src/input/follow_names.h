/* input/follow_names.h - what followed names stand for now. Used by follow.c only. */
#ifndef INPUT_FOLLOW_NAMES_H
#define INPUT_FOLLOW_NAMES_H

#include "input/follow.h"

/* As input_find(), with patterns expanded and the rotated files of every named log added
 * to it; out->sets are the sets of which that was done.                                  */
struct follow_names {
	struct input_files files;
	struct slices sets;
};
void follow_names_find(struct arena *arena, const struct follow_options *options,
		       struct follow_names *out);
/* Not named itself, but of the set of a log that was. */
bool follow_names_is_rotated(const struct follow_names *names,
			     const struct input_file *file);

#endif
