/* An incident's record from another machine, counted into a table with its bans. */
#include "conf/settings.h"
#include "incident/table.h"
#include "incident/told.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size };
	struct settings settings = { .judge_window_us = INT64_C(86400000000),
				     .judge_ipv6_prefix = 64,
				     .documentation_public = true };
	struct event event = { .outcome = OUTCOME_SUMMARY, .line = { .text = text } };
	struct arena *arena = arena_new();
	struct error err;
	struct incident_table_options options = {
		.settings = &settings,
		.own = own_side_new(arena, &settings, &err),
	};
	struct incident_table *table = incidents_new(&options);
	struct incident told;
	size_t place = 0;

	if (told_read(arena, text, &told))
		assert(told.source.family != FAMILY_NONE || told.source_name.len > 0);
	for (int i = 0; i < 2; i++)
		assert(incidents_add(table, &event, 0, &err) == 0);
	assert(incidents_count(table) <= 1);
	if (incidents_next(table, &place, arena, &told))
		assert(told.evidence.count <= 2 * EVIDENCE_MAX);
	incidents_free(table);
	arena_free(arena);
	return 0;
}
