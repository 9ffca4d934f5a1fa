/* mail/message.h - composing an RFC 5322 message with MIME parts (RFC 2045, 2046).
 *
 * message_compose  multipart/mixed {text/plain, attachments...}; text/plain alone where
 *                  there is no attachment; multipart/report of `report_type` (RFC 6522)
 *                  where that is set. Text is UTF-8 as 7bit or quoted-printable,
 *                  message/... stands as it is, and must be 7bit (RFC 2046 section 5.2);
 *                  other attachments are base64. With `key` the whole is a
 *                  multipart/signed of RFC 3156, with `certificate` one of RFC 8551.
 *                  Boundaries come from the Message-ID: the same description gives the
 *                  same bytes, but for the signature.
 * No Precedence, no X-Mailer, and no Auto-Submitted but where nobody read the mail before
 * it left (RFC 3834 section 5.1): approved mail is a person's mail.
 * returns 0; -1 and err: ERROR_SYNTAX for header text or an address that cannot stand in
 * a header (control characters, RFC 5322 section 2.2), or what signature.h says.        */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include "base/arena.h"
#include "base/error.h"

struct message_part {
	struct slice type; /* "text/csv": ours, never read from anywhere */
	struct slice name; /* file name; printable ASCII                          */
	struct slice bytes;
};

struct message_header { /* one that is not set otherwise; both printable ASCII  */
	const char *name, *value;
};

struct message {
	struct slice from_name; /* UTF-8, may be empty                          */
	struct slice from; /* address                                         */
	struct slice reply_to; /* address, may be empty                        */
	struct slices to; /* addresses, at least one                           */
	struct slice subject; /* UTF-8                                           */
	struct slice message_id; /* "<local@domain>"                             */
	struct slice
		in_reply_to; /* such ids of the mails it follows, a blank between, the
	                             newest last; may be empty                       */
	bool is_automatic; /* Auto-Submitted: auto-generated                    */
	struct message_header header; /* name NULL: none                             */
	const char *report_type; /* "feedback-report"; NULL: multipart/mixed          */
	int64_t date; /* microseconds UTC                                    */
	struct slice text; /* UTF-8, LF line ends                                */
	const struct message_part *parts;
	size_t part_count;
	struct slice key; /* OpenPGP key to sign with                             */
	struct slice certificate; /* X.509 one; both empty: unsigned              */
};

MUST_CHECK int message_compose(struct arena *arena, const struct message *message,
			       struct slice *bytes, struct error *err);

#endif
