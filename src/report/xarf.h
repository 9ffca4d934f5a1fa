/* report/xarf.h - one source as an X-ARF 4.2.0 report, or the reason why there is none.
 *
 * The type is the first of a ranked list per category whose required fields we own: a
 * field is never guessed. The schema's rules stand in xarf.c as rows and are checked
 * before a part leaves. Dated UTC, evidence base64 without breaks, its SHA-256 true.     */
#ifndef REPORT_XARF_H
#define REPORT_XARF_H

#include "report/facts.h"

void xarf_write(struct arena *arena, const struct report_request *request,
		const struct facts *facts, struct report_part *out);

#endif
