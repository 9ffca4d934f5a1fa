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

#endif
