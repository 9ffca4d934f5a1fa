/* Escapers: no control and no invalid UTF-8 reaches a terminal or a mail; what is decoded
 * and encoded again is the same.                                                      */
#include "base/escape.h"

#include <assert.h>

static void escaped_check(struct slice text)
{
	struct slice left;
	struct buffer out;
	size_t len;

	buffer_init(&out, 16 * text.len + 64);
	escape_terminal(&out, text);
	escape_mail_body(&out, text);
	escape_csv(&out, text);
	escape_xml(&out, text);
	left = buffer_slice(&out);
	assert(!out.failed);
	for (; left.len; left = slice_from(left, len))
		assert(utf8_decode(left, &len) >= ' ');
	buffer_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size }, left = text;
	struct error err = { 0 };
	struct buffer again;
	bool nul = false;
	size_t len = 0;

	escaped_check(text);
	buffer_init(&again, size + 4);
	for (; left.len; left = slice_from(left, len)) {
		int32_t code = utf8_decode(left, &len);

		nul |= code == 0;
		if (code < 0)
			break;
		utf8_encode(&again, (uint32_t)code);
	}
	assert(utf8_is_text(text) == (left.len == 0 && !nul));
	assert(left.len > 0 || slice_equal(buffer_slice(&again), text));
	assert(escape_mail_header_check(text, &err) != 0 || (left.len == 0 && !nul));
	buffer_clear(&again);
	return 0;
}
