/* cli/contact_upstream.h - who stands above a network: for a person to choose. */
#ifndef CLI_CONTACT_UPSTREAM_H
#define CLI_CONTACT_UPSTREAM_H

#include "cli/finder.h"

/* Adds, with --upstream, the contacts of the networks that announce the address; with
 * --path those of the last network before it. -1: --path is not allowed or cannot run.  */
MUST_CHECK int contact_upstream_add(struct run *run, struct finder *finder,
				    struct contact_answer *answer);

#endif
