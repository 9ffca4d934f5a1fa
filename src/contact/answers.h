/* contact/answers.h - what was found about very many addresses, what is equal kept once.
 *
 * The sources of an attack are many and their networks few: of an address only the number
 * of what it shares with its neighbours is kept, and that outside of memory (answered.h).
 *
 * answers_want   notes an address, as often as it comes; `since` is when it began to do what
 *                counts, 0 where it did nothing of that: the least is kept
 * answers_sort   once all are noted; then `count` of them have a place, in order
 * answers_give   copies what was found about the one at `place`
 * answers_find   1 and fills *out, whose texts live as long as `answers` or `arena`; 0:
 *                nothing was found, or it was never wanted
 * number         of an answer's shared part: equal parts have equal numbers; `later_at` is
 *                the latest of theirs
 * Within a transaction each of them is faster; what is rolled back is forgotten here too. */
#ifndef CONTACT_ANSWERS_H
#define CONTACT_ANSWERS_H

#include "contact/contact.h"
#include "db/db.h"

struct answers;

/* One at a time on a connection. */
MUST_CHECK struct answers *answers_new(struct db *db, struct error *err);
void answers_free(struct answers *answers); /* NULL is fine */

MUST_CHECK int answers_want(struct answers *answers, const struct address *address,
			    int64_t since, struct error *err);
MUST_CHECK int answers_sort(struct answers *answers, struct error *err);
size_t answers_count(const struct answers *answers);
MUST_CHECK int answers_wanted(const struct answers *answers, size_t place,
			      struct address *address, int64_t *since,
			      struct error *err);
MUST_CHECK int answers_give(struct answers *answers, size_t place,
			    const struct contact_answer *found, struct error *err);

MUST_CHECK int answers_find(const struct answers *answers, struct arena *arena,
			    const struct address *address, struct contact_answer *out,
			    size_t *number, struct error *err);

/* The shared parts, without address and names; they may be changed. */
size_t answers_shared(const struct answers *answers);
struct contact_answer *answers_part(struct answers *answers, size_t number);

#endif
