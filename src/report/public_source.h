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

/* A source that `database` is not told of. */
void public_left_out(struct arena *arena, struct report_parts *left_out,
		     enum database database, struct slice source, struct slice why);

/* The formats. Each writes one source, or all of them. */
struct public_sources {
	struct public_source *at;
	size_t count, room;
};
typedef void publication_write(struct arena *arena,
			       const struct report_request *request,
			       const struct public_sources *sources,
			       struct publications *out, struct report_parts *left_out);
publication_write abuseipdb_write, blocklist_de_write, dshield_write;

#endif
