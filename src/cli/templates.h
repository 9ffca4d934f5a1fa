/* cli/templates.h - the templates that this run writes its reports by. */
#ifndef CLI_TEMPLATES_H
#define CLI_TEMPLATES_H

#include "cli/command.h"
#include "report/templates.h"

/* The shipped ones and those of the user that pass the check; the others are named on
 * standard error. Lives in the run's arena.                                             */
const struct template_set *run_templates(struct run *run);

#endif
