/* mail/header.h - the fields of a mail that came from anywhere (RFC 5322 section 2.2).
 *
 * Reads untrusted bytes, with LF or CRLF line ends. header_block() is what stands before
 * the first empty line, at most HEADER_MAX bytes of it. header_next() takes one field off
 * *rest: unfolded (each fold one blank), the value trimmed and cut off behind
 * HEADER_FIELD_MAX bytes; false behind the last one. A line that is no field, such as an
 * mbox's "From " line, has an empty name. Slices into the arena or the message.         */
#ifndef MAIL_HEADER_H
#define MAIL_HEADER_H

#include "base/arena.h"

enum { HEADER_MAX = 256 << 10, HEADER_FIELD_MAX = 8 << 10 };

struct header_field {
	struct slice name, value;
};

struct slice header_block(struct slice message);
bool header_next(struct arena *arena, struct slice *rest, struct header_field *out);

#endif
