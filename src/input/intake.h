/* input/intake.h - the lines of a pipe, into the spool as they come.
 *
 * They are lines of a log and stay as they are, but for the longest, which are counted and
 * passed over whole. The last one of a pipe need not end.                              */
#ifndef INPUT_INTAKE_H
#define INPUT_INTAKE_H

#include "input/spool.h"
#include "os/loop.h"

struct intake_options {
	struct loop *loop;
	struct spool *spool;
	struct slice name; /* in the spool; borrowed for the intake's life        */
	int fd; /* borrowed; a pipe, a socket or a terminal                     */
	void (*came)(void *context);
	void (*ended)(void *context); /* the pipe did                            */
	void (*failed)(void *context, const struct error *err);
	void *context;
};
struct intake;
/* ERROR_REFUSED for a regular file, which can be followed by its name. */
MUST_CHECK struct intake *intake_open(const struct intake_options *options,
				      struct error *err);
void intake_free(struct intake *intake); /* NULL is fine */
uint64_t intake_long_lines(const struct intake *intake);

#endif
