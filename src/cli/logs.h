/* cli/logs.h - what a command that reads logs reads: files, jails' logs, the journal.
 *
 * logs_pass  reads with `pass` the logs and the journal that the command names. Without
 *            names: those of the jails, each log by its own jails only; or where no jails
 *            are wanted those of the configuration or of this machine, and its journal
 *            where syslog writes no file.
 * logs_journal  the journal that is meant: --journal, else [watch] journal where logs are
 *            not named, else "system" where it is the only one to tell; or nothing.      */
#ifndef CLI_LOGS_H
#define CLI_LOGS_H

#include "cli/workplace.h"
#include "input/journal.h"
#include "pipeline/pass.h"

MUST_CHECK int logs_pass(struct run *run, struct workplace *workplace,
			 struct pass *pass, struct input_files *files,
			 struct pass_counts *counts, struct error *err);

/* `files` are those found without names. */
struct slice logs_journal(struct run *run, const struct input_files *files);
/* From where on a journal is read that was not read before; 0: from its oldest entry.
 * What is older in this machine's would be held anyway; a folder was named.             */
int64_t logs_journal_since(const struct run *run, const char *place);

/* The row of options that commands with a journal have. */
#define JOURNAL_OPTION                                                      \
	{                                                                   \
		"journal", 0, OPTION_TEXT, "PLACE",                         \
			"read the journal: system, or a folder of journal " \
			"files"                                             \
	}

#endif
