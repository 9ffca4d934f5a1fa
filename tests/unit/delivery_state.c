#include "check.h"
#include "delivery/state.h"

#define MAY(state) (1u << DELIVERY_##state)

/* Every pair, so that a row too many is found as well as one too few. */
static void what_follows_what(void)
{
	static const unsigned next[DELIVERY_STATES] = {
		[DELIVERY_READY] = MAY(CLAIMED) | MAY(WITHDRAWN),
		[DELIVERY_CLAIMED] = MAY(CLAIMED) | MAY(READY) | MAY(SENDING) |
				     MAY(DEFERRED) | MAY(FAILED) | MAY(WITHDRAWN) |
				     MAY(TO_FILL),
		[DELIVERY_SENDING] =
			MAY(SENT) | MAY(DEFERRED) | MAY(FAILED) | MAY(IN_DOUBT),
		[DELIVERY_DEFERRED] = MAY(CLAIMED) | MAY(WITHDRAWN),
		[DELIVERY_FAILED] = MAY(READY),
		[DELIVERY_IN_DOUBT] = MAY(SENT) | MAY(READY),
		[DELIVERY_TO_FILL] = MAY(SENT) | MAY(FAILED) | MAY(READY),
	};

	for (unsigned from = 0; from < DELIVERY_STATES; from++)
		for (unsigned to = 0; to < DELIVERY_STATES; to++)
			if (!CHECK_INT(delivery_state_may((enum delivery_state)from,
							  (enum delivery_state)to),
				       (next[from] & 1u << to) != 0))
				CHECK_TEXT(
					delivery_state_name((enum delivery_state)from),
					delivery_state_name((enum delivery_state)to));
}

static void names(void)
{
	for (unsigned i = 0; i < DELIVERY_STATES; i++) {
		enum delivery_state state = DELIVERY_STATES;
		const char *name = delivery_state_name((enum delivery_state)i);

		CHECK_INT(delivery_state_parse(slice_of(name), &state), 0);
		CHECK_INT(state, i);
	}
	enum delivery_state state = DELIVERY_SENT;
	CHECK_INT(delivery_state_parse(S("Sent"), &state), -1);
	CHECK_INT(delivery_state_parse(S(""), &state), -1);
	CHECK_INT(state, DELIVERY_SENT);
}

static void what_counts_for_the_caps(void)
{
	CHECK(delivery_state_left(DELIVERY_SENDING));
	CHECK(delivery_state_left(DELIVERY_SENT));
	CHECK(delivery_state_left(DELIVERY_IN_DOUBT));
	CHECK(!delivery_state_left(DELIVERY_CLAIMED));
	CHECK(!delivery_state_left(DELIVERY_DEFERRED));
	CHECK(!delivery_state_left(DELIVERY_FAILED));
	CHECK(!delivery_state_left(DELIVERY_TO_FILL));
	for (unsigned i = 0; i < DELIVERY_STATES; i++)
		CHECK_INT(delivery_state_counts((enum delivery_state)i),
			  delivery_state_left((enum delivery_state)i) ||
				  i == DELIVERY_TO_FILL);
}

int main(void)
{
	return CHECK_RUN(TEST(what_follows_what), TEST(names),
			 TEST(what_counts_for_the_caps));
}
