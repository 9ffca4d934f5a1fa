/* Addresses and ranges: what was read is written and read back the same. */
#include "net/address.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct range range, again;

	if (range_parse(text, &range) == 0) {
		struct range_text written = range_format(&range);

		assert(range_parse(slice_of(written.text), &again) == 0);
		assert(range_equal(&range, &again));
		address_special(&range.first);
		address_reverse(&range.last);
	}
	return 0;
}
