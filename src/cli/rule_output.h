/* cli/rule_output.h - `rules test --output TOKEN`: nothing but the matches, one a line.
 *
 *   row          ['192.0.2.9',\t1163.0,\t{'user': 'root'}], as fail2ban-regex -o row
 *   id, fid, ip  the source        msg, matches  the line        time  its second
 *   NAME         the group of that name; None where it took no part
 *   a text with <tags>: each of the above, and <F-NAME>, replaced
 * Text is escaped for a terminal.                                                       */
#ifndef CLI_RULE_OUTPUT_H
#define CLI_RULE_OUTPUT_H

#include "cli/print.h"
#include "event/row.h"

void rule_output_print(struct printer *out, struct arena *arena, struct slice token,
		       const struct row *row, struct slice line);

#endif
