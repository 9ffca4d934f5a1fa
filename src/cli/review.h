/* cli/review.h - what `approve` and `send` show and ask before a person's word counts. */
#ifndef CLI_REVIEW_H
#define CLI_REVIEW_H

#include "cli/command.h"
#include "delivery/store.h"
#include "pipeline/approve.h"

/* The reports that would be approved, and what the lint finds in them. */
void review_print(struct run *run, const struct approvals *approvals);
/* What the lint finds alone. */
void review_print_findings(struct run *run, const struct approvals *approvals);
/* After approve_made. */
void review_print_made(struct run *run, const struct approvals *approvals);
/* One line about what became of a message, or its JSON. */
void review_print_delivery(struct run *run, const struct outbox_row *row);
/* What is in doubt and what a person can do about it. */
void review_print_doubt(struct run *run, const struct outbox_row *row);

enum colour review_state_colour(enum delivery_state state);

bool review_may_ask(void); /* somebody sits at a terminal */
bool review_ask(struct run *run, const char *question);

#endif
