/* report/format.h - the machine-readable parts of a report, by what its contact reads.
 *
 * The text of the mail is complete without them; a part that cannot be made says why and
 * nothing else depends on it. Which format: the user's word ([contact] format), else what
 * is known of the contact, else X-ARF 4.
 *
 *   plain        the text alone, for desks that take no attachments
 *   csv          the table of sources
 *   xarf         X-ARF 4.2.0 as attachments, one per source; a table where there are several
 *   xarf-report  the same within multipart/report (the e-mail transport of X-ARF 4)
 *   xarf-0.2     X-ARF 0.2 in YAML, with its evidence
 *   arf          RFC 5965, where the evidence is a mail
 *   iodef        RFC 7970 in XML; iodef-json: RFC 8727                                   */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include "report/facts.h"

MUST_CHECK int report_format_parse(struct slice name, enum report_format *out);
/* `known`: the format's name that is on record for the contact; may be empty. */
enum report_format report_format_of(const struct settings *settings,
				    struct slice contact, struct slice known);

/* Whether a table of the sources is attached. */
bool report_format_has_table(enum report_format format, size_t sources);
void report_format_write(struct arena *arena, const struct report_request *request,
			 const struct facts *facts, struct report_parts *out);

/* What the whole message is where it holds these parts (RFC 6522), NULL: mixed; and the
 * header it has to have.                                                                 */
const char *report_format_message(const struct report_parts *parts);
struct message_header report_format_header(const struct report_parts *parts);

#endif
