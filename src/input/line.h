/* input/line.h - one line of a log and where it stands. A plain value; borrows all. */
#ifndef INPUT_LINE_H
#define INPUT_LINE_H

#include "base/slice.h"

enum { LINE_MAX_BYTES = 64 * 1024 }; /* longer lines are counted and skipped whole */

struct line {
	struct slice text; /* without LF or CR LF; any byte, untrusted          */
	struct slice file; /* path as the user named it, "-" for standard input */
	uint64_t number; /* from 1, in the decompressed text                  */
	uint64_t offset; /* of the first byte, in the decompressed text       */
};

#endif
