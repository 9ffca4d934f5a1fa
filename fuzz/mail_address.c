/* Mail addresses: what comes out clean is clean again and holds nothing dangerous. */
#include "contact/choice.h"
#include "mail/address.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice raw = { (const char *)bytes, size };
	struct arena *arena = arena_new();
	struct slice once, twice;
	struct error err;

	if (mail_address_clean(arena, raw, true, &once, &err) == 0) {
		assert(mail_address_clean(arena, once, true, &twice, &err) == 0);
		assert(slice_equal(once, twice) && once.len <= 254 &&
		       once.at[0] != '-');
		for (size_t i = 0; i < once.len; i++)
			assert(ascii_is_print(once.at[i]));
		contact_rejection(once, NULL, false);
	}
	arena_free(arena);
	return 0;
}
