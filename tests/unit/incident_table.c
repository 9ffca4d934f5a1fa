#include "incident/table.h"

#include "base/clock.h"
#include "check.h"
#include "incident/classify.h"
#include "incident/roll.h"
#include "incident/store.h"
#include "incident/tally.h"
#include "scratch.h"

#include <string.h>

static struct settings settings(void)
{
	return (struct settings){
		.judge_sweep_targets = 3,
		.judge_scan_ports = 5,
		.judge_dos_rate = 1000,
		.judge_window_us = 24 * HOUR_US,
		.judge_compromise_failures = 3,
		.judge_ipv6_prefix = 64,
		.judge_sources = 1000,
		.documentation_public = true,
	};
}

static struct event event_at(const char *source, int64_t at)
{
	struct event event = {
		.at = at,
		.target_host = S("web1"),
		.service = S("ssh"),
		.category = CATEGORY_LOGIN_ATTACK,
		.rule = S("sshd"),
		.certainty = CERTAINTY_CONNECTION,
		.count = 1,
		.line = { .text = S("a line"), .file = S("auth.log"), .number = 1 },
	};

	CHECK_INT(address_parse(slice_of(source), &event.source), 0);
	return event;
}

struct bench {
	struct arena *arena;
	struct settings settings;
	struct incident_table *table;
	struct error err;
};

static void bench_open(struct bench *bench, struct db *db)
{
	struct incident_table_options options = { .db = db };

	bench->arena = arena_new();
	bench->settings = settings();
	*LIST_ADD(bench->arena, &bench->settings.own) = S("198.51.100.0/28");
	*LIST_ADD(bench->arena, &bench->settings.allow) = S("203.0.113.7");
	*LIST_ADD(bench->arena, &bench->settings.hosts) =
		(struct settings_host){ S("web1"), S("198.51.100.5"),
					S("web1.example.net") };
	options.settings = &bench->settings;
	options.own = own_side_new(bench->arena, &bench->settings, &bench->err);
	CHECK(options.own != NULL);
	bench->table = incidents_new(&options);
}

static void bench_close(struct bench *bench)
{
	incidents_free(bench->table);
	arena_free(bench->arena);
}

static void add(struct bench *bench, struct event event)
{
	CHECK_INT(incidents_add(bench->table, &event, 0, &bench->err), 0);
}

static struct incident *at(struct bench *bench, size_t index)
{
	struct incident *incident = ARENA_NEW(bench->arena, struct incident);
	size_t place = 0;

	for (size_t i = 0; i <= index; i++)
		CHECK(incidents_next(bench->table, &place, bench->arena, incident));
	return incident;
}

static void windows_begin_with_the_first_event(void)
{
	struct bench bench = { 0 };

	bench_open(&bench, NULL);
	add(&bench, event_at("192.0.2.9", 100 * HOUR_US));
	add(&bench, event_at("192.0.2.9", 124 * HOUR_US - 1));
	add(&bench, event_at("192.0.2.9", 124 * HOUR_US));
	add(&bench, event_at("192.0.2.10", 100 * HOUR_US));
	CHECK_INT(incidents_count(bench.table), 3);
	CHECK_INT(at(&bench, 0)->count, 2);
	CHECK_INT(at(&bench, 1)->window_start, 124 * HOUR_US);
	CHECK(strcmp(at(&bench, 0)->id, at(&bench, 1)->id) != 0);
	bench_close(&bench);
}

static void an_older_event_moves_the_window_back(void)
{
	struct bench bench = { 0 };

	bench_open(&bench, NULL);
	add(&bench, event_at("192.0.2.9", 100 * HOUR_US));
	add(&bench, event_at("192.0.2.9", 90 * HOUR_US));
	CHECK_INT(incidents_count(bench.table), 1);
	CHECK_INT(at(&bench, 0)->window_start, 90 * HOUR_US);
	CHECK_INT(at(&bench, 0)->first, 90 * HOUR_US);
	add(&bench, event_at("192.0.2.9", 70 * HOUR_US));
	CHECK_INT(incidents_count(bench.table), 2);
	bench_close(&bench);
}

