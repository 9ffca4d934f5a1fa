/* cli/rule_frame.h - tries to make rules name somebody who did nothing. */
#ifndef CLI_RULE_FRAME_H
#define CLI_RULE_FRAME_H

#include "cli/workplace.h"

/* Each of `names` (a rule, or the path of a filter), or without any each rule loaded, by
 * its own samples and by the lines of `log` (empty: none) that it reads. The exit code:
 * EX_DATAERR where a rule frames, 1 where nothing could be tried.                      */
int rules_frame_test(struct run *run, const struct workplace *workplace,
		     struct slices names, struct slice log);

#endif
