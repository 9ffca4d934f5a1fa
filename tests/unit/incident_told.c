/* Acts that several tell, incidents of other machines, and what we did. */
#include "base/clock.h"
#include "check.h"
#include "incident/block.h"
#include "incident/table.h"
#include "incident/told.h"

static struct settings settings;
static struct arena *arena;
static const struct own_side *own;
static struct error err;

static struct incident_table *table_new(void)
{
	struct incident_table_options options = { .settings = &settings, .own = own };

	return incidents_new(&options);
}

/* The only one; until the next call. */
static const struct incident *the_one(struct incident_table *table)
{
	static struct incident incident;
	size_t place = 0;

	CHECK(incidents_next(table, &place, arena, &incident));
	return &incident;
}

static struct event act(struct slice rule, bool retold, uint64_t count)
{
	struct event event = { .at = HOUR_US,
			       .service = S("ssh"),
			       .category = CATEGORY_LOGIN_ATTACK,
			       .rule = rule,
			       .retold = retold,
			       .certainty = CERTAINTY_CONNECTION,
			       .count = count,
			       .line = { S("a line"), S("log"), 1, 0 } };

	CHECK_INT(address_parse(S("192.0.2.9"), &event.source), 0);
	return event;
}

static void add(struct incident_table *table, struct event event)
{
	CHECK_INT(incidents_add(table, &event, 0, &err), 0);
}

/* Whatever is read first, the count is that of the most talkative teller. */
static void what_several_tell_counts_once(void)
{
	static const struct {
		struct {
			const char *rule;
			bool retold;
			uint64_t count;
		} acts[4];
		uint64_t want;
	} rows[] = {
		{ { { "sshd", false, 10 }, { "fail2ban", true, 8 } }, 10 },
		{ { { "fail2ban", true, 8 }, { "sshd", false, 10 } }, 10 },
		{ { { "fail2ban", true, 8 }, { "sshd", false, 5 } }, 8 },
		{ { { "fail2ban", true, 8 }, { "fail2ban-database", true, 9 } }, 9 },
		{ { { "fail2ban-database", true, 5 },
		    { "fail2ban-database", true, 5 },
		    { "crowdsec", true, 7 } },
		  10 },
		{ { { "sshd", false, 5 },
		    { "dropbear", false, 5 },
		    { "suricata", true, 9 } },
		  10 },
		{ { { "sshd", false, 3 },
		    { "fail2ban", true, 8 },
		    { "sshd", false, 3 },
		    { "fail2ban", true, 1 } },
		  9 },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct incident_table *table = table_new();

		for (size_t n = 0; n < 4 && rows[i].acts[n].rule; n++)
			add(table, act(slice_of(rows[i].acts[n].rule),
				       rows[i].acts[n].retold, rows[i].acts[n].count));
		CHECK_INT(incidents_count(table), 1);
		CHECK_INT(the_one(table)->count, rows[i].want);
		incidents_free(table);
	}
}

/* The names that were tried stand in the log only, which may be read last. */
static void a_log_names_users_behind_a_detector(void)
{
	struct incident_table *table = table_new();
	struct event event = act(S("sshd"), false, 1);

	add(table, act(S("fail2ban"), true, 8));
	event.user = S("oracle");
	add(table, event);
	CHECK_INT(the_one(table)->count, 8);
	CHECK_INT(the_one(table)->lists[LIST_USERS].count, 1);
	incidents_free(table);
}

static void acts_of_a_longer_time_are_no_flood(void)
{
	struct incident_table *table = table_new();
	struct event event = act(S("crowdsec"), true, 100);

	event.until = event.at + 99 * MINUTE_US;
	add(table, event);
	CHECK_INT(the_one(table)->peak, 1);
	CHECK_INT(the_one(table)->last, event.until);
	incidents_free(table);
}

static struct event block(enum outcome outcome, int64_t at, struct slice jail)
{
	struct event event = act(S("fail2ban"), true, 0);

	event.outcome = outcome;
	event.at = at;
	event.service = jail;
	return event;
}

