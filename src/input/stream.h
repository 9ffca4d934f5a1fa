/* input/stream.h - the decompressed bytes of one input, in order.
 *
 * What it is shows in its first bytes, never in its name: gzip (RFC 1952), xz, zstd and
 * bzip2 are decompressed; what journalctl wrote in its export format or as JSON, packed or
 * not, becomes lines (input/entries.h); anything else is given as it stands.          */
#ifndef INPUT_STREAM_H
#define INPUT_STREAM_H

#include "input/raw.h"

struct stream;

MUST_CHECK struct stream *stream_open(const struct raw_source *source,
				      struct error *err);
void stream_free(struct stream *stream); /* NULL is fine */

/* Fills `out` unless the end or a failure comes first: *got < count then. -1 and err as
 * in decoder.h; what was read before a failure is in *got all the same.               */
MUST_CHECK int stream_read(struct stream *stream, char *out, size_t count, size_t *got,
			   struct error *err);
/* Back or forward to a byte. 0 at or past the end too: the next read tells. Forward in
 * a compressed file or a pipe reads what lies between.                               */
MUST_CHECK int stream_seek(struct stream *stream, uint64_t offset, struct error *err);

/* Of a plain file the first bytes as they are now, without moving; else 0.             */
size_t stream_beginning(const struct stream *stream, char *out, size_t count);
/* From here on a pipe need not be able to go back. */
void stream_keep_no_more(struct stream *stream);
bool stream_is_file(const struct stream *stream); /* compressed or not, no pipe */
bool stream_is_plain_file(const struct stream *stream);
bool stream_was_rewritten(const struct stream *stream);
bool stream_is_finished(const struct stream *stream); /* raw_is_finished() */

#endif
