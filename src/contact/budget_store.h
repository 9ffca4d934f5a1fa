/* contact/budget_store.h - budgets and refusals as rows (for contact/budget.c only). */
#ifndef CONTACT_BUDGET_STORE_H
#define CONTACT_BUDGET_STORE_H

#include "db/db.h"

struct lot_wish {
	struct slice name; /* of the budget                             */
	int64_t questions, period_us;
	int64_t size; /* so many, or what there is                 */
	int64_t life_us; /* within which they will be asked           */
	int64_t now;
};
struct lot {
	int64_t id;
	int64_t taken; /* 0: the budget is used up until `at`       */
	int64_t until;
	int64_t at;
};
/* In a transaction of its own, as all of these are. */
MUST_CHECK int lot_take(struct db *db, const struct lot_wish *wish, struct lot *out,
			struct error *err);
/* Only `used` of it were asked, the last one then. */
MUST_CHECK int lot_return(struct db *db, int64_t id, int64_t used, int64_t last_used,
			  struct error *err);

struct back_off {
	int64_t refused_at, until;
	int64_t times; /* in a row; 0: it did not refuse            */
	struct slice words;
};
MUST_CHECK int back_off_read(struct db *db, struct arena *arena, struct slice host,
			     struct back_off *out, struct error *err);
MUST_CHECK int back_off_keep(struct db *db, struct slice host,
			     const struct back_off *back_off, struct error *err);
MUST_CHECK int back_off_forget(struct db *db, struct slice host, struct error *err);

#endif
