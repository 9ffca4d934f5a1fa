/* cli/policy.h - the policy that is configured, for the commands that send. */
#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include "cli/command.h"
#include "delivery/policy.h"

/* [send] policy, read into the run's arena; *out is NULL where there is none. */
MUST_CHECK int run_policy(struct run *run, const struct policy **out,
			  struct error *err);

#endif
