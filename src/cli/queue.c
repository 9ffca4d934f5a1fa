#include "cli/queue.h"

typedef int case_act(struct run *run, struct db *db, const struct kase *kase);

static int act_read(struct run *run, struct db *db, struct slice id, case_act *act)
{
	struct kase kase;

	if (case_store_get(db, run->arena, id, &kase, &run->err) != 0)
		return -1;
	return act(run, db, &kase);
}

static int act_write(struct run *run, struct db *db, struct slice id, case_act *act)
{
	if (db_begin(db, &run->err) != 0)
		return -1;
	if (act_read(run, db, id, act) != 0 || db_commit(db, &run->err) != 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

static int each(struct run *run, case_act *act,
		int (*apply)(struct run *run, struct db *db, struct slice id,
			     case_act *act))
{
	struct workplace workplace;
	int code = 0;

	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	for (size_t i = 0; code == 0 && i < run->arguments.count; i++)
		if (apply(run, workplace.db, run->arguments.at[i], act) != 0)
			code = command_fail(run);
	workplace_close(&workplace);
	return code;
}

int cases_each(struct run *run, case_act *act)
{
	return each(run, act, act_write);
}

int cases_read(struct run *run, case_act *act)
{
	return each(run, act, act_read);
}
