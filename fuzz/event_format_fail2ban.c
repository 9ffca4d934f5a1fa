/* Lines of fail2ban's log; behind a line "%%" bans of its database: "jail ip time data". */
#include "format_lines.h"

static void ban_read(struct arena *arena, struct slice text)
{
	struct line line = { .text = S("a row"), .file = S("fuzz") };
	struct fail2ban_ban ban = { .length_s = 600, .has_length = true };
	struct events events = { 0 };
	struct slice time = S("");
	uint64_t seconds = 0;

	if (!slice_next(&text, ' ', &ban.jail) || !slice_next(&text, ' ', &ban.ip) ||
	    !slice_next(&text, ' ', &time) ||
	    slice_to_u64(time, INT64_MAX, &seconds) != 0)
		return;
	ban.time_s = (int64_t)seconds;
	ban.data = text;
	format_fail2ban_ban(arena, &ban, &line, false, INT64_MAX, &events);
	for (size_t i = 0; i < events.count; i++)
		assert(events.at[i].source.family != FAMILY_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct slice text = { (const char *)bytes, size }, line;
	ptrdiff_t end = slice_find(text, S("%%\n"));
	struct arena *arena = arena_new();

	format_lines_read(end < 0 ? text : slice_cut(text, 0, (size_t)end));
	text = slice_from(text, end < 0 ? size : (size_t)end + 3);
	while (text.len > 0 && slice_next(&text, '\n', &line))
		ban_read(arena, line);
	arena_free(arena);
	return 0;
}
