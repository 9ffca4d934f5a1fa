/* delivery/state.h - the states of a message on its way out, and which follows which.
 *
 *   ready -> claimed -> sending -> sent
 *   ready -> claimed -> to fill in -> sent  what a person tells by a form
 * `sending` is committed before anything can leave: what died before it is safe to try
 * again, what died in it is in doubt and never tried again by itself. Only a person leads
 * out of `in doubt`, `failed` and `to fill in`.                                          */
#ifndef DELIVERY_STATE_H
#define DELIVERY_STATE_H

#include "base/slice.h"

enum delivery_state {
	DELIVERY_READY, /* approved, waits to be handed over                          */
	DELIVERY_CLAIMED, /* a worker prepares it, under a lease                        */
	DELIVERY_SENDING, /* it may be leaving right now                                */
	DELIVERY_SENT, /* the other side took it                                     */
	DELIVERY_DEFERRED, /* not now: the other side or a cap said so; `send` retries   */
	DELIVERY_FAILED, /* the other side or the stop list said no                    */
	DELIVERY_IN_DOUBT, /* died while sending: probably delivered                     */
	DELIVERY_WITHDRAWN, /* another revision took the report's place                   */
	DELIVERY_TO_FILL, /* a form that a person has in hand since then               */
	DELIVERY_STATES,
};
const char *delivery_state_name(enum delivery_state state);
MUST_CHECK int delivery_state_parse(struct slice name, enum delivery_state *out);
bool delivery_state_may(enum delivery_state from, enum delivery_state to);
/* It left, or may have left. */
bool delivery_state_left(enum delivery_state state);
/* It counts for the caps: it left, or a person was told that it may. */
bool delivery_state_counts(enum delivery_state state);

#endif
