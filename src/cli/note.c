#include "cli/commands.h"
#include "cli/queue.h"

static const struct option OPTIONS[] = {
	{ "tag", 0, OPTION_TEXT, "TAG",
	  "how the desk calls the case in its subjects; empty takes it back" },
	{ "answered", 0, OPTION_FLAG, NULL,
	  "the desk answered, now; by telephone, say" },
	{ NULL, 0, OPTION_FLAG, NULL, NULL },
};

static int tag_write(struct run *run, struct db *db, const struct kase *kase)
{
	struct slice tag = run_text(run, "tag");

	if (!run_given(run, "tag"))
		return 0;
	if (case_store_tag(db, slice_of(kase->id), tag, &run->err) != 0)
		return -1;
	return audit_add(db, clock_now(&run->clock), "tag", slice_of(kase->id), tag,
			 &run->err);
}

static int answered_write(struct run *run, struct db *db, const struct kase *kase)
{
	int64_t now = clock_now(&run->clock);

	if (!run_flag(run, "answered"))
		return 0;
	if (case_store_answer(db, slice_of(kase->id), now, S(""), &run->err) != 0)
		return -1;
	return audit_add(db, now, "desk answered", slice_of(kase->id), S(""),
			 &run->err);
}

static int note_write(struct run *run, struct db *db, const struct kase *kase)
{
	if (run->arguments.count < 2)
		return 0;
	return audit_add(db, clock_now(&run->clock), "note", slice_of(kase->id),
			 run->arguments.at[1], &run->err);
}

static int note_command(struct run *run)
{
	struct workplace workplace;
	struct kase kase;
	int code = 0;

	if (run->arguments.count != 2 &&
	    !(run->arguments.count == 1 &&
	      (run_given(run, "tag") || run_flag(run, "answered"))))
		return command_usage(run, "'note' needs a case and one text in quotes, "
					  "--tag or --answered");
	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return command_fail(run);
	if (db_begin(workplace.db, &run->err) != 0 ||
	    case_store_get(workplace.db, run->arena, run->arguments.at[0], &kase,
			   &run->err) != 0 ||
	    tag_write(run, workplace.db, &kase) != 0 ||
	    answered_write(run, workplace.db, &kase) != 0 ||
	    note_write(run, workplace.db, &kase) != 0 ||
	    db_commit(workplace.db, &run->err) != 0)
		code = command_fail(run);
	else
		print_text(&run->out, "Noted on case %s.\n", kase.id);
	workplace_close(&workplace);
	return code;
}

const struct command command_note = {
	.name = "note",
	.arguments = "CASE [TEXT]",
	.summary = "write a note into a case's record",
	.about =
		"Adds a note to the record of a case, which 'tipoff show' prints: who rang, what\n"
		"they said. Notes never leave this machine. A desk finds its ticket by its own\n"
		"tag in the subject, such as [isp.example #1234]: with --tag it stands in the\n"
		"subject of what follows about the same sources. With --answered that says that\n"
		"you were answered; an answer by mail is handed in by 'tipoff replies'.",
	.options = OPTIONS,
	.needs = NEEDS_ARGUMENT,
	.run = note_command,
};
