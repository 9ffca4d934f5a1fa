/* proxy/answer.h - what a client is sent: registry text made safe, and lines about it.
 *
 * Clients print what they get, so nothing that steers a terminal passes: text is UTF-8,
 * controls and what hides or turns text stand escaped, lines end in CR LF. Lines of the
 * proxy's own begin with '%', which clients of registries take for a remark.            */
#ifndef PROXY_ANSWER_H
#define PROXY_ANSWER_H

#include "base/buffer.h"
#include "contact/whois.h"
#include "proxy/cache.h"

enum {
	ANSWER_MAX_BYTES = 4 * 1024 * 1024, /* all servers together, escaped  */
	HEAD_MAX = 1024,
};

/* Each server's text behind a line with its name. */
void answer_text_write(struct buffer *out, struct arena *arena,
		       const struct whois_parts *parts);
/* "whois.iana.org, whois.ripe.net" */
struct slice answer_servers(struct arena *arena, const struct whois_parts *parts);

enum answer_source { FROM_CACHE, FROM_SERVERS, FROM_STALE };
/* "% cache: hit; age 180 s; servers whois.ripe.net", as it fits into `head`; its length.
 * `problem` says why it is stale. `asked`: what it was asked for, where that is not what
 * was asked now.                                                                       */
struct answer_head {
	enum answer_source source;
	int64_t age_us;
	struct slice asked, problem;
};
size_t answer_head_write(char head[HEAD_MAX], const struct cache_answer *answer,
			 const struct answer_head *about);
/* "% tipoff: TEXT", escaped; its length. */
size_t answer_remark_write(char head[HEAD_MAX], const char *text);

#endif
