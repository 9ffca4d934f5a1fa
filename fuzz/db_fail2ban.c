/* A database that claims to be fail2ban's, and its bans as events. */
#include "db/fail2ban.h"
#include "event/formats.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

static void bans_read(struct fail2ban *fail2ban)
{
	struct line line = { .text = S("a row"), .file = S("fuzz") };
	struct arena *arena = arena_new();
	struct fail2ban_row row;
	struct events events = { 0 };
	struct error err;

	for (int i = 0; i < 100 && fail2ban_next(fail2ban, arena, &row, &err) == 1;
	     i++) {
		struct fail2ban_ban ban = { .jail = row.jail,
					    .ip = row.ip,
					    .time_s = row.time_s,
					    .length_s = row.length_s,
					    .has_length = row.has_length,
					    .data = row.data };

		format_fail2ban_ban(arena, &ban, &line, i % 2 == 1, INT64_MAX, &events);
	}
	for (size_t i = 0; i < events.count; i++)
		assert(events.at[i].source.family != FAMILY_NONE);
	arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char path[] = "/tmp/fuzz-fail2ban-XXXXXX";
	int fd = mkstemp(path);
	struct fail2ban *fail2ban;
	struct error err;

	assert(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
	close(fd);
	fail2ban = fail2ban_is_sqlite(path) ? fail2ban_open(path, &err) : NULL;
	if (fail2ban) {
		bans_read(fail2ban);
		(void)fail2ban_has_unread_wal(fail2ban);
		fail2ban_close(fail2ban);
	}
	unlink(path);
	return 0;
}
