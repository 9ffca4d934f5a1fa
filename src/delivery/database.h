/* delivery/database.h - one approved submission to a public database, by HTTPS.
 *
 * As handover.h: the barrier is called when the server took the connection and before a
 * byte of the body left. The key of the account comes from its file at that time; it is in
 * no answer, whatever the other side puts into its words.
 *
 * database_check  what the configuration lacks for it; ERROR_CONFIG says what to set, also
 *                 where [databases] report-to does not name it (any more).
 * database_post   never by mail: DShield's goes through handover_run().                  */
#ifndef DELIVERY_DATABASE_H
#define DELIVERY_DATABASE_H

#include "delivery/handover.h"
#include "report/publication.h"

/* Every name in [databases] report-to is one; ERROR_CONFIG names another. */
MUST_CHECK int databases_check(const struct settings *settings, struct error *err);
bool database_is_on(const struct settings *settings, enum database database);
MUST_CHECK int database_check(struct arena *arena, const struct settings *settings,
			      enum database database, struct error *err);

/* Whether the part of a case leaves as a mail: all but what a database takes by HTTPS. */
bool leaves_by_mail(struct slice part, bool is_database);

/* handover->message is the body; sender and recipients are not looked at. */
struct submission {
	enum database database;
	struct slice media;
};
MUST_CHECK int database_post(struct arena *arena, const struct handover *handover,
			     const struct submission *submission,
			     struct handover_end *out, struct error *err);
/* Where it goes: "https://api.abuseipdb.com/api/v2/bulk-report". */
struct slice database_url(const struct submission *submission);
/* What is added to the bytes approved, in words: "header Key: the key in FILE". */
struct slice database_key_words(struct arena *arena, const struct settings *settings,
				enum database database);

#endif
