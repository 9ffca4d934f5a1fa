#include "cli/commands.h"
#include "cli/queue.h"
#include "delivery/store.h"

static const struct option OPTIONS[] = {
	{ "reason", 'r', OPTION_TEXT, "TEXT", "why, in your words" },
	{ "reopen", 0, OPTION_FLAG, NULL, "open a closed case again" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static int case_close(struct run *run, struct db *db, const struct kase *kase)
{
	bool reopen = run_flag(run, "reopen");
	struct slice reason = run_text(run, "reason");
	int64_t now = clock_now(&run->clock);
	struct case_change change = { slice_of(kase->id), kase->state,
				      reopen ? CASE_OPEN : CASE_CLOSED, reason, now };
	bool left = false, to_fill = false;

	if (reopen != (kase->state == CASE_CLOSED))
		return error_set(&run->err, ERROR_REFUSED, "case %s is %s", kase->id,
				 case_state_name(kase->state));
	if (outbox_case_left(db, change.id, &left, &to_fill, &run->err) != 0)
		return -1;
	if (!reopen && to_fill)
		return error_set(
			&run->err, ERROR_REFUSED,
			"a form of case %s is yours to fill in: 'tipoff told %s' says "
			"that it was done, with --take-back that it was not",
			kase->id, kase->id);
	if (reopen && left)
		return error_set(
			&run->err, ERROR_REFUSED,
			"a report of case %s was sent: what the same sources do "
			"next makes a new case",
			kase->id);
	if (case_store_state(db, &change, &run->err) != 0)
		return -1;
	print_text(&run->out, "Case %s is %s.\n", kase->id,
		   reopen ? "open again" : "closed");
	return audit_add(db, now, reopen ? "reopened" : "closed", slice_of(kase->id),
			 reason, &run->err);
}

static int close_command(struct run *run)
{
	return cases_each(run, case_close);
}

const struct command command_close = {
	.name = "close",
	.arguments = "CASE...",
	.summary = "close cases: they are not sent and not drafted again",
	.about =
		"Closes cases. Their incidents stay in the store and are not drafted again;\n"
		"what the same sources do in a later window makes a new case.",
	.options = OPTIONS,
	.needs = NEEDS_ARGUMENT,
	.run = close_command,
};
