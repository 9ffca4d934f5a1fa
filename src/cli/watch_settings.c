#include "cli/watch_parts.h"
#include "delivery/hours.h"
#include "delivery/policy.h"

/* Options that say what a key of [watch] says. */
static const struct {
	const char *option, *key;
} ROWS[] = {
	{ "journal", "journal" },
	{ "draft-every", "draft-every" },
	{ "summary-every", "summary-every" },
};

/* What is sent by itself later is looked at now, while somebody looks on. */
static int sending_check(struct run *run, const struct settings *settings,
			 struct error *err)
{
	struct policy policy;

	if (!settings->policy.len)
		return 0;
	if (policy_read(run->arena, settings->policy, &policy, err) != 0)
		return -1;
	return hours_check(&settings->window, err);
}

int watch_settings_read(struct run *run, struct error *err)
{
	struct settings_source source = { run_text(run, "config"),
					  run_list(run, "set") };
	struct settings fresh;

	if (settings_read(run->arena, &source, &fresh, err) != 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct slice value = run_text(run, ROWS[i].option);

		if (run_given(run, ROWS[i].option) &&
		    settings_override(run->arena, &fresh,
				      arena_printf(run->arena, "watch.%s=" SLICE_FMT,
						   ROWS[i].key, SLICE_ARG(value)),
				      err) != 0)
			return -1;
	}
	if (run_given(run, "match"))
		fresh.watch_matches = run_list(run, "match");
	if (sending_check(run, &fresh, err) != 0)
		return -1;
	run->settings = fresh;
	return 0;
}
