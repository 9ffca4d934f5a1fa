#include "incident/retold.h"

#include "event/formats.h"

/* What one teller told so far; without a name the rules that read logs. */
static uint64_t told_by(const struct incident *incident, struct slice teller)
{
	const struct tally *rules = &incident->lists[LIST_RULES];
	uint64_t retold = 0, all = rules->beyond;

	for (size_t i = 0; i < rules->count; i++) {
		const struct tally_item *item = &rules->at[i];

		if (teller.len && slice_equal(item->text, teller))
			return item->count;
		all += item->count;
		retold += format_is_retold(item->text) ? item->count : 0;
	}
	if (teller.len)
		return 0;
	all -= retold;
	return all > incident->successes ? all - incident->successes : 0;
}

static bool has_retold(const struct incident *incident)
{
	const struct tally *rules = &incident->lists[LIST_RULES];

	for (size_t i = 0; i < rules->count; i++)
		if (format_is_retold(rules->at[i].text))
			return true;
	return false;
}

uint64_t retold_gain(const struct incident *incident, const struct event *event)
{
	uint64_t told;

	if (!event->retold && !has_retold(incident))
		return event->count;
	told = told_by(incident, event->retold ? event->rule : S("")) + event->count;
	return told > incident->count ? told - incident->count : 0;
}
