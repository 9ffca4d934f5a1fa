/* contact/answers.h - what was found about very many addresses, what is equal kept once.
 *
 * The sources of an attack are many and their networks few: an address costs its own bytes
 * here and the number of what it shares with its neighbours.
 *
 * answers_want   notes an address, as often as it comes; `since` is when it began to do what
 *                counts, 0 where it did nothing of that: the least is kept
 * answers_sort   once all are noted; then `count` of them have a place, in order
 * answers_give   copies what was found about the one at `place`
 * answers_find   fills *out, whose lists are shared and whose texts live as long as
 *                `answers`; false: nothing was found, or it was never wanted
 * number         of an answer's shared part: equal parts have equal numbers; `later_at` is
 *                the latest of theirs                                                  */
#ifndef CONTACT_ANSWERS_H
#define CONTACT_ANSWERS_H

#include "contact/contact.h"

struct answers;

struct answers *answers_new(void);
void answers_free(struct answers *answers); /* NULL is fine */

void answers_want(struct answers *answers, const struct address *address,
		  int64_t since);
void answers_sort(struct answers *answers);
size_t answers_count(const struct answers *answers);
struct address answers_wanted(const struct answers *answers, size_t place,
			      int64_t *since);
void answers_give(struct answers *answers, size_t place,
		  const struct contact_answer *found);

bool answers_find(const struct answers *answers, struct arena *arena,
		  const struct address *address, struct contact_answer *out,
		  size_t *number);

/* The shared parts, without address and names; they may be changed. */
size_t answers_shared(const struct answers *answers);
struct contact_answer *answers_part(struct answers *answers, size_t number);

#endif
