/* contact/numbers.h - AS numbers: how they are written, and those that are nobody's (RFC 7249
 * and IANA's registry).                                                                */
#ifndef CONTACT_NUMBERS_H
#define CONTACT_NUMBERS_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* "AS64500", "as 64500", "AS1.10" (RFC 5396 asdot: 65546). */
bool number_parse(struct slice text, uint32_t *out);

/* "private use (RFC 6996)"; empty: a public number. */
struct slice number_special(uint32_t number, bool documentation_public);

#endif
