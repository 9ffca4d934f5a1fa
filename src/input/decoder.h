/* input/decoder.h - decompressors, one row per way in. Used by stream.c only.
 *
 * open   begins at the raw bytes' start; NULL and err
 * read   up to `count` decompressed bytes; 0 at the end; -1 and err: ERROR_SYNTAX where
 *        the data are damaged or cut off, after all that stood before was given
 * close  frees; NULL is fine
 * check  NULL, or reads all raw bytes of a file: ERROR_REFUSED where what read() would give
 *        is not what was packed. A CRC at the end comes too late for read(), and a digit
 *        that was damaged names somebody else. Cut off is no such damage.             */
#ifndef INPUT_DECODER_H
#define INPUT_DECODER_H

#include "input/raw.h"

struct decoder {
	void *(*open)(struct raw *raw, struct error *err);
	ssize_t (*read)(void *state, char *out, size_t count, struct error *err);
	void (*close)(void *state);
	int (*check)(struct raw *raw, struct error *err);
};

extern const struct decoder decoder_gzip; /* by zlib: gives all up to the damage     */
extern const struct decoder decoder_archive; /* xz, zstd, bzip2 by libarchive        */

#endif
