/* cli/workplace.h - what commands that read logs or ask about addresses need, opened once.
 *
 * workplace_open  opens what `parts` asks for, in this order; on failure what was opened is
 *                 closed again.                                                       */
#ifndef CLI_WORKPLACE_H
#define CLI_WORKPLACE_H

#include "cli/command.h"
#include "contact/find.h"
#include "event/rules.h"
#include "base/zone.h"
#include "incident/own.h"

enum workplace_part {
	WORKPLACE_OWN = 1,
	WORKPLACE_RULES = 2, /* and the zone of the logs                            */
	WORKPLACE_STORE = 4,
	WORKPLACE_FINDER = 8, /* and the index                                       */
};

struct jails;
struct workplace {
	struct own_side *own; /* in the run's arena                                  */
	struct rules *rules;
	struct jails *jails; /* --fail2ban; in the run's arena, else NULL */
	struct zone *zone;
	struct db *db;
	struct index *index;
	struct finder *finder;
	bool plus_is_untried; /* [send] plus is set and not used yet: 'init --try' first */
};

/* Which rules this run asks for: --rules, else [logs]. */
struct rules_options run_rules(const struct run *run);

MUST_CHECK int workplace_open(struct workplace *workplace, struct run *run,
			      unsigned parts, struct error *err);
void workplace_close(struct workplace *workplace);

/* Where the rules lie: [logs] rules, TIPOFF_RULES (for a tree that is not installed), or
 * the installed ones.                                                                 */
struct slice workplace_rules_folder(const struct run *run);

#endif
