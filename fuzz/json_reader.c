/* JSON in, and what was read written again. */
#include "json/reader.h"
#include "json/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct error err;
	struct json *json = json_read(text, 1 << 16, &err);
	struct buffer out;
	struct json_writer writer;

	buffer_init(&out, 1 << 20);
	json_writer_init(&writer, &out);
	json_string(&writer, json_text(json_get(json_root(json), "a")));
	json_integer(json_at(json_root(json), 0), 0);
	(void)json_number(json_at(json_root(json), 0), 0);
	(void)json_truth(json_get(json_root(json), "b"));
	(void)json_is_number(json_root(json));
	(void)json_is_string(json_root(json));
	(void)json_is_array(json_root(json));
	buffer_clear(&out);
	json_free(json);
	return 0;
}
