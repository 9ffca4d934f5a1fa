/* mail/hop.h - one Received field: what the server that wrote it says of who came to it.
 *
 * Grammar (RFC 5321 section 4.4), as mail servers write it:
 *   from HELO (COMMENT)* by HOST ... ; DATE
 * HELO is the sender's own word, and stands where it likes. The peer's address counts only
 * where the writing server puts what it saw itself, in one of these shapes:
 *   from HELO (NAME [ADDRESS])              Postfix, Sendmail, OpenSMTPD, Gmail
 *   from NAME ([ADDRESS] helo=HELO)         Exim; from HELO ([ADDRESS]) as well
 *   from [ADDRESS] (helo=HELO)              Exim, for an address without a name
 *   from NAME (HELO HELO) (ADDRESS)         qmail
 *   from HELO (ADDRESS) by ... with Microsoft SMTP Server
 * Anything else, and a field with a second "from" or "by" outside of comments, could be
 * read in two ways: its shape is HOP_UNCLEAR and it names nobody.
 *
 * field    the unfolded value (mail/header.h), untrusted; slices of the result point into it
 * hop_date reads "Fri, 20 Nov 2026 21:14:07 -0500", RFC 5322 section 3.3 with its comments
 *          and obsolete names of zones in North America; -1 for what is no such date.      */
#ifndef MAIL_HOP_H
#define MAIL_HOP_H

#include "net/address.h"

enum hop_shape {
	HOP_UNCLEAR, /* not understood, or in two ways                          */
	HOP_NO_PEER, /* understood; it names no address: "from HELO by HOST"      */
	HOP_LOCAL, /* no "from": handed in on the server itself             */
	HOP_PEER,
};

struct hop {
	enum hop_shape shape;
	struct address peer; /* of HOP_PEER                                        */
	struct slice from; /* the word behind "from"                             */
	struct slice by; /* the server that wrote it, without a dot at the end   */
	struct slice protocol; /* the word behind "with": "ESMTPS", "LMTP"           */
	bool is_dated;
	int64_t at; /* microseconds UTC                                   */
};

void hop_read(struct slice field, struct hop *out);
MUST_CHECK int hop_date(struct slice text, int64_t *at);

#endif
