/* event/session.h - what the lines of one connection have said so far (fail2ban's MLFID).
 *
 * At most 100 sessions for each rule, the oldest gives way; one that began more than 5
 * minutes of event time ago is forgotten. Values over their cap are not kept.
 *
 * sessions_merge  takes the roles of a line that carries a session id, merges them with
 *                 what is known, leaves the merged roles in `roles` (text in `arena`),
 *                 and says whether the line may be an event: false for one that only
 *                 tells more (nofail), or closes a session without a failure.
 *                 ROLE_ONCE (our own) marks a sign of an act that another line of the
 *                 session may tell itself: the two are one event, and later signs none.
 * sessions_pend   the merged line named no source yet: the next one that does is the
 *                 event, whatever it says.                                            */
#ifndef EVENT_SESSION_H
#define EVENT_SESSION_H

#include "base/buffer.h"
#include "base/cursor.h"
#include "event/expression.h"

enum { SESSIONS_MAX = 100, SESSION_TEXT_MAX = 192 };

struct sessions;

struct sessions *sessions_new(void);
void sessions_free(struct sessions *sessions); /* NULL is fine */

bool sessions_merge(struct sessions *sessions, struct arena *arena, int64_t at,
		    struct slice *roles);
void sessions_pend(struct sessions *sessions, struct slice id);

/* As text in the saved state: any number of records. load reads one record. */
void sessions_save(const struct sessions *sessions, size_t rule, struct buffer *out);
void sessions_load(struct sessions *sessions, struct cursor *cursor);

#endif
