/* input/folder.h - the logs in a folder, by name, to a depth. Used by find.c only. */
#ifndef INPUT_FOLDER_H
#define INPUT_FOLDER_H

#include "input/find.h"

enum { FOLDER_DEPTH_MAX = 4, FOLDER_FILES_MAX = 65536 };

/* Adds the regular files under `path` that may be logs; 0, or the errno of opening it. */
int folder_add(struct arena *arena, const char *path, struct input_files *files);
/* One file; false where it is not a regular file. */
bool folder_add_file(struct arena *arena, struct slice path, bool is_found,
		     struct input_files *files);

#endif
