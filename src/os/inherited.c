#include "os/inherited.h"

#include "base/slice.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIRST_FD = 3 };

static bool is_for_us(void)
{
	uint64_t pid;

	return slice_to_u64(slice_of(getenv("LISTEN_PID")), INT32_MAX, &pid) == 0 &&
	       (pid_t)pid == getpid();
}

static bool is_listening(int fd)
{
	int is = 0, type = 0;
	socklen_t len = sizeof is;

	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is, &len) != 0 || !is)
		return false;
	len = sizeof type;
	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
	       type == SOCK_STREAM;
}

int inherited_sockets(int fds[INHERITED_MAX], size_t *count, struct error *err)
{
	uint64_t passed = 0;
	bool ours = is_for_us();

	if (ours &&
	    slice_to_u64(slice_of(getenv("LISTEN_FDS")), INHERITED_MAX, &passed) != 0)
		return error_set(err, ERROR_CONFIG,
				 "the service manager passes no sockets or more than "
				 "%d",
				 INHERITED_MAX);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	for (int i = 0; i < (int)passed; i++) {
		int fd = FIRST_FD + i;

		if (!is_listening(fd))
			return error_set(err, ERROR_CONFIG,
					 "socket %d of the service manager does not "
					 "listen; write ListenStream= in its unit",
					 i + 1);
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
		(void)fcntl(fd, F_SETFL, O_NONBLOCK);
		fds[i] = fd;
	}
	*count = (size_t)passed;
	return 0;
}
