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
/* Makes room for `more` bytes; false (and failed) past the maximum. */
MUST_CHECK bool buffer_grow(struct buffer *buffer, size_t more);
void buffer_printf(struct buffer *buffer, const char *format, ...) PRINTF(2, 3);
struct slice buffer_slice(const struct buffer *buffer); /* until the next change */

/* Output is added in many small pieces: where there is room, it is added here. */

MUST_CHECK static inline bool buffer_reserve(struct buffer *buffer, size_t more)
{
	return (!buffer->failed && more <= buffer->max - buffer->len &&
		more <= buffer->room - buffer->len) ||
	       buffer_grow(buffer, more);
}

static inline void buffer_add(struct buffer *buffer, struct slice s)
{
	if (s.len == 0 || !buffer_reserve(buffer, s.len))
		return;
	memcpy(buffer->at + buffer->len, s.at, s.len);
	buffer->len += s.len;
}

static inline void buffer_add_byte(struct buffer *buffer, char byte)
{
	if (buffer_reserve(buffer, 1))
		buffer->at[buffer->len++] = byte;
}

#endif
