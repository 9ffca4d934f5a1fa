#include "event/upstream.h"

int upstream_read(struct arena *arena, struct slice path, struct upstream *out,
		  struct error *err)
{
	struct upstream rows = { 0 };
	struct ini ini;

	if (ini_read(arena, path, &ini, err))
		return -1;
	for (size_t i = 0; i < ini.sections.count; i++) {
		const struct ini_section *section = &ini.sections.at[i];
		struct upstream_row row;

		if (rule_report_read(section, &row.report, &row.marks, err))
			return -1;
		row.report.name = section->name;
		row.report.path = ini.path;
		*LIST_ADD(arena, &rows) = row;
	}
	*out = rows;
	return 0;
}

const struct upstream_row *upstream_find(const struct upstream *upstream,
					 struct slice name)
{
	for (size_t i = 0; i < upstream->count; i++) {
		if (slice_equal(upstream->at[i].report.name, name))
			return &upstream->at[i];
	}
	return NULL;
}
