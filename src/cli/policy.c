#include "cli/policy.h"

#include "cli/commands.h"
#include "cli/workplace.h"
#include "pipeline/unattended.h"

int run_policy(struct run *run, const struct policy **out, struct error *err)
{
	struct policy *policy;

	*out = NULL;
	if (!run->settings.policy.len)
		return 0;
	policy = ARENA_NEW(run->arena, struct policy);
	if (policy_read(run->arena, run->settings.policy, policy, err) != 0)
		return -1;
	*out = policy;
	return 0;
}

static void case_print(struct run *run, const struct unattended_case *one)
{
	print_text(&run->out, "%s  ", one->kase.id);
	print_colour(&run->out, one->why.len ? COLOUR_YELLOW : COLOUR_GREEN);
	print_text(&run->out, "%s", one->why.len ? "waits for you" : "would leave");
	print_colour(&run->out, COLOUR_NONE);
	print_text(&run->out, "%s", one->why.len ? ": " : "");
	print_slice(&run->out, one->why);
	print_text(&run->out, "\n");
}

/* What it would make of the cases that are open now. */
static int cases_print(struct run *run, const struct policy *policy)
{
	struct unattended_cases cases = { 0 };
	struct workplace workplace;
	struct unattended unattended = { .settings = &run->settings,
					 .clock = &run->clock,
					 .policy = policy,
					 .lint = lint_new(run->arena) };
	int result;

	if (workplace_open(&workplace, run, WORKPLACE_STORE, &run->err) != 0)
		return -1;
	unattended.db = workplace.db;
	result = unattended_ask(&unattended, run->arena, &cases, &run->err);
	workplace_close(&workplace);
	if (result != 0)
		return -1;
	print_text(&run->out, "\n%s\n",
		   cases.count ? "The cases that are open now:"
			       : "No case is open now.");
	for (size_t i = 0; i < cases.count; i++)
		case_print(run, &cases.at[i]);
	return 0;
}

static int check(struct run *run, struct slice path)
{
	struct policy policy;
	struct slices words = { 0 };

	if (!path.len)
		return error_set(
			&run->err, ERROR_CONFIG,
			"no policy is set, so nothing ever leaves without you: "
			"[send] policy names its file");
	if (policy_read(run->arena, path, &policy, &run->err) != 0)
		return -1;
	policy_words(run->arena, &policy, &words);
	for (size_t i = 0; i < words.count; i++) {
		print_slice(&run->out, words.at[i]);
		print_text(&run->out, "\n");
	}
	if (!slice_equal(path, run->settings.policy))
		print_text(&run->out, "It is not in force: [send] policy %s.\n",
			   run->settings.policy.len ? "names another file"
						    : "names no file");
	return cases_print(run, &policy);
}

static int policy_command(struct run *run)
{
	struct slice path =
		run->arguments.count == 2 ? run->arguments.at[1] : run->settings.policy;

	if (run->arguments.count > 2 || !slice_equal(run->arguments.at[0], S("check")))
		return command_usage(run, "write 'tipoff policy check [FILE]'");
	return check(run, path) == 0 ? 0 : command_fail(run);
}

const struct command command_policy = {
	.name = "policy",
	.arguments = "check [FILE]",
	.summary = "what may leave without you, in plain words",
	.about =
		"Reads the policy of [send] policy, or FILE, says in sentences what it lets leave\n"
		"without a person, and what it would make of the cases that are open now. Sends\n"
		"and approves nothing.",
	.needs = NEEDS_ARGUMENT,
	.run = policy_command,
};
