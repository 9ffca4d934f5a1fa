/* event/header.h - who wrote a line: the head of a syslog line.
 *
 * Three forms are read: RFC 3164 ("Nov  8 15:26:31 host prog[pid]: text", also with a
 * year), the same with an ISO 8601 stamp, and RFC 5424 ("<34>1 stamp host prog pid id
 * data text"), each with or without <priority>. Anything else is false: a log that is no
 * syslog names no host. Slices borrow from the line.                                   */
#ifndef EVENT_HEADER_H
#define EVENT_HEADER_H

#include "base/slice.h"

struct header {
	struct slice host, program, pid; /* empty where absent or "-" */
	struct slice text; /* what the program wrote */
};

bool header_parse(struct slice line, struct header *out);

/* The same with less work for lines that begin like the one before, up to the host. */
enum { HEADER_MEMO_BYTES = 128 };
struct header_memo {
	size_t len, host_len; /* the host ends a blank before len; 0: nothing kept */
	size_t tag_len; /* "prog[" stands behind len; 0: not kept */
	char bytes[HEADER_MEMO_BYTES];
	bool served; /* the last line began like the one before it */
};
bool header_parse_next(struct header_memo *memo, struct slice line, struct header *out);

#endif
