#include "os/notify.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A leading '@' is the NUL of Linux's abstract names. */
static bool address_make(const char *name, struct sockaddr_un *out, socklen_t *len)
{
	size_t name_len = slice_of(name).len;

	if (name_len < 2 || name_len >= sizeof out->sun_path ||
	    (name[0] != '/' && name[0] != '@'))
		return false;
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(out->sun_path, name, name_len);
	if (name[0] == '@')
		out->sun_path[0] = '\0';
	*len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + name_len);
	return true;
}

void notify(struct slice state)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address;
	socklen_t len;
	int fd;

	if (!name || !address_make(name, &address, &len))
		return;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, state.at, state.len, MSG_NOSIGNAL | MSG_DONTWAIT,
		     (struct sockaddr *)&address, len);
	close(fd);
}

void notify_reloading(void)
{
	char text[80];

	(void)snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
		       clock_ticks());
	notify(slice_of(text));
}
