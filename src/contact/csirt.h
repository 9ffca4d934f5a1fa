/* contact/csirt.h - the national CSIRT of the country a network is registered in.
 *
 * Rows are "CC | ADDRESS | TEAM | SOURCE; DATE"; data/csirts.txt is built in. A file of
 * the user's replaces the rows of its countries: such a table, or what FIRST's
 * teams API or Trusted Introducer's teams.json gave. Of those only teams that say to be
 * national count. A CSIRT is for a person to choose, never chosen; it is
 * added where there is no contact, or where the user asked for it.                     */
#ifndef CONTACT_CSIRT_H
#define CONTACT_CSIRT_H

#include "contact/provider.h"

extern const char csirts_shipped[];
extern const size_t csirts_shipped_bytes;

struct csirt {
	char country[2]; /* upper case */
	struct slice address, team, source;
};
struct csirts {
	struct csirt *at;
	size_t count, room;
};

/* Adds rows; text that begins with '{' or '[' is JSON. ERROR_SYNTAX, ERROR_CONFIG. */
MUST_CHECK int csirts_read(struct arena *arena, struct slice text, struct csirts *out,
			   struct error *err);
/* Adds the CSIRT of the network's country: of the first rows that name it. */
void csirts_apply(struct arena *arena, const struct csirts *csirts, int64_t now,
		  struct contact_answer *answer);

#endif
