/* input/tail.h - the last bytes that went by, at most 4 KiB. A plain value. */
#ifndef INPUT_TAIL_H
#define INPUT_TAIL_H

#include "base/slice.h"

enum { TAIL_BYTES = 4096 };

struct tail {
	size_t len;
	char at[TAIL_BYTES];
};

void tail_add(struct tail *tail, struct slice passed);

#endif
