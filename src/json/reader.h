/* json/reader.h - JSON in, under caps. The one home of jansson.h.
 *
 * json_read  untrusted text; at most `max_bytes`, 16 levels deep, one value and nothing
 *            behind it; a key that stands twice in one object can be read two ways and
 *            is refused; ERROR_SYNTAX or ERROR_LIMIT. The document owns everything; values and slices live until
 *            json_free(). All accessors take NULL and the wrong type: they then return
 *            NULL, an empty slice, 0 or the given default.                              */
#ifndef JSON_READER_H
#define JSON_READER_H

#include "base/error.h"
#include "base/slice.h"

struct json; /* a document */
struct json_value; /* a value inside it */

enum { JSON_DEPTH_MAX = 16 };

/* libjansson exports a function of this name: the linker must not mix them up. */
#define json_integer json_reader_integer

MUST_CHECK struct json *json_read(struct slice text, size_t max_bytes,
				  struct error *err);
void json_free(struct json *json);
const struct json_value *json_root(const struct json *json);

const struct json_value *json_get(const struct json_value *object, const char *key);
size_t json_count(const struct json_value *array); /* 0 for anything else */
const struct json_value *json_at(const struct json_value *array, size_t index);
bool json_is_object(const struct json_value *value);
bool json_is_array(const struct json_value *value);
bool json_is_string(const struct json_value *value);
bool json_is_number(const struct json_value *value);
struct slice json_text(const struct json_value *value);
int64_t json_integer(const struct json_value *value, int64_t otherwise);
double json_number(const struct json_value *value,
		   double otherwise); /* or a whole one */
bool json_truth(const struct json_value *value);

#endif
