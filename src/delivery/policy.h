/* delivery/policy.h - what may be approved and sent without a person: one file, opt-in.
 *
 *   [policy]
 *   categories = login-attack, exploit-attempt
 *   certainty = connection        ; at least so sure of the source
 *   confidence = 90               ; at least so sure of the contact, in per cent
 *   cap-day = 5                   ; such mails a day in all
 *   cap-contact-day = 1           ; such mails to one contact a day
 *   follow-ups = no               ; further mails to who was told before
 *   next-contact = no             ; the next contact, where the first refused mail
 * `categories` must be there; the others have the values above. A compromise is never
 * named in it. The caps of [send] hold as well.
 *
 * policy_read   ERROR_CONFIG with place and what to do. A file that others may write is
 *               refused: whoever can write it could send mail in your name.
 * policy_words  the file in sentences, one a line, for a person to check.                */
#ifndef DELIVERY_POLICY_H
#define DELIVERY_POLICY_H

#include "base/arena.h"
#include "base/error.h"
#include "event/event.h"

struct policy {
	struct slice path;
	bool categories[CATEGORY_COUNT];
	enum certainty certainty;
	int64_t confidence; /* per cent */
	int64_t cap_day, cap_contact_day;
	bool follow_ups, next_contact;
};

MUST_CHECK int policy_read(struct arena *arena, struct slice path, struct policy *out,
			   struct error *err);
void policy_words(struct arena *arena, const struct policy *policy, struct slices *out);

#endif
