/* Escapers: no control and no invalid UTF-8 reaches a terminal or a mail. */
#include "base/escape.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size }, left;
	struct buffer out;
	size_t len;

	buffer_init(&out, 16 * size + 64);
	escape_terminal(&out, text);
	escape_mail_body(&out, text);
	escape_csv(&out, text);
	left = buffer_slice(&out);
	assert(!out.failed);
	for (; left.len; left = slice_from(left, len))
		assert(utf8_decode(left, &len) >= ' ');
	buffer_clear(&out);
	return 0;
}
