/* input/folder.h - the logs in a folder, by name, to a depth. Used by find.c only. */
#ifndef INPUT_FOLDER_H
#define INPUT_FOLDER_H

#include "input/find.h"

enum { FOLDER_DEPTH_MAX = 4, FOLDER_FILES_MAX = 65536 };

/* Adds the regular files under `path` that may be logs; of those directly in it, and of
 * its folders, only the sets that are wanted (NULL: all). 0, or the errno of opening it;
 * a folder below that cannot be opened is counted as unreadable.                      */
int folder_add(struct arena *arena, const char *path, bool (*wanted)(struct slice set),
	       struct input_files *files);
/* One file; false where it is not a regular file. */
bool folder_add_file(struct arena *arena, struct slice path, bool is_found,
		     struct input_files *files);

#endif
