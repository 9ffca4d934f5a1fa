/* Time zones: the first line is a name or TZ string, the rest a TZif file. */
#include "base/clock.h"
#include "base/zone.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size }, name = text;
	struct error err = { 0 };
	struct zone *zones[2];

	slice_next(&text, '\n', &name);
	zones[0] = name.len > 0 ? zone_open(name, &err) : NULL;
	zones[1] = zone_read(text, S("fuzz"), &err);
	for (int64_t at = 0; at < 100 * 365 * DAY_US; at += 97 * DAY_US) {
		for (size_t i = 0; i < 2; i++)
			assert(!zones[i] ||
			       llabs(zone_to_utc(zones[i], at) - at) <= 2 * DAY_US);
	}
	zone_free(zones[0]);
	zone_free(zones[1]);
	return 0;
}
