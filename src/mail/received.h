/* mail/received.h - what the header of a mail that arrived says of its way.
 *
 * Reads untrusted bytes by header_next(), with its caps (mail/header.h). Only the
 * topmost Authentication-Results counts (RFC 8601 section 5: the receiver's own is on top,
 * and what stands below it may be the sender's invention). A field that is not there is
 * empty. Results are slices into the arena or the message.                              */
#ifndef MAIL_RECEIVED_H
#define MAIL_RECEIVED_H

#include "base/arena.h"

struct received {
	struct slice message_id; /* "<...>"                                          */
	struct slice envelope; /* Return-Path, without its brackets                  */
	struct slice spf,
		dkim; /* "pass", "fail", "none" ...: by the receiver's word  */
	bool is_signed; /* it carries a DKIM-Signature, whoever checked it     */
};

void received_read(struct arena *arena, struct slice message, struct received *out);

#endif
