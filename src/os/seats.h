/* os/seats.h - places that processes share: so many of a kind are taken at once, in all
 * of them together. Whoever ends, however he ends, leaves his places: they are locks of a
 * file, which the kernel drops. One struct a process and file.                          */
#ifndef OS_SEATS_H
#define OS_SEATS_H

#include "base/error.h"
#include "base/slice.h"

enum { SEATS_MOST = 64 };

struct seats;

/* The file is made, mode 0600, when it is not there. */
MUST_CHECK struct seats *seats_open(const char *path, struct error *err);
void seats_close(struct seats *seats); /* NULL is fine; leaves all places */
/* `taken` has a bit for each place of this kind that we have: one that is free for
 * everybody, below `count`, is added. False: there is none. `seats` NULL: we are alone. */
bool seats_take(struct seats *seats, struct slice kind, unsigned count,
		uint64_t *taken);
/* Leaves one of them. */
void seats_leave(struct seats *seats, struct slice kind, uint64_t *taken);

#endif
