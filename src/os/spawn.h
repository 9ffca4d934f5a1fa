/* os/spawn.h - one child process, run to its end. No shell, ever.
 *
 * Its standard input is `input`, whole before the child exists: a memory file that nobody
 * can change, so that a child that outlives us still reads all of it and never half. Its
 * standard output and error are one pipe, kept up to `output_max` bytes, the rest read and
 * dropped. It inherits no other descriptor. A child over its deadline is killed.
 *
 *   struct spawn_input input;
 *   if (spawn_input_open(bytes, &input, err) != 0) return -1;
 *   ... commit what must stand before ...
 *   result = spawn_run(&spawn, &input, arena, &ended, err);
 *   spawn_input_close(&input);
 *
 * spawn_run is -1 only where no child was started; what became of one is in `ended`.
 * Crash points: "spawn.before", "spawn.after" (started, not waited for), "spawn.ended".  */
#ifndef OS_SPAWN_H
#define OS_SPAWN_H

#include "base/arena.h"
#include "base/error.h"

struct spawn_input {
	int fd;
};
MUST_CHECK int spawn_input_open(struct slice bytes, struct spawn_input *out,
				struct error *err);
void spawn_input_close(struct spawn_input *input);

struct spawn {
	const char *path; /* absolute                                             */
	char *const *argv; /* ends with NULL                                       */
	size_t output_max;
	int64_t deadline_ms;
};

enum spawn_how { SPAWN_EXITED, SPAWN_SIGNALLED, SPAWN_TOO_SLOW };
struct spawn_end {
	enum spawn_how how;
	int code; /* exit code or signal                                             */
	struct slice output; /* untrusted                                            */
};

MUST_CHECK int spawn_run(const struct spawn *spawn, const struct spawn_input *input,
			 struct arena *arena, struct spawn_end *out, struct error *err);

/* Runs a program that is looked for in PATH and has our own standard input, output and
 * error, an editor say, to its end; SIGINT and SIGQUIT are its own meanwhile.           */
MUST_CHECK int spawn_foreground(char *const *argv, struct spawn_end *out,
				struct error *err);

/* Starts a program and does not wait: standard input is empty, what it prints on standard
 * output is dropped, standard error is ours. *watched becomes readable when it ends (then
 * spawn_collect() takes its end and closes it).                                        */
struct spawned {
	int watched;
	int pid;
};
MUST_CHECK int spawn_start(const char *path, char *const *argv, struct spawned *out,
			   struct error *err);
struct spawn_end spawn_collect(struct spawned *spawned);

#endif
