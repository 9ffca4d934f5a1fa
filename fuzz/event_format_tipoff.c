/* Lines of structured formats, cut in two by a saved state; the seeds are of one format. */
#include "format_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	format_lines_read((struct slice){ (const char *)bytes, size });
	return 0;
}
