#include "os/point.h"

#ifdef TIPOFF_CRASH_POINTS

#include "base/slice.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* One write, so that lines of several processes do not mix. */
static void log_point(const char *path, unsigned long number, const char *name)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0 || dprintf(fd, "%lu %s\n", number, name) < 0)
		abort(); /* a schedule with holes would test nothing */
	close(fd);
}

void crash_point(const char *name)
{
	static atomic_ulong passed;
	unsigned long number = atomic_fetch_add(&passed, 1) + 1;
	const char *path = getenv("TIPOFF_CRASH_LOG");
	uint64_t last = 0;

	if (path != NULL)
		log_point(path, number, name);
	if (slice_to_u64(slice_of(getenv("TIPOFF_CRASH_AT")), UINT32_MAX, &last) == 0 &&
	    number == last)
		kill(getpid(), SIGKILL);
}

#endif
