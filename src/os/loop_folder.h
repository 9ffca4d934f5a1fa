/* os/loop_folder.h - told of what changes in a folder (inotify, through libuv).
 *
 * A hint, never the truth: a full queue of the kernel is not told, and changes that other
 * machines make in a network file system are not seen at all. Who must not miss anything
 * looks for himself from time to time as well.                                         */
#ifndef OS_LOOP_FOLDER_H
#define OS_LOOP_FOLDER_H

#include "os/loop.h"

struct loop_folder;

/* `changed` is told whether names came, went or moved; else a file's content changed.
 * NULL and err where the system cannot watch it: too many watches, no such folder.    */
MUST_CHECK struct loop_folder *loop_folder_new(struct loop *loop, const char *path,
					       void (*changed)(void *context,
							       bool names),
					       void *context, struct error *err);
void loop_folder_free(struct loop_folder *folder); /* NULL is fine */

#endif
