/* mail/signature.h - OpenPGP signatures through GPGME, with the user's own gpg.
 *
 * signature_key_check  the key exists, is secret, can sign and is neither expired nor
 *                      revoked; -1 and err: ERROR_NOT_FOUND or ERROR_REFUSED, with what
 *                      to do. Asks for no passphrase.
 * signature_make       detached, ASCII-armoured signature over `bytes` as they are (the
 *                      caller made them canonical). gpg-agent asks for the passphrase by
 *                      its own pinentry. `micalg` is the hash really used: "pgp-sha256".
 *                      -1 and err: ERROR_REFUSED (locked, cancelled, no pinentry).      */
#ifndef MAIL_SIGNATURE_H
#define MAIL_SIGNATURE_H

#include "base/arena.h"
#include "base/error.h"

struct signature {
	struct slice armor; /* LF line ends */
	struct slice micalg;
};

MUST_CHECK int signature_key_check(struct slice key, struct error *err);
MUST_CHECK int signature_make(struct arena *arena, struct slice key, struct slice bytes,
			      struct signature *out, struct error *err);

#endif
