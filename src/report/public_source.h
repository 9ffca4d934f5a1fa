/* report/public_source.h - one source as strangers may know it; for the formats of public
 * databases.
 *
 * public_source_read  false, and why, where the source is not told at all.
 * public_comment      at most `max_bytes`: "214 failed SSH logins between 2026-11-21 02:14:07
 *                     +0000 and 2026-11-21 05:40:12 +0000 (UTC), port 22/tcp.", then
 *                     evidence, each line as "2026-11-21 02:14:07 +0000 | sshd[3689]: ...".
 *                     Printable ASCII and newlines; no double quote and no backslash, which
 *                     AbuseIPDB's CSV has its own mind about. Only lines of known shape:
 *                     behind the host of a syslog line, or an access log's that begins with
 *                     the source. None of an incident where a login worked.              */
#ifndef REPORT_PUBLIC_SOURCE_H
#define REPORT_PUBLIC_SOURCE_H

#include "base/buffer.h"
#include "report/facts.h"
#include "report/publication.h"

struct public_source {
	struct report_source given; /* the incidents that may be told              */
	struct facts facts;
	struct slice address;
};
bool public_source_read(struct arena *arena, const struct report_request *request,
			const struct report_source *source, struct public_source *out,
			struct slice *why);
struct slice public_comment(struct arena *arena, const struct report_request *request,
			    const struct public_source *source, size_t max_bytes);

/* "name=value", percent-encoded as application/x-www-form-urlencoded. */
void form_field(struct buffer *out, const char *name, struct slice value);

/* What the formats write, source by source. */
enum { PUBLIC_BODY_MAX_BYTES = 2000 * 1000 + 4096 };
struct public_telling {
	struct arena *arena; /* of what comes out */
	struct report_request request;
	struct publications out;
	size_t told;
	struct slices
		sources; /* of the submission that is being made, and what the format
	                          has of it                                              */
	struct buffer rows, memo, form;
};
/* Tells of one source, whose texts die with `work`; else why not. */
typedef struct slice public_add(struct public_telling *telling, struct arena *work,
				const struct public_source *source);
/* The end of the last submission; something was told. */
typedef void public_end(struct public_telling *telling);
public_add abuseipdb_add, blocklist_de_add, dshield_add;
public_end abuseipdb_end, blocklist_de_end, dshield_end;

#endif
