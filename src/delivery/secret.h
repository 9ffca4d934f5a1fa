/* delivery/secret.h - a password or key out of a file, never from a command line.
 *
 * A bare name is a credential that systemd hands to the service ($CREDENTIALS_DIRECTORY),
 * where it does; else a path. A file that others may read is refused. `what` begins the
 * errors: "password file". ERROR_CONFIG says what to do. What is read is in no log, no
 * journal and no store: callers hand it to the other side and to nobody else.           */
#ifndef DELIVERY_SECRET_H
#define DELIVERY_SECRET_H

#include "base/arena.h"
#include "base/error.h"

MUST_CHECK int secret_read(struct arena *arena, struct slice file, const char *what,
			   struct slice *out, struct error *err);

#endif
