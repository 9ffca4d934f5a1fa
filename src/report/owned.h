/* report/owned.h - what we own of one source that formats for machines have fields for.
 *
 * A field is owned or empty, never guessed. Texts are clean for a mail body.             */
#ifndef REPORT_OWNED_H
#define REPORT_OWNED_H

#include "report/facts.h"

struct owned {
	struct slice source; /* address, or the name that the log has               */
	struct slice org, contact, domain; /* of the reporter                        */
	int64_t at; /* when that address and source port were seen                   */
	uint64_t source_port, target_port; /* 0: none                                */
	struct slice protocol; /* "tcp"; empty: none                                 */
	struct slice target; /* empty: not known, or not to be shown                 */
	struct slice service; /* "ssh", as rules call it; empty: none                */
	bool web;
};
void owned_gather(struct arena *arena, const struct facts *facts, struct owned *out);

/* The id of a report in a format: the same report and source, the same id. */
struct uuid_text owned_id(const struct report_request *request, struct slice format,
			  struct slice source);

#endif
