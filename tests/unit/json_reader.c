#include "check.h"
#include "json/reader.h"

#include <stdlib.h>
#include <string.h>

static struct json *read(const char *text, struct error *err)
{
	return json_read(slice_of(text), 4096, err);
}

static void reads_every_type(void)
{
	struct error err = { 0 };
	struct json *json =
		read("{\"s\":\"a\\u0000\\u00e9\",\"i\":-7,\"r\":1.5,\"t\":true,"
		     "\"n\":null,\"a\":[1,\"x\"],\"o\":{\"k\":\"v\"}}",
		     &err);
	const struct json_value *root = json_root(json);

	CHECK(json_is_object(root));
	CHECK_SLICE(json_text(json_get(root, "s")), S("a\0\xc3\xa9"));
	CHECK_INT(json_integer(json_get(root, "i"), 0), -7);
	CHECK_INT(json_integer(json_get(root, "r"), 3), 3);
	CHECK(json_is_number(json_get(root, "r")));
	CHECK(json_truth(json_get(root, "t")));
	CHECK(!json_truth(json_get(root, "n")));
	CHECK_INT(json_count(json_get(root, "a")), 2);
	CHECK_SLICE(json_text(json_at(json_get(root, "a"), 1)), S("x"));
	CHECK_SLICE(json_text(json_get(json_get(root, "o"), "k")), S("v"));
	json_free(json);
}

static void accessors_take_the_wrong_type_and_nothing(void)
{
	struct error err = { 0 };
	struct json *json = read("{\"s\":\"a\",\"a\":[1]}", &err);
	const struct json_value *root = json_root(json);

	CHECK(!json_get(json_get(root, "s"), "x"));
	CHECK(!json_at(root, 0));
	CHECK(!json_at(json_get(root, "a"), 1));
	CHECK_INT(json_count(root), 0);
	CHECK_INT(json_text(root).len, 0);
	CHECK_INT(json_integer(json_get(root, "s"), 9), 9);
	CHECK(!json_get(NULL, "x"));
	CHECK_INT(json_count(NULL), 0);
	CHECK_INT(json_text(NULL).len, 0);
	CHECK(!json_is_object(NULL));
	CHECK(!json_is_string(NULL));
	CHECK(!json_root(NULL));
	json_free(json);
	json_free(NULL);
}

static void refuses_what_is_no_json(void)
{
	static const struct {
		const char *text;
		enum error_kind kind;
	} rows[] = {
		{ "", ERROR_SYNTAX },
		{ "<html>429 Too Many Requests</html>", ERROR_SYNTAX },
		{ "{} trailing", ERROR_SYNTAX },
		{ "{\"a\":1,\"a\":2}", ERROR_SYNTAX },
		{ "\"\\ud800\"", ERROR_SYNTAX },
		{ "\"\xff\"", ERROR_SYNTAX },
		{ "{\"a\":", ERROR_SYNTAX },
		{ "\"open", ERROR_SYNTAX },
		{ "\"\\", ERROR_SYNTAX },
		{ "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", ERROR_LIMIT },
		{ "[99999999999999999999999999999999999999]", ERROR_SYNTAX },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct error err = { 0 };

		CHECK(!read(rows[i].text, &err));
		CHECK_INT(err.kind, rows[i].kind);
	}
}

static void brackets_in_strings_are_no_depth(void)
{
	struct error err = { 0 };
	struct json *json = read("[\"[[[[[[[[[[[[[[[[[[[[\\\"[[[\"]", &err);

	CHECK_INT(json_count(json_root(json)), 1);
	json_free(json);
}

static void caps_bytes_and_values(void)
{
	struct error err = { 0 };
	size_t len = 1 << 20;
	char *text = malloc(len);

	memset(text, '[', len);
	for (size_t i = 1; i + 1 < len; i++)
		text[i] = i % 3 == 1 ? '[' : i % 3 == 2 ? ']' : ',';
	text[len - 1] = ']';
	CHECK(!json_read((struct slice){ text, len }, len, &err));
	CHECK_INT(err.kind, ERROR_LIMIT);
	CHECK(!json_read((struct slice){ text, len }, len - 1, &err));
	CHECK_INT(err.kind, ERROR_LIMIT);
	free(text);
}

int main(void)
{
	return CHECK_RUN(TEST(reads_every_type),
			 TEST(accessors_take_the_wrong_type_and_nothing),
			 TEST(refuses_what_is_no_json),
			 TEST(brackets_in_strings_are_no_depth),
			 TEST(caps_bytes_and_values));
}
