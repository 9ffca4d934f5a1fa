/* The head of a syslog line. */
#include "event/header.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice line = { (const char *)bytes, size };
	struct header header = { 0 };

	if (header_parse(line, &header)) {
		assert(header.host.len + header.program.len + header.text.len <= size);
		assert(slice_find_byte(header.host, ' ') < 0);
	}
	return 0;
}
