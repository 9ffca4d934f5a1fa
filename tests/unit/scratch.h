/* tests/unit/scratch.h - files for one test, under $TMPDIR (or /tmp), removed at its end.
 *
 * Names may hold one folder ("x.d/a.conf"), which is made.                            */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include "base/slice.h"

struct scratch {
	char path[256];
};

struct scratch scratch_new(void);
void scratch_write(const struct scratch *scratch, const char *name, const char *text);
/* "$SCRATCH/name" in a buffer of its own until the next call but three. */
struct slice scratch_path(const struct scratch *scratch, const char *name);
void scratch_free(const struct scratch *scratch);

#endif
