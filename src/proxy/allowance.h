/* proxy/allowance.h - how much one client may ask: a token bucket each, per IPv4 address
 * and per IPv6 /64 (who has one address there has all of them).
 *
 * The table has a fixed size; the bucket that was not used for longest makes room, which is
 * the fullest one and so the one that says least.                                       */
#ifndef PROXY_ALLOWANCE_H
#define PROXY_ALLOWANCE_H

#include "base/clock.h"
#include "net/address.h"

struct allowance_options {
	int64_t a_minute; /* refilled so fast; 0: no limit                    */
	int64_t burst; /* so many at once                                     */
};
struct allowance;

struct allowance *allowance_new(const struct allowance_options *options);
void allowance_free(struct allowance *allowance);
/* Takes one; false: nothing is left now. */
bool allowance_take(struct allowance *allowance, const struct address *client,
		    int64_t now);

#endif
