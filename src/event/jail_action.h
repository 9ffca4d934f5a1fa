/* event/jail_action.h - what a jail's actions tell others about a ban.
 *
 * `text` is the jail's `action`: names with parameters, one after the other. Only those
 * that report to somebody outside are listed: network contacts, block lists, and mail to
 * an address that is not of this machine.                                               */
#ifndef EVENT_JAIL_ACTION_H
#define EVENT_JAIL_ACTION_H

#include "event/jail.h"

void jail_actions_parse(struct arena *arena, struct slice text,
			struct jail_reporters *out);

#endif
