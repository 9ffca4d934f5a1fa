#include "pipeline/resolve.h"

static const struct resolution *resolution_find(const struct resolutions *names,
						struct slice name)
{
	for (size_t i = 0; i < names->count; i++)
		if (slice_equal_nocase(names->at[i].name, name))
			return &names->at[i];
	return NULL;
}

static bool is_confirmed(const struct contact_answer *answer, struct slice name)
{
	for (size_t i = 0; i < answer->names.count; i++)
		if (answer->names.at[i].confirmed &&
		    slice_equal_nocase(answer->names.at[i].name, name))
			return true;
	return false;
}

int events_resolve(struct finder *finder, struct arena *arena,
		   const struct events *events, struct resolutions *out,
		   struct error *err)
{
	struct slices names = { 0 };
	struct contact_answer *answers;

	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->at[i];

		if (event->source.family != FAMILY_NONE || !event->source_name.len ||
		    resolution_find(out, event->source_name))
			continue;
		*LIST_ADD(arena, &names) = event->source_name;
		*LIST_ADD(arena, out) =
			(struct resolution){ .name = event->source_name };
	}
	if (!names.count)
		return 0;
	answers = ARENA_ARRAY(arena, struct contact_answer, names.count);
	if (finder_names(finder, arena,
			 &(struct finder_queries){ .at = names.at,
						   .count = names.count },
			 answers, err) != 0)
		return -1;
	for (size_t i = 0; i < names.count; i++) {
		if (answers[i].address.family == FAMILY_NONE ||
		    !is_confirmed(&answers[i], names.at[i]))
			continue;
		out->at[i].address = answers[i].address;
		out->at[i].at = answers[i].resolved_at;
	}
	return 0;
}

int64_t resolution_apply(const struct resolutions *names, struct event *event)
{
	const struct resolution *found;

	if (event->source.family != FAMILY_NONE || !event->source_name.len)
		return 0;
	found = resolution_find(names, event->source_name);
	if (!found || found->address.family == FAMILY_NONE)
		return 0;
	event->source = found->address;
	event->certainty = CERTAINTY_NAME;
	return found->at;
}
