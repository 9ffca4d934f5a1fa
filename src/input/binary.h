/* input/binary.h - whether bytes are a log's text at all. */
#ifndef INPUT_BINARY_H
#define INPUT_BINARY_H

#include "base/slice.h"

/* `head` is the first up to 4 KiB. NULL for text, where a few NULs or broken UTF-8 are
 * fine; else what it seems to be and what to do: "is a tar archive: unpack it ..."    */
const char *binary_advice(struct slice head);

#endif
