/* mail/address.h - mail addresses as others write them, cleaned.
 *
 * Takes an address as registries and people write it ("a@b <a@b>", "a@b,",
 * "[email]a@b[/email]", upper case ...: contacts.md 2.10), parses it strictly and
 * re-serialises it: lower case but for quoted names, since one desk is one contact however
 * it is spelt, and only the first where several stand. -1 with the reason in err
 * (ERROR_SYNTAX). Never returns CR, LF, NUL, controls, spaces outside quotes, a leading
 * dash, over 254 bytes, IP literals, a domain without a dot, percent or bang routes.    */
#ifndef MAIL_ADDRESS_H
#define MAIL_ADDRESS_H

#include "base/arena.h"
#include "base/error.h"

MUST_CHECK int mail_address_clean(struct arena *arena, struct slice raw,
				  bool documentation_public, struct slice *out,
				  struct error *err);
/* Whether a clean address is at `domain` or a name below it. */
bool mail_address_in(struct slice address, struct slice domain);

#endif
