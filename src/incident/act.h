/* incident/act.h - events in few bytes: what a table keeps of the lines it may show.
 *
 * An act is one event without what its owner knows: the source's prefix and the base
 * category. Rule, service, host and file are told by number, the line by its differences
 * from an earlier one (incident/line_pack.h). Nothing of it is lost but `source_name` and
 * `count`: only events without either are read back for counting. A bare stock leaves the
 * line out as well.                                                                     */
#ifndef INCIDENT_ACT_H
#define INCIDENT_ACT_H

#include "event/event.h"
#include "incident/pool.h"
#include "incident/symbol.h"

/* What all acts of a table share. */
struct stock {
	struct arena *arena; /* symbols and models */
	struct pool *pool; /* acts and lists     */
	struct symbols *texts, *origins, *targets;
	struct line_model **models; /* by number of origin                        */
	size_t model_count, model_room;
	struct {
		uint32_t service, rule, host, file;
	} last; /* symbols_get_again()                          */
	bool bare; /* acts are kept without their lines         */
	uint8_t *draft; /* an act while it is written                   */
	size_t draft_room;
};

void stock_init(struct stock *stock);
void stock_clear(struct stock *stock);
void stock_forget(struct stock *stock); /* empty again */

struct act {
	struct act *older;
	uint8_t bytes[]; /* varint of how many follow, then they */
};

/* `bits` of event->source are known to the owner. */
struct act *act_new(struct stock *stock, const struct event *event, unsigned bits);
void act_give(struct stock *stock, struct act *act);
/* Texts in `arena`. */
void act_read(const struct stock *stock, const struct act *act,
	      const struct address *prefix, unsigned bits, struct arena *arena,
	      struct event *out);

#endif
