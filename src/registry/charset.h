/* registry/charset.h - registry text in whatever charset, as valid UTF-8.
 *
 * Bytes that are valid UTF-8 stay; other bytes are read as ISO 8859-1, which is what the
 * registries with old data (RIPE, LACNIC, registro.br) send. ISO-2022-JP and EUC-KR are
 * told by the whole answer: charset_decode(). Controls stay: sinks escape them.         */
#ifndef REGISTRY_CHARSET_H
#define REGISTRY_CHARSET_H

#include "base/arena.h"

struct slice charset_to_utf8(struct arena *arena, struct slice text);

/* A whole answer in ISO-2022-JP, which its escapes tell, or in EUC-KR, where it comes from
 * Korea and is no UTF-8, as UTF-8; anything else as it is.                              */
struct slice charset_decode(struct arena *arena, struct slice text, bool korean);

#endif
