/* mail/origin.h - who handed a mail to the user's own servers: its true last hop.
 *
 * Received fields stand newest first, and each server puts its own on top. What a server
 * that is trusted wrote is true; what stands below the first that was written about
 * somebody else came with the mail, so its sender may have made it up: it is not read.
 * The way down: the topmost field has to be of a trusted server, by its name behind "by";
 * as long as the peer it saw is a trusted server too, the next field is believed.
 *
 * relays   the names (".outlook.com" for all below it), addresses and ranges of servers
 *          that write honest Received fields: [mail] relays. Nothing else is trusted: not
 *          loopback, not private addresses, through which forms and containers hand in
 *          what strangers wrote.
 * returns  0; -1 and err: ERROR_SYNTAX with the reason why the mail names nobody, to be
 *          shown; ERROR_CONFIG where a row of `relays` is neither.                       */
#ifndef MAIL_ORIGIN_H
#define MAIL_ORIGIN_H

#include "base/arena.h"
#include "base/error.h"
#include "mail/hop.h"

struct origin {
	struct hop hop;
	struct slice
		line; /* "Received: from ...", one line; in the arena              */
	size_t depth; /* how many Received fields stand above it                  */
};

MUST_CHECK int origin_find(struct arena *arena, const struct slices *relays,
			   struct slice message, struct origin *out, struct error *err);

#endif
