/* input/raw.h - the bytes of a file or pipe as they are stored, still compressed.
 *
 * Read in order; can begin again. What was read from a pipe is kept in an anonymous
 * temporary file for that, until raw_keep_no_more(). A file that shrinks or is written
 * anew while it is read (logrotate's copytruncate) ends there: raw_was_rewritten().  */
#ifndef INPUT_RAW_H
#define INPUT_RAW_H

#include "os/file.h"

#include <sys/types.h>

struct raw;

struct raw_source {
	const char *path; /* "-" is standard input, from where it stands          */
	enum file_links links;
	const int *fd; /* borrowed: an open regular file; NULL: open the path  */
};

/* NULL and err as file_open_read(). */
MUST_CHECK struct raw *raw_open(const struct raw_source *source, struct error *err);
void raw_free(struct raw *raw); /* NULL is fine */

/* Up to `count` bytes; 0 at the end, -1 and err ERROR_SYSTEM. */
MUST_CHECK ssize_t raw_read(struct raw *raw, char *out, size_t count,
			    struct error *err);
/* Goes to a byte that was read before or, in a regular file, to any. */
void raw_seek(struct raw *raw, uint64_t offset);
void raw_keep_no_more(struct raw *raw);
/* The first bytes as they are now, without moving; 0 for a pipe.                      */
size_t raw_beginning(const struct raw *raw, char *out, size_t count);

bool raw_is_regular(const struct raw *raw);
bool raw_was_rewritten(const struct raw *raw);
/* Nobody is in the middle of writing it: no process has it open for writing or, where
 * that cannot be asked, it was left alone for 2 seconds. Always true for a pipe.      */
bool raw_is_finished(const struct raw *raw);

#endif