static void own_and_special_addresses_are_never_a_source(void)
{
	static const char *const rows[] = { "198.51.100.5", "198.51.100.15",
					    "203.0.113.7",  "10.0.0.1",
					    "127.0.0.1",    "fe80::1" };
	struct bench bench = { 0 };

	bench_open(&bench, NULL);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		add(&bench, event_at(rows[i], HOUR_US));
	CHECK_INT(incidents_count(bench.table), 0);
	CHECK_INT(incidents_counts(bench.table)->events, COUNT_OF(rows));
	add(&bench, event_at("198.51.100.16", HOUR_US));
	CHECK_INT(incidents_count(bench.table), 1);
	bench_close(&bench);
}

static void a_contested_line_names_nobody(void)
{
	struct event event = event_at("192.0.2.9", HOUR_US);
	struct bench bench = { 0 };

	bench_open(&bench, NULL);
	event.contested = true;
	add(&bench, event);
	CHECK_INT(incidents_count(bench.table), 0);
	CHECK_INT(incidents_counts(bench.table)->contested, 1);
	bench_close(&bench);
}

static void ipv6_goes_by_prefix_and_keeps_the_addresses(void)
{
	struct bench bench = { 0 };
	const struct incident *incident;

	bench_open(&bench, NULL);
	add(&bench, event_at("2001:db8:7:1::1", HOUR_US));
	add(&bench, event_at("2001:db8:7:1::2", HOUR_US));
	add(&bench, event_at("2001:db8:7:2::1", HOUR_US));
	CHECK_INT(incidents_count(bench.table), 2);
	incident = at(&bench, 0);
	CHECK_SLICE(incident_source(incident, bench.arena), S("2001:db8:7:1::/64"));
	CHECK_INT(incident->lists[LIST_ADDRESSES].count, 2);
	bench_close(&bench);
}

static void a_success_counts_only_behind_failures(void)
{
	struct event success = event_at("192.0.2.9", 10 * MINUTE_US);
	struct bench bench = { 0 };

	success.outcome = OUTCOME_SUCCESS;
	bench_open(&bench, NULL);
	add(&bench, success);
	CHECK_INT(incidents_count(bench.table), 0);
	for (int64_t i = 0; i < 2; i++)
		add(&bench, event_at("192.0.2.9", i * MINUTE_US));
	add(&bench, success);
	CHECK_INT(at(&bench, 0)->successes, 0);
	add(&bench, event_at("192.0.2.9", 3 * MINUTE_US));
	add(&bench, success);
	CHECK_INT(at(&bench, 0)->successes, 1);
	CHECK_INT(at(&bench, 0)->category, CATEGORY_COMPROMISE);
	CHECK_INT(at(&bench, 0)->success_at, 10 * MINUTE_US);
	bench_close(&bench);
}

static void targets_carry_the_public_address(void)
{
	struct event event = event_at("192.0.2.9", HOUR_US);
	struct bench bench = { 0 };
	const struct incident_target *target;

	bench_open(&bench, NULL);
	CHECK_INT(address_parse(S("10.0.0.5"), &event.target), 0);
	add(&bench, event);
	event.target_host = S("db1");
	event.target = (struct address){ 0 };
	add(&bench, event);
	CHECK_INT(at(&bench, 0)->targets.count, 2);
	target = &at(&bench, 0)->targets.at[0];
	CHECK_TEXT(address_format(&target->address).text, "198.51.100.5");
	CHECK_SLICE(target->name, S("web1.example.net"));
	CHECK_INT(at(&bench, 0)->targets.at[1].address.family, 0);
	bench_close(&bench);
}

