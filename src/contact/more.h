/* contact/more.h - readers of what stands beside the registries; each takes a whole
 * untrusted text and finds less where it is odd.                                       */
#ifndef CONTACT_MORE_H
#define CONTACT_MORE_H

#include "contact/contact.h"

/* data.abuse_contacts[] of RIPEstat's abuse-contact-finder. */
void ripestat_read(struct arena *arena, struct slice json, struct slices *out);
/* The mail addresses of Contact lines, unless the file has expired (RFC 9116 section
 * 2.5.3 and 2.5.5). Not cleaned.                                                        */
void security_txt_read(struct arena *arena, struct slice text, int64_t now,
		       struct slices *out);
/* "64500 64501 | 203.0.113.0/24 | NL | ripencc | 2007-01-01": the AS numbers, where the
 * prefix holds `about`; each once.                                                      */
void origin_text_read(struct arena *arena, struct slice text,
		      const struct address *about, struct origins *out);

#endif
