/* pipeline/database.h - fail2ban's database, read like a log.
 *
 * It has no position that stays: rows are purged, their numbers come again and the file's
 * first bytes change with every write. So each row is known again by what it says (jail,
 * address, time of the ban), in the transaction that counts it; a copy adds nothing.    */
#ifndef PIPELINE_DATABASE_H
#define PIPELINE_DATABASE_H

#include "pipeline/pass.h"

/* Whether a file is a SQLite database; nothing else is looked at. */
bool database_is_one(const char *path);
/* What it cannot read becomes a problem; -1 only where the store fails. */
MUST_CHECK int database_read(const struct pass *pass, struct arena *arena,
			     const struct input_file *file,
			     struct input_problems *problems,
			     struct pass_counts *counts, struct error *err);

#endif
