/* pipeline/send_step.h - a message's next state; private to send and settle. */
#ifndef PIPELINE_SEND_STEP_H
#define PIPELINE_SEND_STEP_H

#include "pipeline/send.h"

/* Is it of the cases and the part that were named? */
bool send_is_meant(const struct send *send, const struct outbox_row *row);
/* One step of a message with all that follows from it, inside a transaction. */
MUST_CHECK int send_step(const struct send *send, struct arena *arena,
			 struct outbox_row *row, const struct outbox_step *to,
			 struct error *err);

#endif
