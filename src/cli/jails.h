/* cli/jails.h - --fail2ban: the enabled jails of an installation in place of the rules.
 *
 * jails_open   reads them from the folder given (--fail2ban=DIR, or an argument that is a
 *              folder with a jail.conf in it, which is then no argument any more), else
 *              from /etc/fail2ban. Tells on standard error what is not done as fail2ban
 *              does it, and whom its actions tell already. Adds every ignoreip to the
 *              allow-list of the run's settings.
 * jails_filters  the filters of all jails (or of the one named), each under its jail's name
 *              and with its jail's port.                                             */
#ifndef CLI_JAILS_H
#define CLI_JAILS_H

#include "cli/workplace.h"
#include "event/jail.h"

bool jails_wanted(const struct run *run);
/* Only who counts arguments has to call this before jails_open(). */
void jails_folder_take(struct run *run);
MUST_CHECK int jails_open(struct run *run, struct jails *out, struct error *err);
MUST_CHECK int jails_filters(struct run *run, const struct jails *jails,
			     struct slice name, struct filters *out, struct error *err);
/* `rules list --fail2ban`. */
void jails_print(struct run *run, const struct jails *jails);

/* The row of options that every command with jails has. */
#define JAILS_OPTION                                              \
	{                                                         \
		"fail2ban", 0, OPTION_MAYBE, "DIR",               \
			"use the enabled jails of this fail2ban " \
			"(/etc/fail2ban)"                         \
	}

#endif
