/* report/csv.h - all sources of a report as RFC 4180 rows, for a desk's own tools. */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "report/facts.h"

/* A head row, one row per source and category; LF line ends (the mail makes CRLF). */
struct slice csv_text(struct arena *arena, const struct report_request *request,
		      const struct facts *facts);

#endif