static void bans_are_facts_of_the_source(void)
{
	struct incident_table *table = table_new();
	const struct incident *incident;

	/* read before the attack it answers, and told twice */
	add(table, block(OUTCOME_BLOCKED, HOUR_US - DAY_US, S("old")));
	add(table, block(OUTCOME_BLOCKED, HOUR_US + SECOND_US, S("sshd")));
	add(table, block(OUTCOME_UNBLOCKED, HOUR_US + MINUTE_US * 10, S("sshd")));
	add(table, block(OUTCOME_BLOCKED, HOUR_US, S("sshd")));
	add(table, block(OUTCOME_UNBLOCKED, HOUR_US, S("never-banned")));
	CHECK_INT(incidents_count(table), 0);
	add(table, act(S("sshd"), false, 10));
	incident = the_one(table);
	CHECK_INT(incident->count, 10);
	CHECK_INT(incident->blocks.count, 1);
	CHECK_INT(incident->blocks.at[0].banned_at, HOUR_US);
	CHECK_INT(incident->blocks.at[0].unbanned_at, HOUR_US + MINUTE_US * 10);
	CHECK_SLICE(incident_block(incident)->jail, S("sshd"));
	/* one that is in force goes before one that ended */
	add(table, block(OUTCOME_BLOCKED, HOUR_US + MINUTE_US, S("recidive")));
	CHECK_SLICE(incident_block(the_one(table))->jail, S("recidive"));
	incidents_free(table);
}

static void a_restored_ban_never_ended(void)
{
	struct blocks blocks = { 0 };
	struct block ban = { .by = S("fail2ban"),
			     .jail = S("sshd"),
			     .banned_at = DAY_US };

	blocks_begin(arena, &blocks, &ban);
	ban.banned_at += HOUR_US;
	ban.restored = true;
	blocks_begin(arena, &blocks, &ban);
	CHECK_INT(blocks.count, 1);
	ban.restored = false;
	for (int i = 0; i < 40; i++) {
		ban.banned_at += HOUR_US;
		blocks_begin(arena, &blocks, &ban);
	}
	CHECK_INT(blocks.count, BLOCKS_MAX);
	CHECK_INT(blocks.at[BLOCKS_MAX - 1].banned_at, ban.banned_at);
	CHECK_INT(blocks.at[0].banned_at, ban.banned_at - (BLOCKS_MAX - 1) * HOUR_US);
}

static void own_addresses_are_never_banned(void)
{
	struct incident_table *table = table_new();
	struct event event = block(OUTCOME_BLOCKED, HOUR_US, S("sshd"));

	CHECK_INT(address_parse(S("10.0.0.1"), &event.source), 0);
	add(table, event);
	CHECK_INT(incidents_counts(table)->refused_count, 0);
	CHECK_INT(incidents_count(table), 0);
	incidents_free(table);
}

#define RECORD(source, more)                                                    \
	"{\"type\":\"incident\",\"source\":\"" source "\",\"category\":"        \
	"\"login-attack\",\"first\":\"2026-11-21T05:00:00Z\",\"last\":"         \
	"\"2026-11-21T06:00:00Z\",\"certainty\":\"connection\",\"time_basis\":" \
	"\"full\"" more "}"

static void records_that_are_none(void)
{
	static const char *const rows[] = {
		"",
		"{}",
		"[]",
		RECORD("203.0.113.77", ""),
		RECORD("203.0.113.77", ",\"count\":\"7\""),
		RECORD("203.0.113.77", ",\"count\":-7"),
		RECORD("203.0.113.77", ",\"count\":99999999999999999"),
		RECORD("203.0.113.77 x", ",\"count\":7"),
		RECORD("203.0.113.0/24", ",\"count\":7"),
		RECORD("203.0.113.77", ",\"count\":7,\"count\":8"),
		RECORD("203.0.113.77", ",\"count\":7,\"base\":\"compromise\""),
	};
	struct incident told;

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		CHECK(!told_read(arena, slice_of(rows[i]), &told));
	CHECK(told_read(arena, slice_of(RECORD("203.0.113.77", ",\"count\":7")),
			&told));
	CHECK_INT(told.count, 7);
	CHECK_INT(told.base, CATEGORY_LOGIN_ATTACK);
}

