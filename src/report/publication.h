/* report/publication.h - what a public database is told of the sources of a case.
 *
 * Whatever is told there is read by everybody, the attacker too: no address and no name of
 * ours, nobody's user name, no other client, no word on whether a login worked. Only what
 * cannot be forged is told (CERTAINTY_CONNECTION), only what was worth a report, and a
 * single address, never a prefix. What is left out is counted by the reason.
 *
 *   abuseipdb     APIv2 (docs.abuseipdb.com): one address as a form, several as the bulk
 *                 report's CSV within multipart/form-data, at most 10,000 lines and 2 MB;
 *                 comments of at most 1024 bytes
 *   blocklist.de  its HTTP reports, one address each; the API key is no part of the bytes
 *   dshield       a mail in DShield's own format (isc.sans.edu/specs), tab separated, the
 *                 target obfuscated as 10.0.0.1
 * The same request gives the same bytes.                                                */
#ifndef REPORT_PUBLICATION_H
#define REPORT_PUBLICATION_H

#include "report/report.h"

enum database {
	DATABASE_ABUSEIPDB,
	DATABASE_BLOCKLIST_DE,
	DATABASE_DSHIELD,
	DATABASE_COUNT,
};

struct database_facts {
	const char *name; /* as in [databases] report-to: "abuseipdb"                */
	const char *title; /* "AbuseIPDB"                                            */
	const char *
		recipient; /* by which the stop list knows it; a mail address, a domain */
	const char
		*retract; /* where what was told is taken back, as a sentence's end */
	bool by_mail;
};
const struct database_facts *database_facts(enum database database);
MUST_CHECK int database_parse(struct slice name, enum database *out);
/* The database of a part ("abuseipdb", "blocklist.de:203.0.113.77"); -1 for others. */
MUST_CHECK int database_of_part(struct slice part, enum database *out);

/* One submission. */
struct publication {
	enum database database;
	struct slice part; /* its name in the case                                  */
	struct slice subject; /* in a list; of a mail its subject                   */
	struct slice memo; /* for the person who approves it; of a mail its text     */
	struct slice media; /* type of the body; empty: it is a mail                */
	struct slice body; /* the bytes of the request, but for a key               */
	struct slices sources; /* the addresses named                               */
};
struct publications {
	struct publication *at;
	size_t count, room;
};
/* Sources that are not told, all for the same reason. */
struct left_out {
	struct slice why;
	struct slice source; /* the first of them */
	size_t count;
};
struct left_outs {
	struct left_out *at;
	size_t count, room;
};
/* "203.0.113.77 and 3 more: what was seen may be forged, or was no reason to report" */
struct slice left_out_words(struct arena *arena, const struct left_out *one);

/* What one database is told, made of the sources one after another. What comes out lives in
 * the arena given at the beginning and does not grow with the sources; request->sources are
 * not looked at, and request->reader is taken as READER_PUBLIC whatever it says.
 *
 * publishing_add  the next source; it and `work` may die afterwards
 * publishing_end  adds the submissions to `out`, and why others are none to `left_out`; the
 *                 handle is gone                                                         */
struct publishing;
struct publishing *publishing_new(struct arena *arena, enum database database,
				  const struct report_request *request);
void publishing_add(struct publishing *publishing, struct arena *work,
		    const struct report_source *source);
void publishing_end(struct publishing *publishing, struct publications *out,
		    struct left_outs *left_out);

#endif
