#include "delivery/state.h"

#define TO(state) (1u << DELIVERY_##state)

static const struct {
	const char *name;
	unsigned next;
} states[DELIVERY_STATES] = {
	[DELIVERY_READY] = { "ready", TO(CLAIMED) | TO(WITHDRAWN) },
	[DELIVERY_CLAIMED] = { "claimed", TO(CLAIMED) | TO(SENDING) | TO(READY) |
						  TO(DEFERRED) | TO(FAILED) |
						  TO(WITHDRAWN) | TO(TO_FILL) },
	[DELIVERY_SENDING] = { "sending",
			       TO(SENT) | TO(DEFERRED) | TO(FAILED) | TO(IN_DOUBT) },
	[DELIVERY_SENT] = { "sent", 0 },
	[DELIVERY_DEFERRED] = { "deferred", TO(CLAIMED) | TO(WITHDRAWN) },
	[DELIVERY_FAILED] = { "failed", TO(READY) },
	[DELIVERY_IN_DOUBT] = { "in doubt", TO(SENT) | TO(READY) },
	[DELIVERY_WITHDRAWN] = { "withdrawn", 0 },
	[DELIVERY_TO_FILL] = { "to fill in", TO(SENT) | TO(FAILED) | TO(READY) },
};

const char *delivery_state_name(enum delivery_state state)
{
	return states[state].name;
}

int delivery_state_parse(struct slice name, enum delivery_state *out)
{
	for (size_t i = 0; i < COUNT_OF(states); i++)
		if (slice_equal(slice_of(states[i].name), name)) {
			*out = (enum delivery_state)i;
			return 0;
		}
	return -1;
}

bool delivery_state_may(enum delivery_state from, enum delivery_state to)
{
	return states[from].next & 1u << to;
}

bool delivery_state_left(enum delivery_state state)
{
	return state == DELIVERY_SENDING || state == DELIVERY_SENT ||
	       state == DELIVERY_IN_DOUBT;
}

bool delivery_state_counts(enum delivery_state state)
{
	return delivery_state_left(state) || state == DELIVERY_TO_FILL;
}
