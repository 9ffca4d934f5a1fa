/* pipeline/mails.h - mails that the user received and hands in become incidents.
 *
 * Names are files of one mail each, as it was received (RFC 5322; an mbox of one mail as
 * well), maildirs, or "-". Each mail is asked for its true last hop (mail/origin.h) and
 * counted as one act of it, in a transaction with its header block; a mail that was handed
 * in before counts no more. A mail that names nobody is held: it is in `problems` with the
 * reason, and nothing of it is stored. An mbox of several is held as a whole: a line within
 * a mail can look like the beginning of the next one, and would then choose who is named.
 * -1 only where the store fails or the configuration does.                              */
#ifndef PIPELINE_MAILS_H
#define PIPELINE_MAILS_H

#include "base/clock.h"
#include "incident/mail.h"
#include "incident/table.h"

struct mails {
	const struct settings *settings;
	const struct own_side *own;
	struct db *db;
	struct incident_table *table; /* of this store, empty between calls          */
	enum mail_kind kind;
};

struct mail_problem {
	struct slice path;
	struct slice reason;
	bool is_unread; /* the file could not be read; else the mail is held      */
};
struct mails_result {
	uint64_t read, taken, known;
	struct {
		struct mail_problem *at;
		size_t count, room;
	} problems;
};

MUST_CHECK int mails_take(const struct mails *mails, struct arena *arena,
			  const struct slices *names, struct mails_result *out,
			  struct error *err);

#endif
