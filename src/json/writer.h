/* json/writer.h - JSON out (RFC 8259), one value at a time, into a buffer.
 *
 * Commas and nesting are kept here; a wrong order of calls is our own bug (assert).
 * Strings may be any bytes: invalid UTF-8 becomes U+FFFD, controls are escaped, and so are
 * C1, bidi controls, U+2028 and U+2029 (\uXXXX), so that JSON on a terminal is harmless.  */
#ifndef JSON_WRITER_H
#define JSON_WRITER_H

#include "base/buffer.h"

/* libjansson exports functions of these names: the linker must not mix them up. */
#define json_object json_writer_object
#define json_array json_writer_array
#define json_string json_writer_string
#define json_real json_writer_real
#define json_null json_writer_null

struct json_writer {
	struct buffer *out;
	uint8_t depth;
	bool comma[64];
	bool keyed;
};

void json_writer_init(struct json_writer *writer, struct buffer *out);
void json_object(struct json_writer *writer);
void json_object_end(struct json_writer *writer);
void json_array(struct json_writer *writer);
void json_array_end(struct json_writer *writer);
void json_key(struct json_writer *writer, const char *key);
void json_string(struct json_writer *writer, struct slice text);
void json_int(struct json_writer *writer, int64_t value);
void json_real(struct json_writer *writer, double value); /* finite, 6 digits at most */
void json_bool(struct json_writer *writer, bool value);
void json_null(struct json_writer *writer);
void json_time(struct json_writer *writer, int64_t at_us); /* RFC 3339 in UTC */

/* Key and value in one call. */
void json_put_string(struct json_writer *writer, const char *key, struct slice text);
void json_put_text(struct json_writer *writer, const char *key, const char *text);
void json_put_int(struct json_writer *writer, const char *key, int64_t value);
void json_put_bool(struct json_writer *writer, const char *key, bool value);
void json_put_time(struct json_writer *writer, const char *key, int64_t at_us);
/* null where the slice is empty */
void json_put_optional(struct json_writer *writer, const char *key, struct slice text);

#endif
