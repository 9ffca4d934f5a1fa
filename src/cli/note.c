#include "cli/commands.h"
#include "cli/queue.h"

static int note_command(struct run *run)
{
	struct workplace workplace;
	struct kase kase;
	int code = 0;

	if (run->arguments.count != 2)
		return command_usage(run, "'note' needs a case and one text in quotes");
	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	if (db_begin(workplace.db, &run->err) != 0 ||
	    case_store_get(workplace.db, run->arena, run->arguments.at[0], &kase,
			   &run->err) != 0 ||
	    audit_add(workplace.db, clock_now(&run->clock), "note", slice_of(kase.id),
		      run->arguments.at[1], &run->err) != 0 ||
	    db_commit(workplace.db, &run->err) != 0)
		code = command_fail(run);
	else
		print_text(&run->out, "Noted on case %s.\n", kase.id);
	workplace_close(&workplace);
	return code;
}

const struct command command_note = {
	.name = "note",
	.arguments = "CASE TEXT",
	.summary = "write a note into a case's record",
	.about =
		"Adds a note to the record of a case, which 'tipoff show' prints: who rang, what\n"
		"they said. Notes never leave this machine.",
	.needs = NEEDS_ARGUMENT,
	.run = note_command,
};
