/* base/base64.h - RFC 4648 section 4: with padding, without line breaks.
 *
 * base64_decode  strict: the whole slice, canonical (unused bits zero), padding where it
 *                belongs; -1 for anything else.                                         */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/arena.h"

struct slice base64_encode(struct arena *arena, struct slice bytes);
MUST_CHECK int base64_decode(struct arena *arena, struct slice text, struct slice *out);

#endif
