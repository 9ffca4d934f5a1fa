#include "base/buffer.h"

#include <stdio.h>
#include <stdlib.h>

void buffer_init(struct buffer *buffer, size_t max_bytes)
{
	*buffer = (struct buffer){ .max = max_bytes };
}

void buffer_clear(struct buffer *buffer)
{
	free(buffer->at);
	*buffer = (struct buffer){ .max = buffer->max };
}

void buffer_reset(struct buffer *buffer)
{
	buffer->len = 0;
	buffer->failed = false;
}

bool buffer_grow(struct buffer *buffer, size_t more)
{
	size_t room = buffer->room ? buffer->room : 256;
	char *at;

	if (buffer->failed || more > buffer->max - buffer->len) {
		buffer->failed = true;
		return false;
	}
	if (more <= buffer->room - buffer->len)
		return true;
	while (room - buffer->len < more)
		room *= 2;
	at = realloc(buffer->at, room);
	if (!at) {
		fputs("tipoff: out of memory\n", stderr);
		abort();
	}
	buffer->at = at;
	buffer->room = room;
	return true;
}

/* Tried in the room there is first: one byte more for the NUL that vsnprintf writes. */
void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	size_t room = buffer->room - buffer->len;
	va_list args, again;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(room ? buffer->at + buffer->len : NULL, room, format, again);
	va_end(again);
	if (len < 0 || !buffer_reserve(buffer, (size_t)len + 1)) {
		buffer->failed = true;
	} else {
		if ((size_t)len >= room)
			vsnprintf(buffer->at + buffer->len, (size_t)len + 1, format,
				  args);
		buffer->len += (size_t)len;
	}
	va_end(args);
}

struct slice buffer_slice(const struct buffer *buffer)
{
	return (struct slice){ buffer->at, buffer->len };
}
