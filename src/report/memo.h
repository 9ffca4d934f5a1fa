/* report/memo.h - the text/plain body: complete with every attachment dropped.
 *
 * Model: reference memo-sample. One source: fields, letter, lines. Several: a summary, the
 * letter, then a block per source that stands by itself. UTF-8, LF, 76 columns but for
 * evidence lines.                                                                     */
#ifndef REPORT_MEMO_H
#define REPORT_MEMO_H

#include "base/buffer.h"
#include "report/facts.h"

enum {
	MEMO_LINES_SINGLE = 10, /* evidence lines of a lone source                    */
	MEMO_LINES_EACH = 4, /* of each of several                                 */
	MEMO_BLOCKS_MAX = 30, /* sources with a block                                */
	MEMO_ROWS_MAX = 1000, /* the others get one line: a mail has to stay one     */
};

/* `facts` has one element per source of the request that is shown; of several there is a sum. */
void memo_write(struct arena *arena, const struct report_request *request,
		const struct facts *facts, struct buffer *out);

#endif
