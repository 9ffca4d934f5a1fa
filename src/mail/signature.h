/* mail/signature.h - signatures through GPGME, with the user's own gpg or gpgsm.
 *
 * signature_make  detached signature over `bytes` as they are (the caller made them
 *                 canonical): OpenPGP, ASCII-armoured, by key id or fingerprint; or CMS
 *                 (RFC 5652), DER, with the chain of certificates, by the
 *                 certificate's fingerprint. gpg-agent asks for the passphrase by its own
 *                 pinentry. `micalg` is the hash really used: "pgp-sha256" (RFC 3156
 *                 section 5), "sha-256" (RFC 8551 section 3.5.3.2).
 * returns  0; -1 and err, with what to do: ERROR_NOT_FOUND no such secret key, ERROR_CONFIG
 *          no or several keys meant, ERROR_REFUSED expired, revoked, locked, cancelled.  */
#ifndef MAIL_SIGNATURE_H
#define MAIL_SIGNATURE_H

#include "base/arena.h"
#include "base/error.h"

enum signature_kind { SIGNATURE_PGP, SIGNATURE_SMIME };

struct signature {
	struct slice bytes; /* armour with LF line ends, or DER */
	struct slice micalg;
};

MUST_CHECK int signature_make(struct arena *arena, enum signature_kind kind,
			      struct slice key, struct slice bytes,
			      struct signature *out, struct error *err);

#endif
