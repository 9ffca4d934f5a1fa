/* net/smtp.h - one message to a submission server (RFC 6409), by curl.
 *
 * TLS is required: implicit for smtps://, STARTTLS for smtp://, with a certificate that
 * fits the URL's host. Plain text is let pass on loopback only: a `to` there, or a URL
 * that names it. `to` pins the connection (its family 0: the host is resolved).
 *
 * before_end is called when the server took every byte of the message but not yet its end:
 * what stands after it may have been delivered, what stands before it was not. It may
 * refuse (-1), and then the message is not ended.
 *
 * smtp_send  0 and *out: what became of it. -1 and err: ERROR_CONFIG for a URL that is
 *            none; nothing was sent.
 * Recipients and sender must be plain addresses: anything but atoms, dots and one @ is an
 * assertion, because curl would pass it on (a '>' injects parameters).                   */
#ifndef NET_SMTP_H
#define NET_SMTP_H

#include "net/route.h"

struct smtp_request {
	struct slice url; /* "smtp://host:587", "smtps://host"              */
	struct slice user, password; /* empty: no authentication                     */
	struct slice ca_file; /* empty: the system's certificates               */
	const struct routes *routes; /* the user's own rows                          */
	struct slice sender; /* MAIL FROM                                        */
	struct slices recipients;
	struct slice message; /* CRLF line ends                                   */
	int64_t deadline_ms;
	int (*before_end)(void *context);
	void *context;
};

enum smtp_outcome {
	SMTP_TAKEN, /* 2xx after the end                                           */
	SMTP_LATER, /* 4xx, or never connected: nothing was delivered              */
	SMTP_REFUSED, /* 5xx, or a rule of ours (no TLS): nothing was delivered      */
	SMTP_UNKNOWN, /* the end was sent and no answer came                       */
	SMTP_HELD, /* before_end refused: nothing was delivered                    */
};
struct smtp_answer {
	enum smtp_outcome outcome;
	bool is_mailbox; /* refused because of a recipient                           */
	struct slice words; /* the server's last line, or curl's; untrusted          */
};

/* A host[:port] behind "smtp://" or "smtps://" and nothing more; ERROR_CONFIG. */
MUST_CHECK int smtp_url_check(struct slice url, struct error *err);
bool smtp_address_plain(struct slice address);
MUST_CHECK int smtp_send(struct arena *arena, const struct smtp_request *request,
			 struct smtp_answer *out, struct error *err);

#endif
