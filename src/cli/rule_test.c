#include "cli/rule_test.h"

#include "event/matcher.h"

static struct matcher *matcher_for(const struct run *run,
				   const struct workplace *workplace)
{
	struct matcher_options options = { workplace->zone, clock_now(&run->clock) };

	return matcher_new(workplace->rules, &options);
}

struct slice event_source(struct arena *arena, const struct event *event)
{
	struct address_text text = address_format(&event->source);

	if (event->contested)
		return S("contested");
	return event->source.family ? arena_copy(arena, slice_of(text.text))
				    : event->source_name;
}

/* What is wrong with a sample's outcome; empty for nothing. */
static struct slice sample_fault(struct arena *arena, const struct rule_sample *sample,
				 int matched, const struct event *event)
{
	int64_t at = 0;

	if (!sample->must_match)
		return matched ? arena_printf(arena,
					      "must not match, but gave '" SLICE_FMT
					      "'",
					      SLICE_ARG(event_source(arena, event)))
			       : S("");
	if (!matched)
		return S("does not match");
	if (sample->source.len &&
	    !slice_equal(sample->source, event_source(arena, event)))
		return arena_printf(arena,
				    "source is '" SLICE_FMT "', want '" SLICE_FMT "'",
				    SLICE_ARG(event_source(arena, event)),
				    SLICE_ARG(sample->source));
	if (sample->user.len && !slice_equal(sample->user, event->user))
		return arena_printf(arena,
				    "user is '" SLICE_FMT "', want '" SLICE_FMT "'",
				    SLICE_ARG(event->user), SLICE_ARG(sample->user));
	if (sample->time.len && (time_parse(sample->time, &at) != 0 || at != event->at))
		return arena_printf(arena, "time is %s, want " SLICE_FMT,
				    time_format(event->at, TIME_RFC3339).text,
				    SLICE_ARG(sample->time));
	return S("");
}

static void fault_print(struct run *run, const struct rule *rule,
			const struct rule_sample *sample, struct slice fault)
{
	print_slice(&run->out, rule_report(rule)->name);
	print_text(&run->out, ": ");
	print_slice(&run->out, fault);
	print_text(&run->out, ": ");
	print_slice(&run->out, sample->line);
	print_text(&run->out, "\n");
}

void rule_samples_test(struct run *run, const struct rule *rule,
		       const struct workplace *workplace, struct rule_tally *tally)
{
	for (size_t i = 0; i < rule_sample_count(rule); i++) {
		struct rule_sample sample = rule_sample_at(rule, i);
		struct matcher *matcher = matcher_for(run, workplace);
		struct line line = { .text = sample.line,
				     .file = S("sample"),
				     .number = 1 };
		struct event event = { 0 };
		int matched = matcher_line(matcher, run->arena, &line, &event);
		struct slice fault;

		/* every rule sees the line: what another one says of it is no fault of
		 * this one's "never"                                                   */
		if (matched && !sample.must_match &&
		    !slice_equal(event.rule, rule_report(rule)->name))
			matched = 0;
		fault = sample_fault(run->arena, &sample, matched, &event);
		tally->right += fault.len == 0;
		tally->wrong += fault.len != 0;
		if (fault.len)
			fault_print(run, rule, &sample, fault);
		matcher_free(matcher);
	}
}
