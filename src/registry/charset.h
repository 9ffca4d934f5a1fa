/* registry/charset.h - registry text in whatever charset, as valid UTF-8.
 *
 * Bytes that are valid UTF-8 stay; other bytes are read as ISO 8859-1, which is what the
 * registries with old data (RIPE, LACNIC, registro.br) send. A charset that fits neither
 * (ISO-2022-JP, EUC-KR) comes out unreadable but valid. Controls stay: sinks escape them. */
#ifndef REGISTRY_CHARSET_H
#define REGISTRY_CHARSET_H

#include "base/arena.h"

struct slice charset_to_utf8(struct arena *arena, struct slice text);

#endif
