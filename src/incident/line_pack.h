/* incident/line_pack.h - log lines in a third of their bytes, for evidence kept in memory.
 *
 * A line is told by its differences from a model, an earlier line of the same kind, and
 * by the source's address, which its owner knows anyway. Lossless for any bytes. What
 * line_pack() wrote is ours: line_unpack() still checks every step, and what does not
 * come out at the full length is -1.
 *
 *   00..5f      as many bytes and one more follow as they are
 *   60          the source's address stands here
 *   61..7f      1 to 31 of the symbols "0123456789.:-= x" follow, two a byte
 *   80..ff      3 to 130 bytes of the model, from where the last copy (and as many bytes
 *               as were told since) would go on, moved by the signed byte that follows;
 *               -128: two bytes follow, the place itself, high byte first              */
#ifndef INCIDENT_LINE_PACK_H
#define INCIDENT_LINE_PACK_H

#include "base/arena.h"

enum { LINE_MODEL_MAX = 512 };

struct line_model; /* immutable */

/* Of the line's first LINE_MODEL_MAX bytes, in `arena`. */
struct line_model *line_model_new(struct arena *arena, struct slice line);

/* At most so many bytes come of a line of that length. */
size_t line_pack_room(size_t len);
/* model NULL: none. Returns the bytes written to `out`. */
size_t line_pack(const struct line_model *model, struct slice source, struct slice line,
		 uint8_t *out);
/* Exactly `len` bytes to `out`. */
MUST_CHECK int line_unpack(const struct line_model *model, struct slice source,
			   struct slice packed, char *out, size_t len);

#endif
