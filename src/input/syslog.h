/* input/syslog.h - syslog messages: off a stream of bytes, and as one line each.
 *
 * Frames are those of RFC 6587: a message is preceded by its length ("octet counting",
 * section 3.4.1), which shows by digits, a blank and "<"; or it ends with a newline or a
 * NUL (section 3.4.2). Both may stand in one stream. A message over the maximum is counted
 * and passed over whole, never cut: the rest of it would be read as a line.
 *
 * As a line a message keeps its own header where it has one: RFC 5424, or without the
 * <priority>, as log files have it, RFC 3164 or an ISO 8601 stamp. Else the header of section 4.3 of RFC 3164 is put
 * before it: when it came, and from whom. Control characters become #ooo (octal, as rsyslog
 * writes them), so that no message makes two lines.                                      */
#ifndef INPUT_SYSLOG_H
#define INPUT_SYSLOG_H

#include "base/buffer.h"
#include "input/line.h"

/* Four times as long with every byte escaped, and a header: still no line too long. */
enum { SYSLOG_MESSAGE_MAX = 16000, SYSLOG_FRAME_MAX = SYSLOG_MESSAGE_MAX + 16 };

/* Begins as { 0 }. */
struct syslog_framer {
	uint64_t skip; /* bytes of a message that is too long                    */
	bool skips_line; /* the same, up to its end                              */
};

enum syslog_frame {
	SYSLOG_MORE, /* no whole message yet: come again with more behind it   */
	SYSLOG_MESSAGE,
	SYSLOG_LONG, /* one was passed over                                     */
	SYSLOG_BROKEN, /* a length that nobody means: end the connection          */
};

/* Takes what it understood off *bytes; after SYSLOG_MORE at most SYSLOG_FRAME_MAX stay. */
enum syslog_frame syslog_frame_next(struct syslog_framer *framer, struct slice *bytes,
				    struct slice *message);

struct syslog_origin {
	struct slice host; /* for a header that has none; a host name or an address */
	bool is_local; /* from this machine's programs, which leave the host out   */
	int64_t received_at;
};
/* Adds the line with its newline to `out`; an empty message adds none. */
void syslog_line(struct buffer *out, struct slice message,
		 const struct syslog_origin *origin);

#endif
