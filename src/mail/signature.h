/* mail/signature.h - OpenPGP signatures through GPGME, with the user's own gpg.
 *
 * signature_make  detached, ASCII-armoured signature over `bytes` as they are (the caller
 *                 made them canonical). gpg-agent asks for the passphrase by its own
 *                 pinentry. `micalg` is the hash really used: "pgp-sha256".
 * returns  0; -1 and err, with what to do: ERROR_NOT_FOUND no such secret key, ERROR_CONFIG
 *          no or several keys meant, ERROR_REFUSED expired, revoked, locked, cancelled.  */
#ifndef MAIL_SIGNATURE_H
#define MAIL_SIGNATURE_H

#include "base/arena.h"
#include "base/error.h"

struct signature {
	struct slice armor; /* LF line ends */
	struct slice micalg;
};

MUST_CHECK int signature_make(struct arena *arena, struct slice key, struct slice bytes,
			      struct signature *out, struct error *err);

#endif
