/* input/entry.h - one entry of the journal, field by field, as one line of a log.
 *
 * The line is what fail2ban's systemd backend makes of it:
 *   2026-11-20T09:00:00.000000Z HOST IDENTIFIER[PID]: MESSAGE
 * by _HOSTNAME, SYSLOG_IDENTIFIER or else _COMM, SYSLOG_PID or else _PID, and the time of
 * _SOURCE_REALTIME_TIMESTAMP or else __REALTIME_TIMESTAMP; a message of the kernel has
 * "[seconds] " before it. Several MESSAGE fields are joined by a blank.
 *
 * Anybody may write entries, so no field may look like another: what cannot stand in a
 * host, an identifier or a number becomes "_" there, an entry without a writer has
 * "unknown", newlines become "\n". A message that is too long makes a line that is too
 * long, which is then counted and passed over.                                         */
#ifndef INPUT_ENTRY_H
#define INPUT_ENTRY_H

#include "base/buffer.h"

struct entry {
	struct buffer host, identifier, command, syslog_pid, pid, message;
	bool has_message;
	uint64_t at, source_at, monotonic, source_monotonic; /* microseconds, 0: none */
};

void entry_init(struct entry *entry);
void entry_clear(struct entry *entry);
void entry_reset(struct entry *entry); /* for the next one */
void entry_field(struct entry *entry, struct slice name, struct slice value);
/* The message is there, and longer than anybody may read it. */
void entry_message_too_long(struct entry *entry);
/* Adds the line with its newline; false: it has no message or no time, and is no line.  */
bool entry_line(const struct entry *entry, struct buffer *out);

#endif
