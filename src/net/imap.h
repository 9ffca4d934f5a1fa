/* net/imap.h - single mails of a box, found by their Message-ID (RFC 9051), by curl.
 *
 * imap_new   nothing is connected yet; ERROR_CONFIG for a URL that is none.
 * imap_find  the header of the newest mail with that id, at most IMAP_HEADER_MAX bytes,
 *            untrusted, in the arena. 1; 0: there is none yet; -1 and err: ERROR_CONFIG
 *            where the login was refused or TLS does not hold, else ERROR_RETRY. Only a mail
 *            that fits is read, and is then marked as seen; nothing else is changed.
 * One connection serves all calls. TLS as in net/mail_server.h: without it on loopback only.
 * imap_uid   the highest number of a server's "* SEARCH 4 7" lines (RFC 9051 section 7.3.4:
 *            ESEARCH is not asked for); 0: none                                          */
#ifndef NET_IMAP_H
#define NET_IMAP_H

#include "net/route.h"

enum { IMAP_HEADER_MAX = 256 << 10 };

struct imap_options {
	struct slice url; /* "imaps://mail.example.net", perhaps "/FOLDER"; INBOX */
	struct slice user, password;
	struct slice ca_file; /* empty: the system's certificates                     */
	const struct routes *routes;
	int64_t deadline_ms; /* of each question                                     */
};

struct imap;
MUST_CHECK struct imap *imap_new(const struct imap_options *options, struct error *err);
void imap_free(struct imap *imap); /* NULL is fine */
MUST_CHECK int imap_find(struct imap *imap, struct arena *arena,
			 struct slice message_id, struct slice *header,
			 struct error *err);
uint32_t imap_uid(struct slice lines);

#endif
