/* cli/watch_parts.h - what 'watch' is made of beside its loop (for cli/watch*.c only). */
#ifndef CLI_WATCH_PARTS_H
#define CLI_WATCH_PARTS_H

#include "cli/command.h"
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

#endif
