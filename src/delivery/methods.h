/* delivery/methods.h - the ways out behind handover.h; see there. */
#ifndef DELIVERY_METHODS_H
#define DELIVERY_METHODS_H

#include "delivery/handover.h"

struct delivery_method {
	const char *name; /* as in [send] method                                      */
	int (*check)(struct arena *arena, const struct settings *settings,
		     struct error *err);
	int (*run)(struct arena *arena, const struct handover *handover,
		   struct handover_end *out, struct error *err);
};
extern const struct delivery_method delivery_sendmail;
extern const struct delivery_method delivery_smtp;

/* One line of at most 500 bytes: line ends and tabs become blanks. */
struct slice one_line(struct arena *arena, struct slice text);

#endif
