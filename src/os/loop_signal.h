/* os/loop_signal.h - signals as callbacks of the loop, instead of what they else do. */
#ifndef OS_LOOP_SIGNAL_H
#define OS_LOOP_SIGNAL_H

#include "os/loop.h"

struct loop_signal;

MUST_CHECK struct loop_signal *loop_signal_new(struct loop *loop, int number,
					       void (*raised)(void *context,
							      int number),
					       void *context, struct error *err);
void loop_signal_free(struct loop_signal *signal); /* NULL is fine */

#endif
