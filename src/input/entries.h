/* input/entries.h - what journalctl wrote, as lines: its export format and its JSON.
 *
 * Both show in their first bytes. Export format: fields as NAME=VALUE lines, or NAME, a
 * length of 8 bytes (little endian), the bytes and a newline where the value is binary;
 * an empty line ends the entry. JSON: an object a line, values strings, arrays of bytes
 * as numbers where they are binary, arrays of these where a field stands several times,
 * null where one was too long for journalctl.
 *
 * An entry makes one line (input/entry.h), or none where it has no message or no time. An
 * entry without an end is left, as an unfinished line of a log is.                      */
#ifndef INPUT_ENTRIES_H
#define INPUT_ENTRIES_H

#include "base/error.h"
#include "base/slice.h"

enum entries_format { ENTRIES_NONE, ENTRIES_EXPORT, ENTRIES_JSON };
/* By the first bytes of the text, as many as there are up to 4 KiB. */
enum entries_format entries_format_of(struct slice head);

/* Where the bytes come from: fills `out` unless the end comes first, as stream_read(). */
struct entries_source {
	int (*read)(void *context, char *out, size_t count, size_t *got,
		    struct error *err);
	void *context;
};
struct entries;
struct entries *entries_new(enum entries_format format,
			    const struct entries_source *source);
void entries_free(struct entries *entries); /* NULL is fine */
/* The lines, as stream_read() gives bytes. ERROR_SYNTAX for what is no journal. */
MUST_CHECK int entries_read(struct entries *entries, char *out, size_t count,
			    size_t *got, struct error *err);

#endif