static int64_t instant(const char *text)
{
	int64_t at = 0;

	CHECK_INT(time_parse(slice_of(text), &at), 0);
	return at;
}

/* Two machines tell of one source: the earliest failures of both count, and logins make a
 * known user of him; an older version told only when it began.                           */
static void logins_come_with_an_incident(void)
{
	static const char *const records[] = {
		RECORD("203.0.113.77", ",\"count\":9"),
		RECORD("203.0.113.77",
		       ",\"count\":3,\"early\":[\"2026-11-21T05:10:00Z\",7,"
		       "\"2026-11-21T05:00:00Z\"],\"logins\":[{\"user\":\"jan\",\"time\":"
		       "\"2026-11-21T04:00:00Z\"},{\"user\":\"maria\",\"time\":"
		       "\"2026-11-21T04:30:00Z\"},{\"user\":\"piet\"},{\"user\":\"els\","
		       "\"time\":\"2026-11-21T05:30:00Z\"}]"),
	};
	struct incident_table *table = table_new();
	struct event event = { .outcome = OUTCOME_SUMMARY };
	struct incident told;
	const struct incident *merged;

	CHECK(told_read(arena, slice_of(records[0]), &told));
	CHECK_INT(told.early.count, EARLY_MAX);
	CHECK_INT(told.early.at[EARLY_MAX - 1], instant("2026-11-21T05:00:00Z"));
	CHECK(told_read(arena,
			slice_of(RECORD("203.0.113.77", ",\"count\":9,\"early\":[]")),
			&told));
	CHECK_INT(told.early.count, 0);
	CHECK(told_read(arena, slice_of(records[1]), &told));
	CHECK_INT(told.early.count, 2);
	CHECK_INT(told.early.at[1], instant("2026-11-21T05:10:00Z"));
	CHECK_INT(told.logins.count, 3);
	for (size_t i = 0; i < COUNT_OF(records); i++) {
		event.line.text = slice_of(records[COUNT_OF(records) - 1 - i]);
		add(table, event);
	}
	merged = the_one(table);
	CHECK_INT(merged->count, 12);
	CHECK_INT(merged->early.at[EARLY_MAX - 1], instant("2026-11-21T05:00:00Z"));
	if (CHECK_INT(merged->logins.count, 1)) {
		CHECK_SLICE(merged->logins.at[0].user, S("maria"));
		CHECK_INT(merged->logins.at[0].at, instant("2026-11-21T04:30:00Z"));
	}
	incidents_free(table);
}

/* A prefix that is wider than ours would name everybody in it. */
static void a_wide_prefix_names_nobody(void)
{
	struct incident_table *table = table_new();
	struct event event = { .outcome = OUTCOME_SUMMARY };

	event.line.text = slice_of(RECORD("2001:db8::/32", ",\"count\":7"));
	add(table, event);
	event.line.text = slice_of(RECORD("10.1.2.3", ",\"count\":7"));
	add(table, event);
	CHECK_INT(incidents_count(table), 0);
	event.line.text = slice_of(RECORD("2001:db8:1:2::/64", ",\"count\":7"));
	add(table, event);
	CHECK_INT(incidents_count(table), 1);
	incidents_free(table);
}

int main(void)
{
	settings = (struct settings){ .judge_sweep_targets = 3,
				      .judge_scan_ports = 5,
				      .judge_dos_rate = 1000,
				      .judge_window_us = 24 * HOUR_US,
				      .judge_compromise_failures = 3,
				      .judge_known_login_us = 30 * DAY_US,
				      .judge_ipv6_prefix = 64,
				      .documentation_public = true };
	arena = arena_new();
	own = own_side_new(arena, &settings, &err);
	return CHECK_RUN(
		TEST(what_several_tell_counts_once),
		TEST(a_log_names_users_behind_a_detector),
		TEST(acts_of_a_longer_time_are_no_flood),
		TEST(bans_are_facts_of_the_source), TEST(a_restored_ban_never_ended),
		TEST(own_addresses_are_never_banned), TEST(records_that_are_none),
		TEST(logins_come_with_an_incident), TEST(a_wide_prefix_names_nobody));
}
