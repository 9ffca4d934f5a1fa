/* jansson first: it has macros and functions of our names (json/reader.h). */
#include <jansson.h>
#undef json_is_object
#undef json_is_array
#undef json_is_string
#undef json_is_number

#include "json/reader.h"

#include <stdlib.h>

/* A value costs jansson some 60 bytes: without this cap a text of empty arrays would
 * take thirty times its size in memory.                                              */
enum { VALUES_MAX = 1 << 18 };

struct json {
	json_t *root;
};

static const json_t *jansson_of(const struct json_value *value)
{
	return (const json_t *)(const void *)value;
}

static const struct json_value *value_of(const json_t *json)
{
	return (const struct json_value *)(const void *)json;
}

/* Offset of the byte behind the string that begins at `at`. */
static size_t skip_string(struct slice text, size_t at)
{
	for (at++; at < text.len && text.at[at] != '"'; at++)
		at += text.at[at] == '\\';
	return at + 1;
}

/* Depth and number of values, before anything is allocated. */
static int check_shape(struct slice text, struct error *err)
{
	size_t depth = 0;
	size_t values = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '"')
			i = skip_string(text, i) - 1;
		else if (c == '[' || c == '{')
			depth++;
		else if ((c == ']' || c == '}') && depth)
			depth--;
		values += c == '[' || c == '{' || c == ',' || c == ':';
		if (depth > JSON_DEPTH_MAX)
			return error_set(err, ERROR_LIMIT,
					 "the JSON is nested more than %d levels deep",
					 JSON_DEPTH_MAX);
	}
	if (values > VALUES_MAX)
		return error_set(err, ERROR_LIMIT, "the JSON holds more than %d values",
				 VALUES_MAX);
	return 0;
}

struct json *json_read(struct slice text, size_t max_bytes, struct error *err)
{
	struct json *json;
	json_error_t why;
	json_t *root;

	if (text.len > max_bytes) {
		error_set(err, ERROR_LIMIT, "the JSON is longer than %zu bytes",
			  max_bytes);
		return NULL;
	}
	if (check_shape(text, err) < 0)
		return NULL;
	root = json_loadb(text.len ? text.at : "", text.len,
			  JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL,
			  &why);
	if (!root) {
		error_set(err, ERROR_SYNTAX, "not JSON at byte %d: %s", why.position,
			  why.text);
		return NULL;
	}
	json = calloc(1, sizeof *json);
	if (!json) {
		json_decref(root);
		error_set(err, ERROR_LIMIT, "out of memory for a JSON document");
		return NULL;
	}
	json->root = root;
	return json;
}

void json_free(struct json *json)
{
	if (!json)
		return;
	json_decref(json->root);
	free(json);
}

const struct json_value *json_root(const struct json *json)
{
	return json ? value_of(json->root) : NULL;
}

const struct json_value *json_get(const struct json_value *object, const char *key)
{
	return value_of(json_object_get(jansson_of(object), key));
}

size_t json_count(const struct json_value *array)
{
	return json_array_size(jansson_of(array));
}

const struct json_value *json_at(const struct json_value *array, size_t index)
{
	return value_of(json_array_get(jansson_of(array), index));
}

bool json_is_object(const struct json_value *value)
{
	return value && json_typeof(jansson_of(value)) == JSON_OBJECT;
}

bool json_is_array(const struct json_value *value)
{
	return value && json_typeof(jansson_of(value)) == JSON_ARRAY;
}

bool json_is_string(const struct json_value *value)
{
	return value && json_typeof(jansson_of(value)) == JSON_STRING;
}

bool json_is_number(const struct json_value *value)
{
	return value && (json_typeof(jansson_of(value)) == JSON_INTEGER ||
			 json_typeof(jansson_of(value)) == JSON_REAL);
}

struct slice json_text(const struct json_value *value)
{
	const json_t *json = jansson_of(value);

	return (struct slice){ json_string_value(json), json_string_length(json) };
}

int64_t json_integer(const struct json_value *value, int64_t otherwise)
{
	if (!value || json_typeof(jansson_of(value)) != JSON_INTEGER)
		return otherwise;
	return json_integer_value(jansson_of(value));
}

double json_number(const struct json_value *value, double otherwise)
{
	return json_is_number(value) ? json_number_value(jansson_of(value)) : otherwise;
}

bool json_truth(const struct json_value *value)
{
	return value && json_typeof(jansson_of(value)) == JSON_TRUE;
}
