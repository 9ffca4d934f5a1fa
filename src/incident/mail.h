/* incident/mail.h - a mail that somebody received and that is the evidence.
 *
 * Only its header block is kept, as it was received, untrusted. It counts once: the hash of
 * that block is its name. Of very many of one incident the first few are kept whole, the
 * others are remembered by their hash.                                                   */
#ifndef INCIDENT_MAIL_H
#define INCIDENT_MAIL_H

#include "base/digest.h"
#include "db/db.h"
#include "incident/incident.h"

enum mail_kind { MAIL_SPAM, MAIL_PHISH, MAIL_VIRUS, MAIL_KIND_COUNT };
/* "spam", "phish", "virus". */
MUST_CHECK int mail_kind_parse(struct slice name, enum mail_kind *out);

/* The rule that events of such mails bear, and the service they are of. */
#define MAIL_RULE "mail"

struct incident_mail {
	struct slice header; /* empty: none                                      */
	size_t depth; /* so many Received fields of our own stand above the one
	                 that names the source                               */
	int64_t at; /* when our server took it                             */
	enum mail_kind kind;
};

/* Inside the caller's transaction. mail_store_has: 1, 0, -1. */
int mail_store_has(struct db *db, const struct sha256 *sha256, struct error *err);
/* To the incident of the source (its prefix) and base category of `like` that holds the
 * mail's instant, which is saved already.                                                */
MUST_CHECK int mail_store_add(struct db *db, struct slice site,
			      const struct incident *like,
			      const struct incident_mail *mail, struct error *err);
/* The first mail of an incident; *out is empty where it has none. */
MUST_CHECK int mail_store_first(struct db *db, struct arena *arena, struct slice id,
				struct incident_mail *out, struct error *err);

#endif
