/* event/jail.h - the enabled jails of a fail2ban installation: what it watches, and how.
 *
 * jails_read  reads DIR/jail.conf, the .conf files of jail.d, jail.local and the .local
 *             files of jail.d as fail2ban does (conf/ini_set.h), and the filter of every enabled jail from DIR/filter.d.
 *             What a jail says of failregex, ignoreregex, prefregex, datepattern, maxlines
 *             and journalmatch stands in place of the filter's; %(known/failregex)s and its
 *             like are the filter's. Names are not resolved and logs are not looked for.
 *             A jail that cannot be read is one of `problems` and is passed over, as
 *             fail2ban passes it over. ERROR_CONFIG: none is enabled; else as ini_set_read().
 * jail_logs   the files that a jail's patterns name now, sorted; a pattern that names none
 *             gives none.
 * All slices live in `arena`.                                                             */
#ifndef EVENT_JAIL_H
#define EVENT_JAIL_H

#include "event/filter.h"

enum { JAILS_MAX = 500, JAIL_LOGS_MAX = 10000 };

struct jail_ports {
	struct jail_port_range {
		uint16_t first, last;
	} * at;
	size_t count, room;
};

/* An action that tells somebody about every ban already. */
struct jail_reporters {
	struct jail_reporter {
		struct slice action; /* its name                                  */
		const char *does; /* "mails the network's abuse contact", ...     */
		struct slice recipient; /* of a mail to an address that is given  */
	} * at;
	size_t count, room;
};

struct jail {
	struct slice name;
	struct filter filter; /* its name is the filter's, not the jail's */
	bool journal; /* backend = systemd: it watches no file       */
	struct slices patterns; /* of log paths                        */
	struct jail_ports ports;
	enum protocol protocol;
	struct slices ignored; /* addresses and ranges of ignoreip     */
	struct slice maxretry, findtime; /* as written, for people   */
	struct jail_reporters reporters;
	struct slices notes; /* sentences: what is not done as fail2ban does it  */
};

struct jails {
	struct jail *at;
	size_t count, room;
	struct slices problems; /* sentences, one for a jail passed over */
};

MUST_CHECK int jails_read(struct arena *arena, struct slice folder, struct jails *out,
			  struct error *err);

MUST_CHECK int jail_logs(struct arena *arena, const struct jail *jail,
			 struct slices *out, struct error *err);

#endif
