#include "incident/classify.h"

#include "base/clock.h"
#include "check.h"
#include "incident/tally.h"

static struct settings settings(void)
{
	return (struct settings){
		.judge_failures = 10,
		.judge_users = 3,
		.judge_sweep_targets = 3,
		.judge_scan_ports = 5,
		.judge_dos_rate = 1000,
		.judge_stale_us = 72 * HOUR_US,
		.judge_compromise_failures = 3,
	};
}

/* One incident in short: what was counted, and what must come of it. */
struct row {
	const char *about;
	enum category base;
	uint64_t count, peak, successes;
	size_t users, ports, targets;
	const char *service, *port;
	enum certainty certainty;
	const char *answered;
	int64_t age;
	bool named;
	enum category category;
	enum verdict verdict;
	bool liftable;
};

static const struct row ROWS[] = {
	{ "the article's own line", CATEGORY_PROBE, 1, 1, 0, 0, 1, 1, "ftp", "21/tcp",
	  CERTAINTY_NAME, "", 0, false, CATEGORY_PROBE, VERDICT_HOLD, true },
	{ "a name that leads nowhere", CATEGORY_PROBE, 1, 1, 0, 0, 1, 1, "ftp",
	  "21/tcp", CERTAINTY_NAME, "", 0, true, CATEGORY_PROBE, VERDICT_HOLD, false },
	{ "a lone mail knock", CATEGORY_PROBE, 1, 1, 0, 0, 1, 1, "smtp", "25/tcp",
	  CERTAINTY_CONNECTION, "", 0, false, CATEGORY_PROBE, VERDICT_IGNORE, false },
	{ "a ping", CATEGORY_PROBE, 4, 4, 0, 0, 0, 1, "ping", "", CERTAINTY_DATAGRAM,
	  "", 0, false, CATEGORY_PROBE, VERDICT_IGNORE, false },
	{ "a single packet", CATEGORY_PROBE, 1, 1, 0, 0, 1, 1, "firewall", "5060/udp",
	  CERTAINTY_DATAGRAM, "", 0, false, CATEGORY_PROBE, VERDICT_IGNORE, false },
	{ "packets that may be forged", CATEGORY_PROBE, 3, 3, 0, 0, 1, 1, "firewall",
	  "5060/udp", CERTAINTY_DATAGRAM, "", 0, false, CATEGORY_PROBE, VERDICT_HOLD,
	  false },
	{ "a scan", CATEGORY_PROBE, 7, 7, 0, 0, 7, 1, "ftp", "21/tcp",
	  CERTAINTY_CONNECTION, "", 0, false, CATEGORY_SCAN, VERDICT_HOLD, true },
	{ "four ports are no scan", CATEGORY_PROBE, 4, 4, 0, 0, 4, 1, "ftp", "21/tcp",
	  CERTAINTY_CONNECTION, "", 0, false, CATEGORY_PROBE, VERDICT_HOLD, true },
	{ "a sweep", CATEGORY_PROBE, 3, 1, 0, 0, 1, 3, "telnet", "23/tcp",
	  CERTAINTY_CONNECTION, "", 0, false, CATEGORY_SWEEP, VERDICT_REPORT, false },
	{ "a sweep of packets that may be forged", CATEGORY_PROBE, 3, 1, 0, 0, 1, 3,
	  "firewall", "23/tcp", CERTAINTY_DATAGRAM, "", 0, false, CATEGORY_SWEEP,
	  VERDICT_HOLD, false },
	{ "a flood", CATEGORY_PROBE, 5000, 1000, 0, 0, 1, 1, "http", "8080/tcp",
	  CERTAINTY_CONNECTION, "", 0, false, CATEGORY_DOS, VERDICT_REPORT, false },
	{ "a fast scan is no flood", CATEGORY_PROBE, 1002, 1002, 0, 0, 1000, 1,
	  "firewall", "80/tcp", CERTAINTY_CONNECTION, "", 0, false, CATEGORY_SCAN,
	  VERDICT_HOLD, true },
	{ "a packet that only scanners send", CATEGORY_SCAN, 1, 1, 0, 0, 1, 1,
	  "firewall", "80/tcp", CERTAINTY_DATAGRAM, "", 0, false, CATEGORY_SCAN,
	  VERDICT_HOLD, false },
	{ "such packets to many hosts", CATEGORY_SCAN, 9, 1, 0, 0, 1, 3, "firewall",
	  "80/tcp", CERTAINTY_DATAGRAM, "", 0, false, CATEGORY_SWEEP, VERDICT_HOLD,
	  false },
	{ "an answer to nothing", CATEGORY_BACKSCATTER, 1, 1, 0, 0, 1, 1, "firewall",
	  "4000/tcp", CERTAINTY_DATAGRAM, "", 0, false, CATEGORY_BACKSCATTER,
	  VERDICT_IGNORE, false },
	{ "an attack seen from far away", CATEGORY_BACKSCATTER, 9000, 9000, 0, 0, 64, 9,
	  "firewall", "4000/tcp", CERTAINTY_DATAGRAM, "", 0, false,
	  CATEGORY_BACKSCATTER, VERDICT_IGNORE, false },
	{ "one failure", CATEGORY_LOGIN_ATTACK, 1, 1, 0, 1, 1, 1, "ssh", "22/tcp",
	  CERTAINTY_CONNECTION, "", 0, false, CATEGORY_LOGIN_ATTACK, VERDICT_IGNORE,
	  true },
	{ "nine failures, two names", CATEGORY_LOGIN_ATTACK, 9, 9, 0, 2, 1, 1, "ssh",
	  "22/tcp", CERTAINTY_CONNECTION, "", 0, false, CATEGORY_LOGIN_ATTACK,
	  VERDICT_HOLD, true },
	{ "ten failures", CATEGORY_LOGIN_ATTACK, 10, 10, 0, 1, 1, 1, "ssh", "22/tcp",
	  CERTAINTY_CONNECTION, "", 0, false, CATEGORY_LOGIN_ATTACK, VERDICT_REPORT,
	  false },
	{ "three names", CATEGORY_LOGIN_ATTACK, 3, 3, 0, 3, 1, 1, "ssh", "22/tcp",
	  CERTAINTY_CONNECTION, "", 0, false, CATEGORY_LOGIN_ATTACK, VERDICT_REPORT,
	  false },
	{ "72 hours old", CATEGORY_LOGIN_ATTACK, 99, 9, 0, 3, 1, 1, "ssh", "22/tcp",
	  CERTAINTY_CONNECTION, "", 72 * HOUR_US, false, CATEGORY_LOGIN_ATTACK,
	  VERDICT_REPORT, false },
	{ "older", CATEGORY_LOGIN_ATTACK, 99, 9, 0, 3, 1, 1, "ssh", "22/tcp",
	  CERTAINTY_CONNECTION, "", 72 * HOUR_US + 1, false, CATEGORY_LOGIN_ATTACK,
	  VERDICT_HOLD, false },
	{ "59 minutes ahead", CATEGORY_LOGIN_ATTACK, 99, 9, 0, 3, 1, 1, "ssh", "22/tcp",
	  CERTAINTY_CONNECTION, "", -59 * MINUTE_US, false, CATEGORY_LOGIN_ATTACK,
	  VERDICT_REPORT, false },
	{ "an hour ahead", CATEGORY_LOGIN_ATTACK, 99, 9, 0, 3, 1, 1, "ssh", "22/tcp",
	  CERTAINTY_CONNECTION, "", -HOUR_US, false, CATEGORY_LOGIN_ATTACK,
	  VERDICT_HOLD, false },
	{ "an exploit", CATEGORY_EXPLOIT_ATTEMPT, 1, 1, 0, 0, 1, 1, "http", "80/tcp",
	  CERTAINTY_CONNECTION, "", 0, false, CATEGORY_EXPLOIT_ATTEMPT, VERDICT_REPORT,
	  false },
	{ "relaying", CATEGORY_MAIL_ABUSE, 1, 1, 0, 0, 1, 1, "smtp", "25/tcp",
	  CERTAINTY_CONNECTION, "", 0, false, CATEGORY_MAIL_ABUSE, VERDICT_REPORT,
	  false },
	{ "a login after failures", CATEGORY_LOGIN_ATTACK, 27, 9, 1, 3, 1, 1, "ssh",
	  "22/tcp", CERTAINTY_CONNECTION, "", 0, false, CATEGORY_COMPROMISE,
	  VERDICT_HOLD, false },
	{ "it was one of ours", CATEGORY_LOGIN_ATTACK, 27, 9, 1, 3, 1, 1, "ssh",
	  "22/tcp", CERTAINTY_CONNECTION, "ours", 0, false, CATEGORY_COMPROMISE,
	  VERDICT_IGNORE, false },
	{ "it was not", CATEGORY_LOGIN_ATTACK, 27, 9, 1, 3, 1, 1, "ssh", "22/tcp",
	  CERTAINTY_CONNECTION, "theirs", 0, false, CATEGORY_COMPROMISE, VERDICT_REPORT,
	  false },
};

