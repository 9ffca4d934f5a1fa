/* base/md5.h - MD5 (RFC 1321) as hex digits: what registries publish beside their dumps.
 *
 * It finds broken transfers and proves nothing against anybody. Empty where the system
 * forbids it.                                                                          */
#ifndef BASE_MD5_H
#define BASE_MD5_H

#include "base/digest.h"

struct hex md5_of(struct slice bytes);

#endif
