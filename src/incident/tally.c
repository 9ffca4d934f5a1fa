#include "incident/tally.h"

enum { TALLY_TEXT_MAX = 256 };

void tally_add(struct tally *tally, struct arena *arena, struct slice text,
	       uint64_t count)
{
	text = slice_cut(text, 0, TALLY_TEXT_MAX);
	if (text.len == 0)
		return;
	for (size_t i = 0; i < tally->count; i++) {
		if (slice_equal(tally->at[i].text, text)) {
			tally->at[i].count += count;
			return;
		}
	}
	if (tally->count == INCIDENT_LIST_MAX) {
		tally->beyond += count;
		return;
	}
	*LIST_ADD(arena, tally) = (struct tally_item){ arena_copy(arena, text), count };
}

uint64_t tally_distinct(const struct tally *tally)
{
	return tally->count + (tally->beyond > 0);
}
