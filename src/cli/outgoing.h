/* cli/outgoing.h - exactly what would leave, or left, about a case, for a person's eye. */
#ifndef CLI_OUTGOING_H
#define CLI_OUTGOING_H

#include "case/case.h"
#include "cli/command.h"
#include "db/db.h"

/* Every current report: its header lines, each part as it is read after decoding, the
 * evidence within parts decoded too, and the SHA-256 of the bytes.                      */
MUST_CHECK int outgoing_print(struct run *run, struct db *db, const struct kase *kase);

#endif
