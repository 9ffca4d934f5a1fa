/* contact/store.h - answers kept in the store, by the range or the domain they are about.
 *
 * A finding about a network is kept under the range it names, so that neighbours need no
 * question; who keeps one has checked that the range contains the address asked for
 * (contacts.md S23). The newest answer for a range replaces the older one.              */
#ifndef CONTACT_STORE_H
#define CONTACT_STORE_H

#include "contact/contact.h"
#include "db/db.h"

#define FINDING_FRESH_US (7 * DAY_US) /* networks */
#define FINDING_FRESH_DOMAIN_US DAY_US
#define FINDING_FRESH_NOBODY_US HOUR_US /* nobody to tell was found */
#define FINDING_KEPT_US (90 * DAY_US) /* then it is too old even for a dead server */

struct finding {
	struct slice domain; /* empty: about a network          */
	bool has_network;
	struct network network;
	struct origins origin;
	struct contacts contacts;
	struct contacts_rejected rejected;
	int64_t asked_at;
	int64_t later_at; /* as contact_answer has it; not kept */
};

bool finding_is_fresh(const struct finding *finding, int64_t now);

/* 1 found, 0 none, -1. The most specific range that contains the address. */
MUST_CHECK int finding_of_address(struct db *db, struct arena *arena,
				  const struct address *address, struct finding *out,
				  struct error *err);
MUST_CHECK int finding_of_domain(struct db *db, struct arena *arena,
				 struct slice domain, struct finding *out,
				 struct error *err);
/* Between db_begin() and db_commit(). */
MUST_CHECK int finding_keep(struct db *db, const struct finding *finding,
			    struct error *err);
MUST_CHECK int findings_forget_old(struct db *db, int64_t now, struct error *err);

#endif
