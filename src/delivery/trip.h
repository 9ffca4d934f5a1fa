/* delivery/trip.h - the reporter's own way out and back, as it was tried.
 *
 * A plus-address is used as envelope sender and Reply-To only after a mail to one was seen
 * in the reporter's box: else every bounce and every answer would be lost. One row for each
 * way of writing it ([send] plus), so that another one is tried anew.                     */
#ifndef DELIVERY_TRIP_H
#define DELIVERY_TRIP_H

#include "conf/settings.h"
#include "db/db.h"

struct trip {
	struct slice plus; /* as configured; empty: none                             */
	struct slice token; /* of the mails last sent                                 */
	struct slice out_id, back_id; /* Message-IDs; back_id empty: no plus-address  */
	int64_t began_at, out_at, back_at; /* sent; seen in the box, 0: not yet       */
	struct slice envelope, spf, dkim; /* as received; untrusted                   */
};

/* *found is false where it was never tried. */
MUST_CHECK int trip_get(struct db *db, struct arena *arena, struct slice plus,
			struct trip *out, bool *found, struct error *err);
/* Inside the caller's transaction. */
MUST_CHECK int trip_put(struct db *db, const struct trip *trip, struct error *err);
/* Takes [send] plus out of the settings as long as the way back was not seen to work.
 * *untried: that was so.                                                                 */
MUST_CHECK int trip_apply(struct db *db, struct arena *arena, struct settings *settings,
			  bool *untried, struct error *err);

#endif
