/* os/notify.h - tells the service manager how this service does (sd_notify(3)).
 *
 * The protocol is one datagram to the socket that NOTIFY_SOCKET names, so it needs no
 * library. Without that variable nothing is told, and nothing here can fail: a manager
 * that does not listen must not end the service.                                      */
#ifndef OS_NOTIFY_H
#define OS_NOTIFY_H

#include "base/slice.h"

/* "READY=1", "STOPPING=1", "RELOADING=1", "STATUS=..."; several joined by newlines. */
void notify(struct slice state);
/* "RELOADING=1" with the time of the monotonic clock, which systemd wants beside it. */
void notify_reloading(void);

#endif
