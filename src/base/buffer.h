/* base/buffer.h - bytes that grow up to a maximum given at birth.
 *
 * Adding past the maximum adds nothing and makes `failed` sticky: add straight through,
 * check once. Owns its memory; buffer_clear() frees it.                              */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/slice.h"

#include <stdarg.h>

struct buffer {
	char *at;
	size_t len, room, max;
	bool failed;
};

void buffer_init(struct buffer *buffer, size_t max_bytes);
void buffer_clear(struct buffer *buffer);
void buffer_reset(struct buffer *buffer); /* empty again, memory kept, not failed */
void buffer_add(struct buffer *buffer, struct slice s);
void buffer_add_byte(struct buffer *buffer, char byte);
void buffer_printf(struct buffer *buffer, const char *format, ...) PRINTF(2, 3);
struct slice buffer_slice(const struct buffer *buffer); /* until the next change */

#endif
