/* cli/watch_parts.h - what 'watch' is made of beside its loop (for cli/watch*.c only). */
#ifndef CLI_WATCH_PARTS_H
#define CLI_WATCH_PARTS_H

#include "cli/command.h"
#include "db/db.h"
#include "os/loop.h"
#include "pipeline/watch.h"

/* The configuration with the command line's own words over it; run->settings stays
 * untouched on failure.                                                                 */
MUST_CHECK int watch_settings_read(struct run *run, struct error *err);

/* Drafts made every so often by a 'tipoff draft' of its own, which reads no log: looking
 * up contacts takes time, and logs do not wait.                                        */
struct watch_drafts;
struct watch_drafts *watch_drafts_new(struct loop *loop);
void watch_drafts_free(struct watch_drafts *drafts); /* waits for one that runs */
/* From now on, as the settings say; an interval that has begun goes on.                */
void watch_drafts_start(struct watch_drafts *drafts, struct run *run);

/* What comes by no file: syslog messages, and standard input. All of it goes through a
 * spool beside the store, which is followed like any other log.                         */
struct watch_intake_options {
	struct loop *loop;
	struct slice store; /* its path                                           */
	bool takes_input; /* standard input is one of the logs                     */
	void (*came)(void *context);
	void (*input_ended)(void *context);
	void (*trouble)(void *context, struct slice text);
	void *context;
};
struct watch_intake;
/* The places are those of the settings and of --syslog. */
MUST_CHECK struct watch_intake *watch_intake_open(
	const struct watch_intake_options *options, struct run *run, struct error *err);
void watch_intake_free(struct watch_intake *intake); /* NULL is fine */
const char *watch_intake_folder(const struct watch_intake *intake); /* NULL: none */
MUST_CHECK int watch_intake_clean(struct watch_intake *intake, struct db *db,
				  struct error *err);
/* Messages that were not taken: too long, cut off, from nobody who may send. */
uint64_t watch_intake_refused(const struct watch_intake *intake);

/* A journal ("system" or a folder) as a source of the watch; NULL and err. */
struct watch_journal;
struct watch_journal *watch_journal_open(struct run *run, const char *place,
					 struct loop *loop, struct watch *watch,
					 struct error *err);
void watch_journal_free(struct watch_journal *journal); /* NULL is fine */

#endif
