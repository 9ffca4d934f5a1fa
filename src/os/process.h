/* os/process.h - which process did something, and whether it still runs.
 *
 * A process is known by boot, PID namespace, number and start time, so that a number used
 * again is not taken for it. PROCESS_UNKNOWN: another boot or another namespace, of which
 * nothing can be said from here (it may be another machine).                             */
#ifndef OS_PROCESS_H
#define OS_PROCESS_H

#include "base/slice.h"

enum { PROCESS_TEXT_MAX = 128 };
struct process_text {
	char text[PROCESS_TEXT_MAX];
};
struct process_text process_self(void);

/* Which build of this program runs: the linker's hash of its content, in hex. Empty where
 * it was linked without (--build-id).                                                    */
struct process_text process_program(void);

enum process_state { PROCESS_RUNS, PROCESS_GONE, PROCESS_UNKNOWN };
enum process_state process_look(struct slice text);

#endif
