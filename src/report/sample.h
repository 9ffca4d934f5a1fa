/* report/sample.h - made-up attacks, to see what a letter about them looks like.
 *
 * Documentation addresses and names only. `count` sources of one category, or of different
 * ones where it is CATEGORY_COUNT. Everything lives in the arena.                        */
#ifndef REPORT_SAMPLE_H
#define REPORT_SAMPLE_H

#include "report/report.h"

void report_sample(struct arena *arena, enum category category, size_t count,
		   struct report_request *out);

#endif
