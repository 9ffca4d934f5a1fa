#include "check.h"
#include "json/writer.h"

static void writes_nested_values(void)
{
	struct buffer out;
	struct json_writer writer;

	buffer_init(&out, 4096);
	json_writer_init(&writer, &out);
	json_object(&writer);
	json_put_text(&writer, "type", "event");
	json_put_int(&writer, "count", INT64_MIN);
	json_key(&writer, "list");
	json_array(&writer);
	json_int(&writer, 1);
	json_object(&writer);
	json_put_bool(&writer, "yes", true);
	json_object_end(&writer);
	json_array(&writer);
	json_array_end(&writer);
	json_null(&writer);
	json_bool(&writer, false);
	json_array_end(&writer);
	json_put_optional(&writer, "none", (struct slice){ 0 });
	json_put_optional(&writer, "some", S("x"));
	json_put_time(&writer, "time", 0);
	json_key(&writer, "confidence");
	json_real(&writer, 0.95);
	json_object_end(&writer);
	CHECK_SLICE(buffer_slice(&out),
		    S("{\"type\":\"event\",\"count\":-9223372036854775808,\"list\":[1,"
		      "{\"yes\":true},[],null,false],\"none\":null,\"some\":\"x\","
		      "\"time\":\"1970-01-01T00:00:00Z\",\"confidence\":0.95}"));
	buffer_clear(&out);
}

static void escapes_strings(void)
{
	static const struct {
		struct slice text;
		const char *json;
	} rows[] = {
		{ { "", 0 }, "\"\"" },
		{ { "a\"b\\c/", 6 }, "\"a\\\"b\\\\c/\"" },
		{ { "\n\r\t\0\x1b\x7f", 6 }, "\"\\n\\r\\t\\u0000\\u001b\\u007f\"" },
		{ { "\xc3\xa9", 2 }, "\"\xc3\xa9\"" },
		{ { "\xff", 1 }, "\"\xef\xbf\xbd\"" },
		{ { "\xc2\x9b", 2 }, "\"\\u009b\"" },
		{ { "\xe2\x80\xae", 3 }, "\"\\u202e\"" },
		{ { "\xe2\x80\xa8", 3 }, "\"\\u2028\"" },
		{ { "\xf3\xa0\x80\x81", 4 }, "\"\\udb40\\udc01\"" },
		{ { "\xf0\x9f\x98\x80", 4 }, "\"\xf0\x9f\x98\x80\"" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buffer out;
		struct json_writer writer;

		buffer_init(&out, 4096);
		json_writer_init(&writer, &out);
		json_string(&writer, rows[i].text);
		CHECK_SLICE(buffer_slice(&out), slice_of(rows[i].json));
		buffer_clear(&out);
	}
}

int main(void)
{
	return CHECK_RUN(TEST(writes_nested_values), TEST(escapes_strings));
}