/* What the store gives back must be what one long pass would hold. */
static void the_store_is_one_long_pass(void)
{
	struct clock clock = { .fixed = 0, .is_fixed = true };
	struct bench whole = { 0 }, parts = { 0 };
	struct scratch scratch = scratch_new();
	struct incident_roll roll;
	struct incident_name name;
	struct incident stored;
	const struct incident *want;
	struct db *db;

	db = db_open(scratch_path(&scratch, "store.db"), &clock, &parts.err);
	CHECK(db != NULL);
	bench_open(&whole, NULL);
	bench_open(&parts, db);
	for (int64_t i = 0; i < 100; i++) {
		struct event event =
			event_at("192.0.2.9", (100 - i % 7) * MINUTE_US + i);

		event.user = i % 2 ? S("root") : S("admin");
		event.line.number = (uint64_t)i;
		add(&whole, event);
		CHECK_INT(db_begin(db, &parts.err), 0);
		add(&parts, event);
		CHECK_INT(incidents_save(parts.table, &parts.err), 0);
		CHECK_INT(db_commit(db, &parts.err), 0);
		incidents_forget(parts.table);
	}
	CHECK_INT(incident_roll_all(db, &roll, &parts.err), 0);
	CHECK_INT(roll.count, 1);
	want = at(&whole, 0);
	CHECK_INT(incident_roll_get(&roll, 0, &name, &parts.err), 0);
	CHECK_TEXT(name.text, want->id);
	CHECK_INT(incident_store_get(db, whole.arena, slice_of(name.text), &stored,
				     &parts.err),
		  0);
	CHECK_INT(stored.count, want->count);
	CHECK_INT(stored.first, want->first);
	CHECK_INT(stored.last, want->last);
	CHECK_INT(stored.lists[LIST_USERS].count, 2);
	CHECK_INT(stored.lists[LIST_USERS].at[0].count, 50);
	/* 16 first, 32nd, 64th, and the newest */
	CHECK_INT(stored.evidence.count, 19);
	CHECK_INT(stored.evidence.at[18].line, 99);
	db_close(db);
	bench_close(&whole);
	bench_close(&parts);
	scratch_free(&scratch);
}

static void same_tally(const struct tally *a, const struct tally *b)
{
	CHECK_INT(a->count, b->count);
	CHECK_INT(a->beyond, b->beyond);
	CHECK_INT(tally_distinct(a), tally_distinct(b));
	for (size_t i = 0; i < a->count; i++) {
		size_t at = 0;

		while (at < b->count && !slice_equal(a->at[i].text, b->at[at].text))
			at++;
		CHECK(at < b->count);
		CHECK_INT(a->at[i].count, b->at[at].count);
	}
}

static void same_incident(const struct incident *a, const struct incident *b)
{
	CHECK_TEXT(a->id, b->id);
	CHECK_INT(a->category, b->category);
	CHECK_INT(a->count, b->count);
	CHECK_INT(a->first, b->first);
	CHECK_INT(a->last, b->last);
	CHECK_INT(a->peak, b->peak);
	CHECK_INT(a->steps, b->steps);
	CHECK_INT(a->steps_next, b->steps_next);
	CHECK_INT(a->certainty, b->certainty);
	CHECK_INT(a->time_basis, b->time_basis);
	for (size_t i = 0; i < LIST_COUNT; i++)
		same_tally(&a->lists[i], &b->lists[i]);
	CHECK_INT(a->targets.count, b->targets.count);
	CHECK_INT(targets_distinct(&a->targets), targets_distinct(&b->targets));
	for (size_t i = 0; i < a->evidence.count; i++) {
		const struct evidence *left = &a->evidence.at[i];
		const struct evidence *right = &b->evidence.at[i];

		CHECK_SLICE(left->text, right->text);
		CHECK_SLICE(left->user, right->user);
		CHECK_SLICE(left->file, right->file);
		CHECK_INT(left->line, right->line);
		CHECK_INT(left->at, right->at);
		CHECK_INT(left->source_port, right->source_port);
		CHECK_INT(left->target_port, right->target_port);
		CHECK(memcmp(&left->sha256, &right->sha256, sizeof left->sha256) == 0);
	}
}

