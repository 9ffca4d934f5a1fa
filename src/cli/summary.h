/* cli/summary.h - what draft and detect say about a pass. */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "cli/command.h"
#include "pipeline/draft.h"
#include "pipeline/mails.h"
#include "pipeline/pass.h"

/* The logs a command reads: its arguments, else [logs] files, else this machine's. */
void files_find(struct run *run, struct input_files *files);
void files_find_named(struct run *run, const struct slices *names,
		      struct input_files *files);
/* Notes on standard error, one per log that could not be read or only in part. */
void problems_print(struct run *run, const struct input_files *files);
/* EX_NOINPUT or EX_DATAERR where a named log failed, else 0. */
int problems_exit(const struct run *run, const struct input_files *files);

/* What a draft has to say of its incidents, each read again in turn: there may be very
 * many, and a table has to know its widths before its first row.                        */
struct drafted {
	struct run *run;
	const struct draft_result *result;
	struct arena *arena; /* of one incident                        */
	struct table table;
	struct incident_roll shown; /* in the order of the table               */
	struct source_counts sources;
	bool alarm; /* possible compromise without an answer   */
	const struct mails_result *mails; /* handed in; NULL: none            */
};
MUST_CHECK int drafted_measure(struct drafted *drafted);
void drafted_clear(struct drafted *drafted);
/* Possible compromise: the owner is told first. */
MUST_CHECK int alarm_print(struct drafted *drafted);
void summary_print(const struct drafted *drafted, const struct pass_counts *counts);
MUST_CHECK int incidents_print(struct drafted *drafted);
/* The same for detect, which knows no contacts and no cases; judges them too. */
void detected_print(struct run *run, struct incident_table *incidents);
/* Doors that very many sources came to. */
enum { CROWDS_SHOWN = 5, CROWD_MIN = 50 };
void detected_crowds(struct run *run, const struct incident_table *incidents);
void detected_summary(struct run *run, const struct pass_counts *counts,
		      size_t incidents);
/* "214 failed SSH logins" and the like, for tables. */
struct slice incident_words(struct arena *arena, const struct incident *incident);
MUST_CHECK int memos_print(struct run *run, struct db *db, const struct kases *kases);
/* What to do next, and "Nothing was sent." */
void hints_print(struct run *run, const struct input_files *files,
		 const struct pass_counts *counts, const struct draft_result *result);
MUST_CHECK int case_print_json(struct run *run, struct db *db, const struct kase *kase);

#endif
