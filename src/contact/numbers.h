/* contact/numbers.h - AS numbers that are nobody's (RFC 7249 and IANA's registry). */
#ifndef CONTACT_NUMBERS_H
#define CONTACT_NUMBERS_H

#include "base/slice.h"

#include <stdint.h>

/* "private use (RFC 6996)"; empty: a public number. */
struct slice number_special(uint32_t number, bool documentation_public);

#endif
