/* What is said to be an X-ARF report: right, or refused with a reason. */
#include "report/xarf_check.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct error err = { 0 };

	if (xarf_check((struct slice){ (const char *)bytes, size }, &err) != 0)
		assert(err.text[0]);
	return 0;
}
