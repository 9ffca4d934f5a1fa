/* net/dns.h - addresses of names, names of addresses, TXT and MX, over the loop.
 *
 * c-ares asks the system's resolvers or the one given (never /etc/hosts, no search list);
 * with a hosts table nothing is ever asked of the DNS. Each question ends after
 * DNS_DEADLINE_MS. Answers are untrusted: names that are no host names are dropped, at
 * most DNS_ANSWERS_MAX names and addresses are kept, nothing is checked against anything
 * (forward confirmation is the caller's).
 *
 * `answered` is called once per question, perhaps before the call returns, at the latest
 * by dns_free(). What the answer points to is borrowed for that call only.              */
#ifndef NET_DNS_H
#define NET_DNS_H

#include "net/hosts.h"
#include "os/loop.h"

enum { DNS_DEADLINE_MS = 2000, DNS_ANSWERS_MAX = 10, DNS_TEXT_MAX = 1024 };

struct dns;

enum dns_outcome {
	DNS_FOUND,
	DNS_ABSENT, /* asked, and there is none                */
	DNS_FAILED, /* no answer in time, refused, broken      */
};
struct dns_answer {
	enum dns_outcome outcome;
	struct addresses addresses;
	struct slices names; /* lower case, without the final dot       */
	struct slices texts; /* TXT records, each in one piece          */
	bool no_mail; /* a null MX (RFC 7505)                    */
	const char *problem; /* in words; NULL unless DNS_FAILED        */
};
typedef void dns_answered(void *context, const struct dns_answer *answer);

/* `server` is "address:port" or "[address]:port" (ERROR_CONFIG else), empty for the
 * system's; `hosts` may be NULL and must outlive the result.                            */
MUST_CHECK struct dns *dns_new(struct loop *loop, struct slice server,
			       const struct hosts *hosts, struct error *err);
void dns_free(struct dns *dns); /* NULL is fine */
void dns_addresses(struct dns *dns, struct slice name, dns_answered *answered,
		   void *context);
void dns_names(struct dns *dns, const struct address *address, dns_answered *answered,
	       void *context);
/* TXT records; and the names of the mail servers, the most preferred first. Of a hosts
 * table these fail: it has none.                                                       */
void dns_texts(struct dns *dns, struct slice name, dns_answered *answered,
	       void *context);
void dns_exchanges(struct dns *dns, struct slice name, dns_answered *answered,
		   void *context);

/* The names in a reply to a PTR question, as above; for dns_names() and its tests. */
void dns_pointers_read(struct arena *arena, struct slice packet, struct slices *out);
/* The same for TXT (at most DNS_TEXT_MAX bytes each) and MX. */
void dns_texts_read(struct arena *arena, struct slice packet, struct slices *out);
void dns_exchanges_read(struct arena *arena, struct slice packet, struct slices *out,
			bool *no_mail);

#endif
