/* What an IMAP server says that it found: a number, or none. */
#include "net/imap.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice lines = { (const char *)bytes, size };

	if (slice_find_nocase(lines, S("SEARCH")) < 0)
		assert(imap_uid(lines) == 0);
	else
		(void)imap_uid(lines);
	return 0;
}
