#include "check.h"
#include "base/clock.h"
#include "event/session.h"

/* s: a sign of an act ("Invalid user"), a: the act itself ("Failed password"),
 * h: a harmless line, n: another connection's act. An event is a capital.              */
static const struct {
	const char *lines, *events;
} ROWS[] = {
	{ "a", "A" },       { "aaa", "AAA" },   { "s", "S" },       { "ss", "Ss" },
	{ "sa", "Sa" },     { "saa", "SaA" },   { "saas", "SaAs" }, { "as", "As" },
	{ "aas", "AAs" },   { "ssa", "Ssa" },   { "sasa", "SasA" }, { "hs", "hS" },
	{ "shas", "Shas" }, { "snas", "SNas" },
};

static bool merge(struct sessions *sessions, struct arena *arena, char kind, int64_t at)
{
	struct slice roles[ROLE_COUNT] = { 0 };

	roles[ROLE_MLFID] = kind == 'n' ? S("sshd[2]") : S("sshd[1]");
	roles[ROLE_IP4] = S("203.0.113.77");
	if (kind == 's')
		roles[ROLE_ONCE] = S("Invalid user");
	if (kind == 'h')
		roles[ROLE_NOFAIL] = S("pam_unix");
	return sessions_merge(sessions, arena, at, roles);
}

static void row_check(struct arena *arena, const char *lines, const char *events,
		      bool through_state)
{
	struct sessions *sessions = sessions_new();
	char got[16] = "";

	for (size_t i = 0; lines[i]; i++) {
		bool is_event = merge(sessions, arena, lines[i], (int64_t)i);

		got[i] = (char)(is_event ? lines[i] - 'a' + 'A' : lines[i]);
		if (!through_state)
			continue;
		struct buffer state;
		buffer_init(&state, 1 << 16);
		sessions_save(sessions, 0, &state);
		sessions_free(sessions);
		sessions = sessions_new();
		struct cursor cursor = cursor_of(buffer_slice(&state));
		while (cursor_try(&cursor, S("session 0 ")))
			sessions_load(sessions, &cursor);
		CHECK(!cursor.failed);
		buffer_clear(&state);
	}
	CHECK_TEXT(got, events);
	sessions_free(sessions);
}

static void an_act_is_told_once(void)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(ROWS); i++)
		row_check(arena, ROWS[i].lines, ROWS[i].events, false);
	arena_free(arena);
}

static void also_after_the_state_was_saved(void)
{
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(ROWS); i++)
		row_check(arena, ROWS[i].lines, ROWS[i].events, true);
	arena_free(arena);
}

static void a_session_ends_after_five_minutes(void)
{
	struct arena *arena = arena_new();
	struct sessions *sessions = sessions_new();

	CHECK(merge(sessions, arena, 's', 0));
	CHECK(!merge(sessions, arena, 's', 5 * MINUTE_US));
	CHECK(merge(sessions, arena, 's', 5 * MINUTE_US + 1));
	sessions_free(sessions);
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(an_act_is_told_once),
			 TEST(also_after_the_state_was_saved),
			 TEST(a_session_ends_after_five_minutes));
}
