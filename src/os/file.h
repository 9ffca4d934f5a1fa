/* os/file.h - files opened without surprises and written whole or not at all.
 *
 * Every write, rename and mkdir passes a crash point (os/point.h). Errors are
 * ERROR_SYSTEM unless said otherwise, name the path and say what to do.             */
#ifndef OS_FILE_H
#define OS_FILE_H

#include "base/buffer.h"
#include "base/error.h"

enum file_links { FILE_LINKS_FOLLOW, FILE_LINKS_REFUSE };

/* A descriptor for reading a regular file or a FIFO. Anything else (folder, device,
 * socket) is ERROR_REFUSED; opening never hangs, not even on a FIFO without a writer,
 * which then reads as empty. The descriptor blocks and is closed on exec.            */
MUST_CHECK int file_open_read(const char *path, enum file_links links, int *fd,
			      struct error *err);

/* The whole file, added to `out`; more than the buffer's maximum is ERROR_LIMIT. */
MUST_CHECK int file_read(const char *path, struct buffer *out, struct error *err);

/* All of `bytes` to `fd`, however many writes that takes; `path` is for the error. */
MUST_CHECK int file_write_all(int fd, const char *path, struct slice bytes,
			      struct error *err);

enum file_write {
	FILE_REPLACE, /* an older file of that name is replaced at once         */
	FILE_NEW, /* an older file stays untouched: ERROR_REFUSED            */
};

/* Written to a temporary file of the same folder, synced, moved into place, and the
 * folder synced: after a crash the old or the new content is there, never a part.
 * `mode` as in chmod(2), whatever the umask.                                         */
MUST_CHECK int file_write(const char *path, enum file_write how, unsigned mode,
			  struct slice bytes, struct error *err);

/* The same in parts, for what is too large for the memory: written by file_write_all() to
 * `fd`, which can be read and moved in, then committed or dropped.                      */
struct file_draft {
	int fd;
	char *path, *temporary;
};
MUST_CHECK int file_draft_open(struct file_draft *draft, const char *path,
			       unsigned mode, struct error *err);
MUST_CHECK int file_draft_commit(struct file_draft *draft, struct error *err);
void file_draft_drop(struct file_draft *draft);

/* Makes the folder and what is missing above it, each with mode 0700. One that is
 * there stays as it is; a file in the way is ERROR_REFUSED.                          */
MUST_CHECK int file_make_folder(const char *path, struct error *err);

#endif
