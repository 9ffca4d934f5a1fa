/* contact/indexed.h - what the offline registry index says, as a reading of a server. */
#ifndef CONTACT_INDEXED_H
#define CONTACT_INDEXED_H

#include "contact/reading.h"
#include "registry/index.h"

/* READING_ANSWER or READING_NOTHING. */
void indexed_read(const struct index *index, struct arena *arena,
		  const struct address *about, struct reading *out);
/* Of an AS number: its network has no range. */
void indexed_read_number(const struct index *index, struct arena *arena,
			 uint32_t number, struct reading *out);

#endif
