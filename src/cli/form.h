/* cli/form.h - a form's fields with the values to paste, for a person's eye. */
#ifndef CLI_FORM_H
#define CLI_FORM_H

#include "cli/command.h"
#include "report/form.h"

/* The URL, what the desk wants, then each field: short values beside their labels, those of
 * several lines beneath and as they are, so that they can be copied.                    */
MUST_CHECK int form_print(struct run *run, const struct stored_report *report);

#endif
