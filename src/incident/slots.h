/* incident/slots.h - a fixed slot per source and window, found by key.
 *
 * Slots are numbered from 1 in the order they were made, and never move. Of one key the
 * newest is found; its older windows are the chain behind it. The hash is keyed: others
 * choose the addresses.                                                                 */
#ifndef INCIDENT_SLOTS_H
#define INCIDENT_SLOTS_H

#include "base/attribute.h"

#include <stdint.h>

struct act;
struct counted;

/* What makes events belong together. */
struct key {
	uint8_t address[16]; /* masked; where there is none, the number of a name */
	uint8_t family, base, forgeable;
};

enum { SLOT_COUNTED = UINT8_MAX };

struct slot {
	struct key key;
	uint8_t few; /* acts, as long as they are few; SLOT_COUNTED; 0 blank  */
	uint32_t older; /* window of the same key; 0 none                     */
	int64_t first, last;
	union {
		struct act *acts; /* newest first */
		struct counted *counted;
	};
};

struct slots;

struct slots *slots_new(void);
void slots_free(struct slots *slots); /* NULL is fine */
void slots_forget(struct slots *slots); /* empty again */
uint32_t slots_count(const struct slots *slots);
struct slot *slots_at(const struct slots *slots, uint32_t number);
/* A blank one that nothing leads to yet. */
uint32_t slots_add(struct slots *slots);
uint32_t slots_find(struct slots *slots, const struct key *key); /* 0: none */
/* Hints for what is to be found soon: where the search for a key will begin is on its way
 * into the processor's cache, and later, by that place, the slot that stands there, which
 * is rarely another's; NULL: none.                                                         */
uint32_t slots_home_fetch(const struct slots *slots, const struct key *key);
struct slot *slots_home_slot(const struct slots *slots, uint32_t home);
/* From now on this one is the newest of its key. */
void slots_lead(struct slots *slots, uint32_t number);
/* Nothing leads to its key any more. */
void slots_drop(struct slots *slots, uint32_t number);

#endif
