/* os/inherited.h - listening sockets that the service manager opened (sd_listen_fds(3)).
 *
 * The protocol is two variables: LISTEN_FDS descriptors from 3 on, for the process that
 * LISTEN_PID names. Both are taken out of the environment, so that no child believes they
 * are its own.                                                                           */
#ifndef OS_INHERITED_H
#define OS_INHERITED_H

#include "base/error.h"

#include <stddef.h>

enum { INHERITED_MAX = 16 };

/* How many there are; 0 where nobody passed any. ERROR_CONFIG where one is no listening
 * stream socket. They are ours to close.                                               */
MUST_CHECK int inherited_sockets(int fds[INHERITED_MAX], size_t *count,
				 struct error *err);

#endif
