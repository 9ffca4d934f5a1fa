#include "cli/commands.h"
#include "cli/queue.h"
#include "incident/store.h"

static int answer_store(struct run *run, struct db *db, struct slice id,
			struct slice answer)
{
	struct incident incident;

	if (db_begin(db, &run->err) != 0 ||
	    incident_store_get(db, run->arena, id, &incident, &run->err) != 0)
		return -1;
	if (incident.category != CATEGORY_COMPROMISE)
		return error_set(&run->err, ERROR_REFUSED,
				 "incident '" SLICE_FMT "' has no login that worked",
				 SLICE_ARG(id));
	if (incident_store_answer(db, id, answer, &run->err) != 0 ||
	    audit_add(db, clock_now(&run->clock), "answered", id, answer, &run->err) !=
		    0)
		return -1;
	return db_commit(db, &run->err);
}

static int answer_command(struct run *run)
{
	struct workplace workplace;
	struct slice answer;
	int code = 0;

	if (run->arguments.count != 2)
		return command_usage(
			run, "'answer' needs an incident and 'ours' or 'theirs'");
	answer = run->arguments.at[1];
	if (!slice_equal(answer, S("ours")) && !slice_equal(answer, S("theirs")))
		return command_usage(run,
				     "answer 'ours' or 'theirs', not '" SLICE_FMT "'",
				     SLICE_ARG(answer));
	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	if (answer_store(run, workplace.db, run->arguments.at[0], answer) != 0)
		code = command_fail(run);
	else if (slice_equal(answer, S("ours")))
		print_text(&run->out, "Good. It is ignored from now on.\n");
	else
		print_text(
			&run->out,
			"The next 'tipoff draft' makes an urgent report of it. Change passwords "
			"and keys from\nanother machine; if the damage is great, ask your lawyer "
			"and the police first.\n");
	workplace_close(&workplace);
	return code;
}

const struct command command_answer = {
	.name = "answer",
	.arguments = "INCIDENT ours|theirs",
	.summary = "say whether a login after failures was one of yours",
	.about =
		"A login that worked after failures from the same address is a possible\n"
		"compromise. It is held until you say whose it was: 'ours' (you, or a user who\n"
		"mistyped) ignores it, 'theirs' makes an urgent report of it.",
	.needs = NEEDS_ARGUMENT,
	.run = answer_command,
};
