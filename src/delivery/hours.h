/* delivery/hours.h - the hours of [send] window in which mail may leave.
 *
 * A row is "[DAYS] HH:MM-HH:MM [ZONE]": days are mon to sun, single, with commas or as
 * ranges ("mon-fri", "sat,sun", "fri-mon"), every day where left out; hours are local to
 * the zone (as base/zone.h knows them; the system's where left out) and may run over
 * midnight, which then belongs to the day they began on; 24:00 is the end of a day.
 * Any of the rows will do. No row: any time.
 *
 * hours_check  ERROR_CONFIG names the row that is none.
 * hours_next   the first instant from `at` on in which mail may leave: `at` itself where
 *              it is one.                                                              */
#ifndef DELIVERY_HOURS_H
#define DELIVERY_HOURS_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"

MUST_CHECK int hours_check(const struct slices *rows, struct error *err);
MUST_CHECK int hours_next(const struct slices *rows, int64_t at, int64_t *out,
			  struct error *err);

#endif
