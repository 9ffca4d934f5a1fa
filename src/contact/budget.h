/* contact/budget.h - how often each server may be asked, and when it must be left alone.
 *
 * One set of budgets for everybody on one store: every command, `watch`, `whoisd`. Which
 * server has which budget stands in data/budgets.txt; [look-up] budgets overrides it.
 * Questions are taken in small lots, each committed before its first question is asked:
 * a killed process wastes the rest of its lot, and no span of a budget's period sees more
 * than the budget. At most so many connections to a server are open at once, in all
 * processes together; those of a dead one are free again. A server that refused is left
 * alone until then, by everybody, longer each time.
 *
 *   switch (budgets_take(budgets, host, &turn)) {
 *   case TURN_NOW:      ask, then budgets_end() once the connection is closed, then
 *                       budgets_answered() or, by what it said, budgets_refused()
 *   case TURN_LATER:    take again in turn.wait_ms, or once one of yours has ended
 *   case TURN_BACK_OFF: it refused; do not ask before turn.at
 *   }
 *
 * Nothing here waits but for the store's lock. Times are real whatever --now says, for
 * servers count in real time; they go through base/clock. Hosts are names, any case, a
 * trailing dot allowed; a port or URL does not belong there. Not between db_begin() and
 * db_commit(). A store that cannot be written is no failure: this process then keeps to
 * the budgets alone, and budgets_problem() says so.                                     */
#ifndef CONTACT_BUDGET_H
#define CONTACT_BUDGET_H

#include "db/db.h"

struct budgets;

struct budgets_options {
	struct db *db; /* NULL: this process keeps to the budgets alone */
	const struct slices *rows; /* [look-up] budgets; borrowed; NULL: none      */
	const struct clock *clock; /* NULL: the real time; tests move another      */
};
/* ERROR_CONFIG: a row of the user's is none. */
MUST_CHECK struct budgets *budgets_new(const struct budgets_options *options,
				       struct error *err);
/* Gives back what is left of lots. NULL is fine. Before the db is closed. */
void budgets_free(struct budgets *budgets);

enum turn_state { TURN_NOW, TURN_LATER, TURN_BACK_OFF };
struct turn {
	enum turn_state state;
	int64_t at; /* when it may be asked; 0: as soon as a connection is free */
	int64_t wait_ms; /* for a timer: until then; 0 for TURN_NOW                  */
	/* Why not now, in words, until the next call: "it refused ...". Holds the server's
	 * own words: escape before printing. */
	struct slice why;
};
/* The state is returned as well. */
enum turn_state budgets_take(struct budgets *budgets, struct slice host,
			     struct turn *out);
/* The connection is closed, whatever came of it. */
void budgets_end(struct budgets *budgets, struct slice host);

/* It answered, be it "not found": earlier refusals count no more. */
void budgets_answered(struct budgets *budgets, struct slice host);
/* It said that we ask too often, or may not; returns until when it is left alone: `retry_after_us` 0 where it did not say how
 * long (then minutes, four times as long with each refusal, up to a day); `words` are its
 * own, valid UTF-8. Being out of reach is no refusal.                                   */
int64_t budgets_refused(struct budgets *budgets, struct slice host,
			int64_t retry_after_us, struct slice words);

/* Why the store does not hold them; empty where it does. */
struct slice budgets_problem(const struct budgets *budgets);

#endif
