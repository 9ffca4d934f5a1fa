/* report/arf.h - a mail complained about, as RFC 5965 has it.
 *
 * Only where the evidence is a mail: its header block, as it was received, stands in
 * report_source.mail. The second part tells what RFC 6650 section 5 asks for; the third is
 * the header block (text/rfc822-headers, RFC 6522), never the body, without what tells of
 * our people or of our inner servers (report/arf_headers.h). Logs never become ARF.      */
#ifndef REPORT_ARF_H
#define REPORT_ARF_H

#include "report/facts.h"

void arf_write(struct arena *arena, const struct report_request *request,
	       const struct facts *facts, struct report_parts *out);

#endif
