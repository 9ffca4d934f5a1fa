/* pipeline/copy.h - the mails of a case for the reporter's own eyes: nothing of a case or
 * of the outbox changes, only the record of who did what.
 *
 * copy_read    the current reports of the case, drafts composed as approval would, approved
 *              ones as their exact bytes.
 * copy_to_me   each to the reporter's own address and nobody else's, with a Message-ID of
 *              its own and "[draft for you]" in front of the subject.
 * copy_write   each as FOLDER/TOKEN-PART.eml, mode 0600; `paths` tells where.             */
#ifndef PIPELINE_COPY_H
#define PIPELINE_COPY_H

#include "case/case.h"
#include "conf/settings.h"
#include "delivery/handover.h"
#include "report/store.h"

struct copy {
	const struct settings *settings;
	const struct clock *clock;
	struct db *db;
	struct slice part; /* a source; empty: every report                         */
};

MUST_CHECK int copy_read(const struct copy *copy, struct arena *arena, struct slice id,
			 struct stored_reports *out, struct error *err);
MUST_CHECK int copy_to_me(const struct copy *copy, struct arena *arena,
			  const struct stored_report *report, struct handover_end *out,
			  struct error *err);
MUST_CHECK int copy_write(const struct copy *copy, struct arena *arena,
			  const struct stored_report *report, struct slice folder,
			  struct slice *path, struct error *err);

#endif
