/* report/template_check.h - may a changed template be used?
 *
 * template_check   ERROR_SYNTAX with "FILE:LINE: ..." for a name that means nothing there
 *                  ("did you mean ..."), for words that lack a part, for a subject without
 *                  its token, and for a letter about sample attacks (of every category, of
 *                  one and of three sources) in which the lint finds something, with what
 *                  it finds. Needs nothing but the file.                             */
#ifndef REPORT_TEMPLATE_CHECK_H
#define REPORT_TEMPLATE_CHECK_H

#include "report/templates.h"

enum template_use { USE_MEMO = 1, USE_SEVERAL = 2, USE_SUBJECT = 4, USE_WORDS = 8 };
struct template_name {
	const char *name, *help;
	unsigned uses; /* of enum template_use: where it may stand                 */
};
extern const struct template_name TEMPLATE_NAMES[];
extern const size_t TEMPLATE_NAME_COUNT;

MUST_CHECK int template_check(struct arena *arena, const struct template_file *file,
			      struct error *err);

#endif
