/* cli/rule_log.h - rules on a log: what matched, by which expression, what was missed.
 *
 * What `tipoff rules test LOG RULE` tells, as usefully as fail2ban-regex does. LOG is a
 * file, "-", or (where no such file is) the line itself.                               */
#ifndef CLI_RULE_LOG_H
#define CLI_RULE_LOG_H

#include "cli/command.h"
#include "event/filter.h"
#include "event/witness.h"
#include "base/zone.h"

struct rule_log {
	struct run *run;
	const struct filters *filters; /* those that `rules` were compiled from */
	const struct rules *rules;
	const struct zone *zone;
};

/* The exit code: 0 where something matched, 1 where nothing did. */
int rule_log_test(const struct rule_log *log, struct slice path);

/* How often what matched. */
struct rule_hits {
	uint64_t verdicts[WITNESS_VERDICTS];
	uint64_t prefix;
	uint64_t *failregex, *ignoreregex;
};
struct date_hits {
	struct date_hit {
		const struct stamp_template *template;
		uint64_t lines;
	} * at;
	size_t count, room;
};
struct rule_log_counts {
	uint64_t lines, matched, missed, ignored, undated, contested, limited;
	struct rule_hits *rules; /* one for each */
	struct date_hits dates;
};
/* The part behind the lines; cli/rule_hits.c. */
void rule_hits_print(const struct rule_log *log, const struct rule_log_counts *counts);
void rule_hits_json(const struct rule_log *log, const struct rule_log_counts *counts);

#endif
