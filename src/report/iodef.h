/* report/iodef.h - all sources as one IODEF v2 document, an Incident each.
 *
 * iodef_xml_write   RFC 7970
 * iodef_json_write  RFC 8727, the same information
 * For teams that take it (CSIRTs). What a value may be stands in RFC 7970 section 3.     */
#ifndef REPORT_IODEF_H
#define REPORT_IODEF_H

#include "report/facts.h"

void iodef_xml_write(struct arena *arena, const struct report_request *request,
		     const struct facts *facts, struct report_parts *out);
void iodef_json_write(struct arena *arena, const struct report_request *request,
		      const struct facts *facts, struct report_parts *out);

#endif
