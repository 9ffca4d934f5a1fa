/* contact/budget_table.h - which budget a server has: the shipped table, and the user's
 * own rows over it.
 *
 * A row is "NAME QUESTIONS PERIOD [AT-ONCE [BACK-OFF [HOST...]]] [# source; date]", times
 * as "2s", "1m", "24h". A row of the user's changes the one of that name; a name that is
 * no row's is a host, which then has a budget of its own; "*" changes all of them. */
#ifndef CONTACT_BUDGET_TABLE_H
#define CONTACT_BUDGET_TABLE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"

struct budget_row {
	struct slice name;
	int64_t questions; /* in any span of */
	int64_t period_us;
	int64_t at_once; /* connections                                     */
	int64_t back_off_us; /* after a first refusal that does not say how long */
	struct slices hosts; /* lower case; "*": every other                    */
};
struct budget_rows {
	struct budget_row *at;
	size_t count, room;
};

extern const char budgets_shipped[];
extern const size_t budgets_shipped_bytes;

/* ERROR_CONFIG names the row of the user's that is none. Slices of both are borrowed. */
MUST_CHECK int budget_rows_read(struct arena *arena, const struct slices *own,
				struct budget_rows *out, struct error *err);
/* `host` in lower case; never NULL. */
const struct budget_row *budget_row_of_host(const struct budget_rows *rows,
					    struct slice host);

#endif
