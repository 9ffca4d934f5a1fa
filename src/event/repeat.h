/* event/repeat.h - what the rules made of a line, for the next line with the same text
 * behind its date: whoever tries passwords writes many of them (for event/ only).
 *
 * What rules find depends on the text without its date and on the literals seen in the
 * line, nothing else; both are compared whole. Only what lies in the line is kept, under
 * caps: what does not fit is found again. The memory of one thread, with a place for each
 * hash, so that others who choose the lines can do no more than make it useless; while
 * little repeats it rests.
 *
 * repeats_find  NULL: not known. The hits' roles are to be taken from `key->rest`.
 * repeats_keep  `sets` are the sets of date templates that had to find the same date.   */
#ifndef EVENT_REPEAT_H
#define EVENT_REPEAT_H

#include "event/expression.h"
#include "event/rule.h"

enum {
	REPEAT_TEXT_MIN = 8,
	REPEAT_TEXT_MAX = 240,
	REPEAT_HITS_MAX = 2,
	REPEAT_SETS_MAX = 64
};

struct repeats;

struct repeat_key {
	struct slice rest; /* REPEAT_TEXT_MIN.._MAX bytes, ASCII */
	const uint64_t *seen; /* literals of the line */
	uint64_t hash; /* set by repeats_find() */
};

struct repeat_hit {
	const struct rule *rule;
	uint8_t count; /* of the roles that took part */
	struct {
		uint8_t role, at, len;
	} roles[ROLE_COUNT];
};

struct repeat {
	uint64_t sets;
	uint8_t len, hit_count;
	struct repeat_hit hits[REPEAT_HITS_MAX];
	char text[REPEAT_TEXT_MAX];
};

struct repeats *repeats_new(size_t words); /* of `seen` */
void repeats_free(struct repeats *repeats); /* NULL is fine */

bool repeats_rest(struct repeats *repeats); /* do not ask for this line */
const struct repeat *repeats_find(struct repeats *repeats, struct repeat_key *key);
/* A place for the key without hits, behind repeats_find(). */
struct repeat *repeats_keep(struct repeats *repeats, const struct repeat_key *key,
			    uint64_t sets);
/* False where a role does not lie in the rest, or there is no room: repeats_drop(). */
bool repeat_hit_keep(struct repeat *repeat, struct slice rest, const struct rule *rule,
		     const struct slice *roles);
void repeats_drop(struct repeats *repeats, const struct repeat *repeat);
void repeat_roles(const struct repeat_hit *hit, struct slice rest, struct slice *roles);

#endif
