/* cli/rule_test.h - rules on their own samples. */
#ifndef CLI_RULE_TEST_H
#define CLI_RULE_TEST_H

#include "cli/workplace.h"

struct rule_tally {
	size_t right, wrong;
};
/* Prints each sample that does not hold. */
void rule_samples_test(struct run *run, const struct rule *rule,
		       const struct workplace *workplace, struct rule_tally *tally);
/* The address, the name, or "contested". */
struct slice event_source(struct arena *arena, const struct event *event);

#endif
