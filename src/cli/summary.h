/* cli/summary.h - what draft and detect say about a pass. */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "cli/command.h"
#include "pipeline/draft.h"
#include "pipeline/pass.h"

/* The logs a command reads: its arguments, else [logs] files, else this machine's. */
void files_find(struct run *run, struct input_files *files);
void files_find_named(struct run *run, const struct slices *names,
		      struct input_files *files);
/* Notes on standard error, one per log that could not be read or only in part. */
void problems_print(struct run *run, const struct input_files *files);
/* EX_NOINPUT or EX_DATAERR where a named log failed, else 0. */
int problems_exit(const struct run *run, const struct input_files *files);

/* Possible compromise without an answer: the owner is told first. */
bool is_alarm(const struct drafted_incident *one);
void alarm_print(struct run *run, const struct draft_result *result);
void summary_print(struct run *run, const struct pass_counts *counts,
		   const struct draft_result *result);
void incidents_print(struct run *run, const struct draft_result *result);
/* The same for detect, which knows no contacts and no cases; judges them too. */
void detected_print(struct run *run, struct incident_table *incidents);
/* Doors that very many sources came to. */
enum { CROWDS_SHOWN = 5, CROWD_MIN = 50 };
void detected_crowds(struct run *run, const struct incident_table *incidents);
void detected_summary(struct run *run, const struct pass_counts *counts,
		      size_t incidents);
/* "214 failed SSH logins" and the like, for tables. */
struct slice incident_words(struct arena *arena, const struct incident *incident);
MUST_CHECK int memos_print(struct run *run, struct db *db,
			   const struct draft_result *result);
/* What to do next, and "Nothing was sent." */
void hints_print(struct run *run, const struct input_files *files,
		 const struct pass_counts *counts, const struct draft_result *result);
MUST_CHECK int case_print_json(struct run *run, struct db *db, const struct kase *kase);

#endif
