/* event/stamp_instant.h - the instant that a template's last match in `scratch` says.
 *
 * -1 where the text is no date of the calendar.                                       */
#ifndef EVENT_STAMP_INSTANT_H
#define EVENT_STAMP_INSTANT_H

#include "event/stamp_template.h"

MUST_CHECK int stamp_instant(const struct stamp_template *template,
			     const struct stamp_context *context,
			     const struct expression_scratch *scratch, int64_t *at,
			     enum time_basis *basis);

#endif
