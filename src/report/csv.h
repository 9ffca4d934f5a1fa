/* report/csv.h - the sources of a report as RFC 4180 rows, for a desk's own tools.
 *
 * A head row, then one row per source and category, as many as a desk opens: the memo says
 * that there are more. LF line ends (the mail makes CRLF).                               */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "base/buffer.h"
#include "report/facts.h"

enum { CSV_MAX_BYTES = 1024 * 1024 };

void csv_begin(struct buffer *out);
void csv_add(struct arena *arena, const struct facts *facts, struct buffer *out);

#endif
