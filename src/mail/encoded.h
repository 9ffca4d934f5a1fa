/* mail/encoded.h - encoded words of a header (RFC 2047), decoded.
 *
 * "=?utf-8?q?Gr=C3=BCn?=" is "Grün"; blanks between two of them go. Charsets: UTF-8, ASCII,
 * ISO-8859-1. A word in another one, or wrongly encoded, becomes "[text in CHARSET]" or
 * "[text]": nobody who reads on can tell what is in it. All else stays as it is; the result
 * is any bytes, in the arena, never longer than three times the text.                    */
#ifndef MAIL_ENCODED_H
#define MAIL_ENCODED_H

#include "base/arena.h"

struct slice encoded_decode(struct arena *arena, struct slice text);

#endif