static void tally_add(struct tally *tally, struct arena *arena, struct slice text,
		      uint64_t count)
{
	if (tally->count == INCIDENT_LIST_MAX)
		tally->beyond += count;
	else if (text.len)
		*LIST_ADD(arena, tally) = (struct tally_item){ text, count };
}

static void fill(struct arena *arena, struct tally *tally, size_t count,
		 const char *first)
{
	for (size_t i = 0; i < count; i++)
		tally_add(tally, arena,
			  i == 0 && first[0] ? slice_of(first)
					     : arena_printf(arena, "%zu/tcp", 1000 + i),
			  1);
}

static struct incident incident_of(struct arena *arena, const struct row *row)
{
	struct incident incident = {
		.base = row->base,
		.count = row->count,
		.peak = row->peak,
		.successes = row->successes,
		.certainty = row->certainty,
		.answered = slice_of(row->answered),
		.source_name = S("7dyn94.delft.ijsselkabel.example"),
	};

	if (!row->named)
		incident.source = (struct address){ FAMILY_IPV4, { 192, 0, 2, 9 } };
	incident.last = -row->age;
	fill(arena, &incident.lists[LIST_USERS], row->users, "root");
	fill(arena, &incident.lists[LIST_PORTS], row->ports, row->port);
	fill(arena, &incident.lists[LIST_SERVICES], 1, row->service);
	for (size_t i = 0; i < row->targets; i++)
		*LIST_ADD(arena, &incident.targets) = (struct incident_target){ 0 };
	return incident;
}

