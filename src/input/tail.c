#include "input/tail.h"

#include <string.h>

void tail_add(struct tail *tail, struct slice passed)
{
	size_t fresh = passed.len < TAIL_BYTES ? passed.len : TAIL_BYTES;
	size_t room = TAIL_BYTES - fresh;
	size_t old = tail->len < room ? tail->len : room;

	if (passed.len == 0)
		return;
	memmove(tail->at, tail->at + tail->len - old, old);
	memcpy(tail->at + old, passed.at + passed.len - fresh, fresh);
	tail->len = old + fresh;
}
