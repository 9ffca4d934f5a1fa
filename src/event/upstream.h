/* event/upstream.h - what fail2ban's own filters mean: the table rules/upstream.conf.
 *
 * One section per filter, by its name, with the keys of [Report] (event/rule_report.h).
 * It serves rule files that have no [Report] of their own.                             */
#ifndef EVENT_UPSTREAM_H
#define EVENT_UPSTREAM_H

#include "base/arena.h"
#include "base/error.h"
#include "event/rule_report.h"

struct upstream_row {
	struct rule_report report; /* name is the filter's, path the table's */
	struct rule_marks marks;
};

struct upstream {
	struct upstream_row *at;
	size_t count, room;
};

/* The whole table; slices live in `arena`. Any bad row is ERROR_SYNTAX with its place. */
MUST_CHECK int upstream_read(struct arena *arena, struct slice path,
			     struct upstream *out, struct error *err);
/* `name` as in struct filter; NULL where the table has no row. */
const struct upstream_row *upstream_find(const struct upstream *upstream,
					 struct slice name);

#endif
