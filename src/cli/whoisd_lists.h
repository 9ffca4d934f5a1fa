/* cli/whoisd_lists.h - IANA's lists of RDAP servers, while the WHOIS proxy runs on.
 *
 * Every so often, and whenever it is told to, it looks whether the lists that are used
 * were replaced, by whatever tipoff, and has the proxy read them again; where they are no
 * longer fresh a 'tipoff registry update --due' of its own fetches them, because nobody
 * who asks shall wait for IANA. A folder of the user's own is read again, never fetched. */
#ifndef CLI_WHOISD_LISTS_H
#define CLI_WHOISD_LISTS_H

#include "cli/command.h"
#include "os/loop.h"
#include "proxy/desk.h"

struct whoisd_lists;
/* The lists to begin with: run->settings.bootstrap then names them. Before the desk. */
struct whoisd_lists *whoisd_lists_new(struct loop *loop, struct run *run);
void whoisd_lists_start(struct whoisd_lists *lists, struct desk *desk);
void whoisd_lists_look(void *context); /* a struct whoisd_lists: now */
void whoisd_lists_free(
	struct whoisd_lists *lists); /* NULL is fine; ends what it started */

#endif