/* The i-th act of a scan of ports one after the other, with all that an event can have. */
static struct event act_of(struct arena *arena, unsigned i)
{
	struct event event = event_at(i % 3 ? "2001:db8:7:1::1" : "2001:db8:7:1:9::2",
				      100 * MINUTE_US + i * SECOND_US + (i % 2) * 70);

	event.category = CATEGORY_PROBE;
	event.protocol = i % 5 ? PROTOCOL_TCP : PROTOCOL_UDP;
	event.target_port = (uint16_t)(1000 + i);
	event.source_port = (uint16_t)(40000 + i % 200);
	event.target_host = i % 4 ? S("web1") : S("db1");
	event.target =
		(struct address){ FAMILY_IPV4, { 198, 51, 101, (uint8_t)(i % 150) } };
	event.line.text = arena_printf(
		arena, "Nov 20 10:%02u:%02u web1 kernel: SRC=%s user%u DPT=%u",
		i / 60 % 60, i % 60, address_format(&event.source).text, i, 1000 + i);
	event.user = i % 2 ? slice_cut(event.line.text, 20, 27)
			   : arena_printf(arena, "user%u", i);
	event.line.number = i + 1;
	event.time_basis = i % 2 ? TIME_BASIS_YEAR : TIME_BASIS_ZONE;
	return event;
}

/* Packed or counted, in one pass or saved after each: the same comes out. */
static void any_split_reads_the_same(void)
{
	static const unsigned sizes[] = { 1, 3, 4, 5, 16, 40, 300 };
	struct clock clock = { .fixed = 0, .is_fixed = true };

	for (size_t s = 0; s < COUNT_OF(sizes); s++) {
		struct bench whole = { 0 }, parts = { 0 };
		struct scratch scratch = scratch_new();
		struct incident stored;
		struct incident_roll roll;
		struct incident_name name;
		struct db *db =
			db_open(scratch_path(&scratch, "s.db"), &clock, &parts.err);

		CHECK(db != NULL);
		bench_open(&whole, NULL);
		bench_open(&parts, db);
		CHECK_INT(db_begin(db, &parts.err), 0);
		for (unsigned i = 0; i < sizes[s]; i++) {
			add(&whole, act_of(whole.arena, i));
			add(&parts, act_of(whole.arena, i));
			if (i % 7 && i + 1 < sizes[s])
				continue;
			CHECK_INT(incidents_save(parts.table, &parts.err), 0);
			incidents_forget(parts.table);
		}
		CHECK_INT(db_commit(db, &parts.err), 0);
		CHECK_INT(incidents_count(whole.table), 1);
		CHECK_INT(incident_roll_all(db, &roll, &parts.err), 0);
		CHECK_INT(roll.count, 1);
		CHECK_INT(incident_roll_get(&roll, 0, &name, &parts.err), 0);
		CHECK_INT(incident_store_get(db, whole.arena, slice_of(name.text),
					     &stored, &parts.err),
			  0);
		same_incident(at(&whole, 0), &stored);
		db_close(db);
		bench_close(&whole);
		bench_close(&parts);
		scratch_free(&scratch);
	}
}