static void each_row_is_judged(void)
{
	struct settings s = settings();

	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct arena *arena = arena_new();
		struct incident incident = incident_of(arena, &ROWS[i]);
		struct slice reason = S("");

		incident_classify(&incident, &s);
		incident_judge(arena, &incident, &s, 0);
		if (incident.reasons.count)
			reason = incident.reasons.at[0];
		if (!CHECK_TEXT(category_name(incident.category),
				category_name(ROWS[i].category)) ||
		    !CHECK_TEXT(verdict_name(incident.verdict),
				verdict_name(ROWS[i].verdict)) ||
		    !CHECK_INT(incident.liftable, ROWS[i].liftable) ||
		    !CHECK(reason.len > 10))
			CHECK_TEXT(ROWS[i].about, "");
		arena_free(arena);
	}
}

static void only_a_small_thing_is_lifted(void)
{
	struct settings s = settings();
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
		struct incident incident = incident_of(arena, &ROWS[i]);
		enum verdict before;

		incident_classify(&incident, &s);
		incident_judge(arena, &incident, &s, 0);
		before = incident.verdict;
		incident_lift(arena, &incident, S("seen on 3 days"));
		CHECK_INT(incident.verdict, ROWS[i].liftable ? VERDICT_REPORT : before);
		CHECK_INT(incident.reasons.count, ROWS[i].liftable ? 2 : 1);
	}
	arena_free(arena);
}

static void an_old_one_says_how_old(void)
{
	static const struct {
		int64_t age;
		const char *reason;
	} rows[] = {
		{ 82 * HOUR_US, "82 hours old, over the limit of 72 hours" },
		{ 239 * HOUR_US, "239 hours old, over the limit of 72 hours" },
		{ 240 * HOUR_US, "10 days old, over the limit of 72 hours" },
		{ 8410 * HOUR_US, "350 days old, over the limit of 72 hours" },
	};
	struct settings s = settings();
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct row row = {
			.base = CATEGORY_LOGIN_ATTACK,
			.count = 99,
			.users = 3,
			.ports = 1,
			.targets = 1,
			.service = "ssh",
			.port = "22/tcp",
			.certainty = CERTAINTY_CONNECTION,
			.answered = "",
			.age = rows[i].age,
		};
		struct incident incident = incident_of(arena, &row);

		incident_judge(arena, &incident, &s, 0);
		CHECK_INT(incident.reasons.count, 1);
		CHECK_SLICE(incident.reasons.at[0], slice_of(rows[i].reason));
	}
	arena_free(arena);
}

int main(void)
{
	return CHECK_RUN(TEST(each_row_is_judged), TEST(only_a_small_thing_is_lifted),
			 TEST(an_old_one_says_how_old));
}
