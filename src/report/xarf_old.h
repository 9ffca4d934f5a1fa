/* report/xarf_old.h - one source as an X-ARF 0.2 report: YAML, and its evidence.
 *
 * By xarf-specification_0.2.md (xarf/xarf-specification) and the one schema that fits what
 * logs tell, abuse_login-attack_0.1.2 (xarf/xarf-schemata): service and port have to be
 * known. A scalar stands plain only where every YAML reader takes it for the same text;
 * else it is double-quoted with everything but printable ASCII escaped.                  */
#ifndef REPORT_XARF_OLD_H
#define REPORT_XARF_OLD_H

#include "base/buffer.h"
#include "report/facts.h"

void xarf_old_write(struct arena *arena, const struct report_request *request,
		    const struct facts *facts, struct report_parts *out);

#endif
