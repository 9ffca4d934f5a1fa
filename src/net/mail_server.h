/* net/mail_server.h - a mail server as the user names it, and how curl gets there; private
 * to smtp and imap.
 *
 * URLs are "SCHEME://HOST[:PORT][/FOLDER]". TLS is required: implicit for the scheme that
 * ends in s, STARTTLS for the other, with a certificate that fits the URL's host. Plain
 * text is let pass on loopback only: a row of `routes` to there, or a URL that names it. */
#ifndef NET_MAIL_SERVER_H
#define NET_MAIL_SERVER_H

#include "net/route.h"

#include <curl/curl.h>

struct mail_scheme {
	const char *plain, *tls; /* "imap", "imaps"                                  */
	uint16_t port, tls_port;
	bool has_folder; /* the URL may end in one                           */
	const char *otherwise; /* the error behind the URL in quotes               */
};

struct mail_server {
	const struct mail_scheme *scheme;
	bool tls;
	struct slice host;
	uint16_t port;
	struct slice folder; /* printable ASCII; may be empty                    */
};

MUST_CHECK int mail_server_parse(const struct mail_scheme *scheme, struct slice url,
				 struct mail_server *out, struct error *err);

/* Everything of `easy` but the URL; what is returned has to live as long as `easy` is used
 * and is freed by curl_slist_free_all().                                                 */
struct curl_slist *mail_server_set(CURL *easy, const struct mail_server *server,
				   const struct routes *routes, struct slice ca_file);
void mail_server_text(CURL *easy, CURLoption option, struct slice text);
/* The codes of what is ours or the user's to mend, not the other side's for today. */
bool mail_server_is_ours(CURLcode code);

#endif
