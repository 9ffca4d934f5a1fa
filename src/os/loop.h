/* os/loop.h - one event loop: timers and descriptors. The one home of uv.h.
 *
 * Callbacks run from loop_turn() only, never from the calls that set them up, and may
 * free their own timer or watch. A watch does not own its descriptor: free the watch
 * before the descriptor is closed. Times here are real (monotonic) milliseconds, because
 * a peer's slowness is real whatever the injected clock shows.                          */
#ifndef OS_LOOP_H
#define OS_LOOP_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct loop;

MUST_CHECK struct loop *loop_new(struct error *err);
void loop_free(struct loop *loop); /* timers and watches must be freed before */
int64_t loop_now_ms(struct loop *loop);
/* Waits for something to happen and runs its callbacks; false when nothing is left that
 * could happen.                                                                         */
bool loop_turn(struct loop *loop);
/* Runs the callbacks of what has happened already, and waits for nothing. */
void loop_glance(struct loop *loop);

struct loop_timer;
struct loop_timer *loop_timer_new(struct loop *loop, void (*expired)(void *context),
				  void *context);
void loop_timer_start(struct loop_timer *timer, int64_t delay_ms); /* once; restarts */
void loop_timer_stop(struct loop_timer *timer);
void loop_timer_free(struct loop_timer *timer); /* NULL is fine */

enum { LOOP_READ = 1, LOOP_WRITE = 2 };
struct loop_watch;
/* `ready` is told which of LOOP_READ and LOOP_WRITE; an error or a hang-up shows as both,
 * so that the next read or write finds it.                                              */
MUST_CHECK struct loop_watch *loop_watch_new(struct loop *loop, int fd,
					     void (*ready)(void *context, int events),
					     void *context, struct error *err);
MUST_CHECK int loop_watch_set(struct loop_watch *watch, int events, struct error *err);
void loop_watch_free(struct loop_watch *watch); /* NULL is fine */

#endif
