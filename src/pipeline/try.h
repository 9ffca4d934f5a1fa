/* pipeline/try.h - the whole way out to the reporter's own box, and back.
 *
 * try_begin    sends a mail to [reporter] mail and, where [send] plus is set, one to a
 *              plus-address of it, by the way that is configured; `end` says what the mail
 *              server made of the first that it did not take, else of the last.
 * try_take     reads one mail of the box: whether it is one of the two, and then what its
 *              header says of the way. Other mail is left alone.
 * try_folder   reads a maildir so; *seen counts those that are ours.
 * try_box      asks an IMAP server for those that were not seen yet.                     */
#ifndef PIPELINE_TRY_H
#define PIPELINE_TRY_H

#include "base/clock.h"
#include "delivery/handover.h"
#include "delivery/trip.h"
#include "net/imap.h"

struct
try {
	const struct settings *settings; /* with [send] plus as configured            */
	const struct clock *clock;
	struct db *db;
};

MUST_CHECK int try_begin(const struct try *try, struct arena *arena, struct trip *out,
			 struct handover_end *end, struct error *err);
MUST_CHECK int try_take(const struct try *try, struct arena *arena, struct trip *trip,
			struct slice message, bool *ours, struct error *err);
MUST_CHECK int try_folder(const struct try *try, struct arena *arena, struct trip *trip,
			  struct slice folder, size_t *seen, struct error *err);
MUST_CHECK int try_box(const struct try *try, struct arena *arena, struct trip *trip,
		       struct imap *imap, struct error *err);
/* The box of [mail], not connected yet. */
MUST_CHECK struct imap *try_box_open(const struct try *try, struct arena *arena,
				     struct error *err);

#endif
