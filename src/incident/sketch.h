/* incident/sketch.h - how many different things were seen, about, in 64 bytes.
 *
 * HyperLogLog (Flajolet and others 2007): 128 registers of four bits, a standard error of
 * 9 %. What was added is a set: order, repetition and any split of it change nothing, and
 * two sketches merge by the greater of each register. The hash has no key, so that what
 * one run stored another goes on with; who chooses what is added can spoil an estimate of
 * his own doings, and nothing else.                                                     */
#ifndef INCIDENT_SKETCH_H
#define INCIDENT_SKETCH_H

#include "base/slice.h"

enum { SKETCH_BYTES = 64 };

struct sketch {
	uint8_t registers[SKETCH_BYTES];
};

uint64_t sketch_hash(struct slice item);
void sketch_add(struct sketch *sketch, uint64_t hash);
void sketch_merge(struct sketch *into, const struct sketch *from);
uint64_t sketch_count(const struct sketch *sketch);
struct slice sketch_bytes(const struct sketch *sketch);
/* -1 where they are no sketch's bytes. */
MUST_CHECK int sketch_from(struct slice bytes, struct sketch *out);

#endif