static void beyond_the_cap_the_oldest_with_little_go(void)
{
	struct bench bench = { 0 };

	bench_open(&bench, NULL);
	for (unsigned i = 0; i < 1500; i++) {
		struct event event = event_at("20.0.0.0", HOUR_US + i * SECOND_US);

		event.source.bytes[2] = (uint8_t)(i >> 8);
		event.source.bytes[3] = (uint8_t)i;
		/* who has more to tell stays: it comes first and is the oldest */
		for (unsigned n = 0; n < (i < 5 ? 10U : 1U); n++)
			add(&bench, event);
	}
	CHECK_INT(incidents_count(bench.table), 1000);
	CHECK_INT(incidents_counts(bench.table)->dropped, 500);
	CHECK_INT(incidents_counts(bench.table)->crowded, 0);
	CHECK_INT(at(&bench, 0)->count, 10);
	CHECK_INT(at(&bench, 4)->count, 10);
	/* the 6th to the 505th made room for the last 500 */
	CHECK_TEXT(address_format(&at(&bench, 5)->source).text, "20.0.3.232");
	CHECK_TEXT(address_format(&at(&bench, 999)->source).text, "20.0.3.231");
	bench_close(&bench);
}

static void backscatter_stands_apart_and_is_ignored(void)
{
	struct event knock = event_at("192.0.2.9", 100 * HOUR_US);
	struct bench bench = { 0 };
	struct incident *answers;

	bench_open(&bench, NULL);
	knock.certainty = CERTAINTY_DATAGRAM;
	for (unsigned i = 0; i < 500; i++) {
		knock.category = CATEGORY_BACKSCATTER;
		knock.target_port = (uint16_t)(2000 + i);
		add(&bench, knock);
	}
	knock.category = CATEGORY_PROBE;
	add(&bench, knock);
	CHECK_INT(incidents_count(bench.table), 2);
	answers = at(&bench, 0);
	CHECK_INT(answers->category, CATEGORY_BACKSCATTER);
	CHECK_INT(answers->count, 500);
	incident_judge(bench.arena, answers, &bench.settings, 100 * HOUR_US);
	CHECK_INT(answers->verdict, VERDICT_IGNORE);
	CHECK(!answers->liftable);
	CHECK_INT(at(&bench, 1)->count, 1);
	bench_close(&bench);
}

static void forged_packets_add_nothing_to_a_real_knock(void)
{
	struct scratch scratch = scratch_new();
	struct clock clock = { 0 };
	struct bench bench = { 0 };
	struct db *db = db_open(scratch_path(&scratch, "store"), &clock, &bench.err);
	struct event knock = event_at("192.0.2.9", 100 * HOUR_US);

	CHECK(db != NULL);
	bench_open(&bench, db);
	knock.category = CATEGORY_PROBE;
	CHECK_INT(db_begin(db, &bench.err), 0);
	for (int i = 0; i < 4; i++) {
		knock.certainty = i ? CERTAINTY_DATAGRAM : CERTAINTY_CONNECTION;
		knock.target.bytes[3]++;
		add(&bench, knock);
		CHECK_INT(incidents_save(bench.table, &bench.err), 0);
		incidents_forget(bench.table);
	}
	add(&bench, knock);
	CHECK_INT(incidents_count(bench.table), 1);
	CHECK_INT(at(&bench, 0)->count, 4);
	CHECK_INT(at(&bench, 0)->certainty, CERTAINTY_DATAGRAM);
	knock.certainty = CERTAINTY_CONNECTION;
	add(&bench, knock);
	CHECK_INT(incidents_count(bench.table), 2);
	CHECK_INT(at(&bench, 1)->count, 2);
	db_close(db);
	bench_close(&bench);
	scratch_free(&scratch);
}

int main(void)
{
	return CHECK_RUN(TEST(windows_begin_with_the_first_event),
			 TEST(an_older_event_moves_the_window_back),
			 TEST(own_and_special_addresses_are_never_a_source),
			 TEST(a_contested_line_names_nobody),
			 TEST(ipv6_goes_by_prefix_and_keeps_the_addresses),
			 TEST(a_success_counts_only_behind_failures),
			 TEST(targets_carry_the_public_address),
			 TEST(the_store_is_one_long_pass),
			 TEST(any_split_reads_the_same),
			 TEST(beyond_the_cap_the_oldest_with_little_go),
			 TEST(backscatter_stands_apart_and_is_ignored),
			 TEST(forged_packets_add_nothing_to_a_real_knock));
}
