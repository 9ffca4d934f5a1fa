/* base/zone.h - time zones of logs: local calendar time to UTC and back.
 *
 * zone_open   "" or "local": the system's zone (TZ, else /etc/localtime); an IANA name
 *             ("Europe/Berlin", read from the system's TZif files, RFC 8536; no ".." and
 *             no leading "/"); a POSIX TZ string; or a fixed offset "+0200", "-05:00",
 *             "UTC", "GMT-5". NULL and err ERROR_SYNTAX or ERROR_NOT_FOUND.
 * A local time that happens twice is taken as its first occurrence; one that never
 * happens is moved forward by the gap, as mktime(3) does.                             */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/error.h"
#include "base/slice.h"

struct zone;

MUST_CHECK struct zone *zone_open(struct slice name, struct error *err);
/* The same from the bytes of a TZif file (versions 1 to 3), untrusted. */
MUST_CHECK struct zone *zone_read(struct slice tzif, struct slice name,
				  struct error *err);
void zone_free(struct zone *zone);
int64_t zone_to_utc(const struct zone *zone, int64_t local_us);
int32_t zone_offset_s(const struct zone *zone, int64_t utc_us); /* seconds east */
const char *zone_name(const struct zone *zone); /* as opened    */

#endif
