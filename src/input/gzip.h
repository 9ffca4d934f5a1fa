/* input/gzip.h - how much a gzip file unpacks to, and whether it does so whole. */
#ifndef INPUT_GZIP_H
#define INPUT_GZIP_H

#include "base/error.h"

#include <stdint.h>

/* Unpacks all of it to nowhere. ERROR_SYNTAX where it is damaged or cut off, ERROR_LIMIT
 * as soon as more than `most` bytes come out.                                          */
MUST_CHECK int gzip_measure(const char *path, uint64_t most, uint64_t *bytes,
			    struct error *err);

#endif
