/* incident/crowd.h - many sources at one door: what each of them did is little, together
 * it is one attack.
 *
 * A door is a kind of act, a service and a port. Sources are counted by a sketch, so any order and any split give the same. At most
 * CROWDS_MAX doors are watched, the first ones.                                          */
#ifndef INCIDENT_CROWD_H
#define INCIDENT_CROWD_H

#include "event/event.h"
#include "incident/sketch.h"

enum { CROWDS_MAX = 8192, CROWD_SERVICE_MAX = 32 };

struct crowd {
	enum category category; /* the rule's */
	char service[CROWD_SERVICE_MAX];
	uint16_t port; /* 0: of no one port */
	enum protocol protocol;
	int64_t first, last; /* when sources began: the first one, the last one */
	struct sketch sources;
};

struct crowds;

struct crowds *crowds_new(void);
void crowds_free(struct crowds *crowds); /* NULL is fine */
/* A source begins with this event. `source` is its prefix. */
void crowds_add(struct crowds *crowds, const struct event *event,
		const struct address *source);
/* The crowds of at least `least` sources, the greatest first: up to `max` of them to
 * `out`, which live as long as the crowds. Returns how many.                             */
size_t crowds_greatest(const struct crowds *crowds, uint64_t least,
		       const struct crowd **out, size_t max);

#endif
