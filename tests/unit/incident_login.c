/* Logins that worked before the failures of the same source. */
#include "incident/login.h"

#include "base/clock.h"
#include "check.h"
#include "incident/classify.h"
#include "incident/roll.h"
#include "incident/store.h"
#include "incident/table.h"
#include "scratch.h"

static struct settings settings;
static struct arena *arena;
static const struct own_side *own;
static struct error err;

enum { DAY_ONE = 1000 }; /* days since 1970: all instants lie there or later */

static int64_t at(int64_t day, int64_t minute)
{
	return (DAY_ONE + day) * DAY_US + minute * MINUTE_US;
}

static struct incident_table *table_new(struct db *db)
{
	struct incident_table_options options = { .settings = &settings,
						  .own = own,
						  .db = db };

	return incidents_new(&options);
}

static struct event act(const char *source, const char *user, int64_t when,
			enum outcome outcome)
{
	struct event event = { .at = when,
			       .service = S("ssh"),
			       .category = CATEGORY_LOGIN_ATTACK,
			       .outcome = outcome,
			       .rule = S("sshd"),
			       .user = slice_of(user),
			       .certainty = CERTAINTY_CONNECTION,
			       .count = 1,
			       .line = { S("a line"), S("log"), 1, 0 } };

	CHECK_INT(address_parse(slice_of(source), &event.source), 0);
	return event;
}

static void add(struct incident_table *table, struct event event)
{
	CHECK_INT(incidents_add(table, &event, 0, &err), 0);
}

static void login(struct incident_table *table, const char *user, int64_t when)
{
	add(table, act("192.0.2.9", user, when, OUTCOME_SUCCESS));
}

static void fail(struct incident_table *table, const char *user, int64_t when,
		 int64_t times)
{
	for (int64_t i = 0; i < times; i++)
		add(table,
		    act("192.0.2.9", user, when + i * MINUTE_US, OUTCOME_ATTEMPT));
}

/* The window that ends last, judged half an hour behind its end. */
static struct incident *judged(struct incident_table *table)
{
	struct incident *last = ARENA_NEW(arena, struct incident), one;
	size_t place = 0;

	while (incidents_next(table, &place, arena, &one))
		if (one.last > last->last)
			*last = one;
	incident_judge(arena, last, &settings, last->last + 30 * MINUTE_US);
	return last;
}

static void verdict_is(struct incident_table *table, enum verdict verdict,
		       const char *about)
{
	struct incident *incident = judged(table);

	if (!CHECK_TEXT(verdict_name(incident->verdict), verdict_name(verdict)))
		CHECK_TEXT(about, "");
	incidents_free(table);
}

static void a_changed_password_is_held(void)
{
	struct incident_table *table = table_new(NULL);
	struct incident *incident;

	login(table, "maria", at(0, 0));
	fail(table, "maria", at(0, 60), 20);
	incident = judged(table);
	CHECK_INT(incident->verdict, VERDICT_HOLD);
	CHECK(!incident->liftable);
	CHECK_SLICE(incident->reasons.at[0],
		    S("a login from here worked before the 20 failures: a changed "
		      "password or a stuck client does that"));
	if (CHECK_INT(incident->logins.count, 1)) {
		CHECK_SLICE(incident->logins.at[0].user, S("maria"));
		CHECK_INT(incident->logins.at[0].at, at(0, 0));
	}
	CHECK_INT(incidents_counts(table)->successes_alone, 1);
	incidents_free(table);
}

/* When the login was, beside when 20 failures were: by day and minute. */
static void a_login_counts_for_what_follows(void)
{
	static const struct {
		const char *about;
		int64_t login_day, login_minute, day, minute;
		enum verdict verdict;
	} rows[] = {
		{ "the same minute", 0, 60, 0, 60, VERDICT_HOLD },
		{ "the day before", 0, 0, 1, 60, VERDICT_HOLD },
		{ "three weeks before", 0, 0, 21, 0, VERDICT_HOLD },
		{ "as long as it is remembered", 0, 0, 30, 0, VERDICT_HOLD },
		{ "its week is over", 0, 0, 37, 0, VERDICT_REPORT },
		{ "months before", 0, 0, 90, 0, VERDICT_REPORT },
		{ "after the last", 1, 60, 0, 60, VERDICT_REPORT },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct incident_table *table = table_new(NULL);

		login(table, "maria", at(rows[i].login_day, rows[i].login_minute));
		fail(table, "maria", at(rows[i].day, rows[i].minute), 20);
		verdict_is(table, rows[i].verdict, rows[i].about);
	}
}

static void nothing_is_remembered_where_nobody_wants_it(void)
{
	struct incident_table *table;

	settings.judge_known_login_us = 0;
	table = table_new(NULL);
	login(table, "maria", at(0, 0));
	fail(table, "maria", at(0, 60), 20);
	CHECK_INT(judged(table)->logins.count, 0);
	verdict_is(table, VERDICT_REPORT, "off");
	settings.judge_known_login_us = 30 * DAY_US;
}

/* Who logged in, who failed how often, and who else. */
static void whose_names_fail(void)
{
	static const struct {
		const char *about, *user, *failed;
		int64_t count;
		const char *other[3];
		int64_t each;
		enum verdict verdict;
	} rows[] = {
		{ "her own", "maria", "maria", 500, { NULL }, 0, VERDICT_HOLD },
		{ "in capitals", "maria", "Maria", 20, { NULL }, 0, VERDICT_HOLD },
		{ "a domain",
		  "maria",
		  "maria@x.example",
		  20,
		  { NULL },
		  0,
		  VERDICT_HOLD },
		{ "no domain",
		  "maria@x.example",
		  "maria",
		  20,
		  { NULL },
		  0,
		  VERDICT_HOLD },
		{ "another domain",
		  "info@a.example",
		  "info@b.example",
		  20,
		  { NULL },
		  0,
		  VERDICT_REPORT },
		{ "a stranger's", "maria", "root", 20, { NULL }, 0, VERDICT_REPORT },
		{ "a stranger's, little",
		  "maria",
		  "root",
		  9,
		  { NULL },
		  0,
		  VERDICT_HOLD },
		{ "no name at all", "maria", "", 20, { NULL }, 0, VERDICT_HOLD },
		{ "a login without a name", "", "", 20, { NULL }, 0, VERDICT_HOLD },
		{ "a login without a name, a name that fails",
		  "",
		  "root",
		  20,
		  { NULL },
		  0,
		  VERDICT_REPORT },
		{ "two others, four each",
		  "maria",
		  "maria",
		  20,
		  { "jan", "piet" },
		  4,
		  VERDICT_HOLD },
		{ "two others, five each",
		  "maria",
		  "maria",
		  20,
		  { "jan", "piet" },
		  5,
		  VERDICT_REPORT },
		{ "three others",
		  "maria",
		  "maria",
		  20,
		  { "jan", "piet", "root" },
		  1,
		  VERDICT_REPORT },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct incident_table *table = table_new(NULL);

		login(table, rows[i].user, at(0, 0));
		fail(table, rows[i].failed, at(0, 60), rows[i].count);
		for (size_t n = 0; n < COUNT_OF(rows[i].other); n++)
			if (rows[i].other[n])
				fail(table, rows[i].other[n], at(0, 600), rows[i].each);
		verdict_is(table, rows[i].verdict, rows[i].about);
	}
}

/* `names` users, of whom `logins` had logged in; the last fails `last` times. */
static struct incident_table *crowd(int names, int logins, int64_t last)
{
	struct incident_table *table = table_new(NULL);

	for (int i = 0; i < names; i++) {
		struct slice name = arena_printf(arena, "user%d", i);

		if (i < logins)
			login(table, name.at, at(0, 0));
		fail(table, name.at, at(0, 60 + i), i == names - 1 ? last : 1);
	}
	return table;
}

static void hundreds_of_names_are_an_attack(void)
{
	verdict_is(crowd(300, 1, 1), VERDICT_REPORT, "300 names, 1 login");
	verdict_is(crowd(300, INCIDENT_LIST_MAX, 1), VERDICT_REPORT,
		   "300 names, as many logins as names fit");
	verdict_is(crowd(INCIDENT_LIST_MAX, INCIDENT_LIST_MAX, 1), VERDICT_HOLD,
		   "64 names, 64 logins");
	verdict_is(crowd(INCIDENT_LIST_MAX + 1, INCIDENT_LIST_MAX, 9), VERDICT_HOLD,
		   "one stranger that does not fit, little");
	verdict_is(crowd(INCIDENT_LIST_MAX + 1, INCIDENT_LIST_MAX, 10), VERDICT_REPORT,
		   "one stranger that does not fit");
}

/* Of an office behind one address everybody may be stuck. */
static void several_users_of_one_address(void)
{
	static const char *const users[] = { "jan", "maria", "piet", "els" };
	struct incident_table *table = table_new(NULL);
	struct incident *incident;

	for (size_t i = 0; i < COUNT_OF(users); i++)
		login(table, users[(i + 2) % 4], at(0, (int64_t)((i + 2) % 4)));
	login(table, "nobody else", at(0, 50));
	for (size_t i = 0; i < COUNT_OF(users); i++)
		fail(table, users[i], at(0, 60), 20);
	incident = judged(table);
	CHECK_INT(incident->verdict, VERDICT_HOLD);
	if (CHECK_INT(incident->logins.count, COUNT_OF(users))) {
		CHECK_SLICE(incident->logins.at[0].user, S("els"));
		CHECK_SLICE(incident->logins.at[3].user, S("jan"));
	}
	incidents_free(table);
}

/* Where no name fits, one login stands for all. */
static void one_login_stands_for_all(void)
{
	struct incident_table *table = table_new(NULL);
	struct incident *incident;

	login(table, "jan", at(0, 0));
	login(table, "maria", at(0, 5));
	login(table, "piet", at(0, 5));
	fail(table, "", at(0, 60), 20);
	incident = judged(table);
	if (CHECK_INT(incident->logins.count, 1))
		CHECK_SLICE(incident->logins.at[0].user, S("maria"));
	incidents_free(table);
}

/* Little things recur with one's own users: no history makes a report of them. */
static void what_is_little_is_not_lifted(void)
{
	for (int64_t count = 1; count < 10; count += 4) {
		struct incident_table *table = table_new(NULL);
		struct incident *incident;

		fail(table, "maria", at(0, 60), count);
		CHECK(judged(table)->liftable);
		login(table, "maria", at(0, 0));
		incident = judged(table);
		CHECK(!incident->liftable);
		CHECK_INT(incident->verdict,
			  count == 1 ? VERDICT_IGNORE : VERDICT_HOLD);
		incidents_free(table);
	}
}

static void another_source_is_another_source(void)
{
	static const struct {
		const char *login, *failures;
		enum verdict verdict;
	} rows[] = {
		{ "192.0.2.9", "192.0.2.9", VERDICT_HOLD },
		{ "192.0.2.8", "192.0.2.9", VERDICT_REPORT },
		{ "2001:db8:7:1::1", "2001:db8:7:1:9::2", VERDICT_HOLD },
		{ "2001:db8:7:2::1", "2001:db8:7:1::1", VERDICT_REPORT },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct incident_table *table = table_new(NULL);

		add(table, act(rows[i].login, "maria", at(0, 0), OUTCOME_SUCCESS));
		for (int64_t n = 0; n < 20; n++)
			add(table, act(rows[i].failures, "maria", at(0, 60 + n),
				       OUTCOME_ATTEMPT));
		verdict_is(table, rows[i].verdict, rows[i].failures);
	}
}

static void what_names_nobody_is_no_login(void)
{
	struct incident_table *table = table_new(NULL);
	struct event event = act("192.0.2.9", "maria", at(0, 0), OUTCOME_SUCCESS);

	event.contested = true;
	add(table, event);
	fail(table, "maria", at(0, 60), 20);
	verdict_is(table, VERDICT_REPORT, "contested");
	table = table_new(NULL);
	event.contested = false;
	event.category = CATEGORY_EXPLOIT_ATTEMPT;
	add(table, event);
	fail(table, "maria", at(0, 60), 20);
	verdict_is(table, VERDICT_REPORT, "an exploit that worked");
}

/* The other way round it stays what it was, and is an alarm. */
static void a_login_behind_failures_is_a_possible_compromise(void)
{
	struct incident_table *table = table_new(NULL);

	login(table, "maria", at(0, 0));
	fail(table, "maria", at(0, 60), 20);
	login(table, "maria", at(0, 90));
	CHECK_INT(judged(table)->category, CATEGORY_COMPROMISE);
	CHECK_INT(judged(table)->successes, 1);
	CHECK_INT(judged(table)->logins.count, 1);
	CHECK(!incident_logged_in(judged(table), &settings));
	verdict_is(table, VERDICT_HOLD, "compromise");
}

/* Who guessed a password is no known user by it, then or the week after. */
static void who_guessed_his_way_in_is_not_known(void)
{
	struct incident_table *table = table_new(NULL);

	fail(table, "maria", at(0, 0), 20);
	login(table, "maria", at(0, 60));
	login(table, "maria", at(2, 0));
	fail(table, "maria", at(3, 0), 20);
	verdict_is(table, VERDICT_REPORT, "after a break-in");
	table = table_new(NULL);
	login(table, "maria", at(0, 0));
	fail(table, "maria", at(10, 0), 20);
	login(table, "maria", at(10, 60));
	fail(table, "maria", at(13, 0), 20);
	verdict_is(table, VERDICT_HOLD, "known before it");
}

/* Zeek's "Login_By_Password_Guesser", alone in its log. */
static void a_detector_makes_nobody_known(void)
{
	struct incident_table *table = table_new(NULL);
	struct event event = act("192.0.2.9", "", at(0, 0), OUTCOME_SUCCESS);

	event.rule = S("zeek");
	event.retold = true;
	add(table, event);
	fail(table, "", at(0, 60), 20);
	verdict_is(table, VERDICT_REPORT, "a password was guessed");
}

/* ---- order and split ---- */

/* One who mistyped twice, got in and whose client was forgotten then; in the order of
 * `order`, and with a new transaction where `split` has a bit.                           */
enum { STORY = 15, LOGIN_AT = 2 };

static struct event story(size_t i)
{
	return act("192.0.2.9", "maria", at(0, (int64_t)i * 10),
		   i == LOGIN_AT ? OUTCOME_SUCCESS : OUTCOME_ATTEMPT);
}

static struct incident *stored_one(struct db *db)
{
	struct incident *incident = ARENA_NEW(arena, struct incident);
	struct incident_roll roll;
	struct incident_name name;

	CHECK_INT(incident_roll_all(db, &roll, &err), 0);
	CHECK_INT(roll.count, 1);
	CHECK_INT(incident_roll_get(&roll, roll.count - 1, &name, &err), 0);
	CHECK_INT(incident_store_counts(db, arena,
					arena_copy(arena, slice_of(name.text)),
					incident, &err),
		  0);
	CHECK_INT(login_store_of(db, arena, &settings, incident, &err), 0);
	incident_judge(arena, incident, &settings, incident->last);
	return incident;
}

static void add_stored(struct db *db, const struct event *events, size_t count)
{
	struct incident_table *table = table_new(db);

	CHECK_INT(db_begin(db, &err), 0);
	for (size_t i = 0; i < count; i++)
		add(table, events[i]);
	CHECK_INT(incidents_save(table, &err), 0);
	CHECK_INT(db_commit(db, &err), 0);
	incidents_free(table);
}

static struct db *store_new(struct clock *clock)
{
	struct db *db;

	*clock = (struct clock){ .is_fixed = true };
	db = db_open_memory(clock, &err);
	CHECK(db != NULL);
	return db;
}

/* Step by step through the story, from each place on, forwards and backwards. What the
 * login meets decides (with three failures before it, read first, it is a possible
 * compromise), but never that it is a report.                                          */
static void order_and_split_make_no_report(void)
{
	for (size_t from = 0; from < STORY; from++) {
		for (size_t piece = 1; piece <= STORY; piece += 7) {
			struct clock clock;
			struct db *db = store_new(&clock);
			struct event events[STORY];

			for (size_t i = 0; i < STORY; i++)
				events[i] = story((from + i * 4) % STORY);
			for (size_t i = 0; i < STORY; i += piece)
				add_stored(db, events + i,
					   STORY - i < piece ? STORY - i : piece);
			CHECK_INT(stored_one(db)->verdict, VERDICT_HOLD);
			db_close(db);
		}
	}
}

static bool logins_equal(const struct logins *a, const struct logins *b)
{
	bool equal = a->count == b->count;

	for (size_t i = 0; equal && i < a->count; i++)
		equal = a->at[i].at == b->at[i].at &&
			slice_equal(a->at[i].user, b->at[i].user);
	return equal;
}

/* Logins of six weeks and failures behind them: whatever comes first, in however many
 * pieces, with a store or without, the same logins count.                              */
enum { MANY = 97 };

static struct event of_many(size_t i)
{
	static const char *const users[] = { "maria", "jan", "piet" };
	const char *user = users[i % 3];

	if (i < 60)
		return act("192.0.2.9", user, at((int64_t)(i * 7 % 43), 0),
			   OUTCOME_SUCCESS);
	return act("192.0.2.9", user, at(45, (int64_t)i), OUTCOME_ATTEMPT);
}

static void order_and_split_find_the_same_logins(void)
{
	static const size_t steps[] = { 1, 5, 13, 48, 96 };
	struct incident_table *table = table_new(NULL);
	struct incident *whole;

	for (size_t i = 0; i < MANY; i++)
		add(table, of_many(i));
	whole = judged(table);
	CHECK_INT(whole->verdict, VERDICT_HOLD);
	CHECK_INT(whole->logins.count, 3);
	for (size_t s = 0; s < COUNT_OF(steps); s++) {
		struct clock clock;
		struct db *db = store_new(&clock);
		struct event events[MANY];
		struct incident *stored;

		for (size_t i = 0; i < MANY; i++)
			events[i] = of_many(i * steps[s] % MANY);
		for (size_t i = 0; i < MANY; i += s + 1)
			add_stored(db, events + i, MANY - i < s + 1 ? MANY - i : s + 1);
		stored = stored_one(db);
		CHECK_INT(stored->verdict, VERDICT_HOLD);
		CHECK(logins_equal(&stored->logins, &whole->logins));
		for (size_t i = 0; i < EARLY_MAX; i++)
			CHECK_INT(stored->early.at[i], whole->early.at[i]);
		db_close(db);
	}
	incidents_free(table);
}

/* A ban says nothing of the earliest failures, in whatever run it is read. */
static void a_detector_tells_of_no_early_failure(void)
{
	for (size_t piece = 1; piece <= STORY + 1; piece += STORY) {
		struct clock clock;
		struct db *db = store_new(&clock);
		struct event events[STORY + 1] = { story(LOGIN_AT), story(0) };

		events[1].rule = S("fail2ban");
		events[1].retold = true;
		events[1].count = STORY;
		for (size_t i = 0; i + 1 < STORY; i++)
			events[2 + i] = story(i < LOGIN_AT ? i : i + 1);
		for (size_t i = 0; i <= STORY; i += piece)
			add_stored(db, events + i, piece);
		CHECK_INT(stored_one(db)->early.at[EARLY_MAX - 1], at(0, 40));
		CHECK_INT(stored_one(db)->verdict, VERDICT_HOLD);
		db_close(db);
	}
}

/* ---- the store ---- */

static void the_answer_ours_makes_him_known(void)
{
	static const char *const answers[] = { "", "theirs", "ours" };

	for (size_t a = 0; a < COUNT_OF(answers); a++) {
		struct clock clock;
		struct db *db = store_new(&clock);
		struct incident incident;
		struct incident_roll roll;
		struct incident_name name;
		struct event events[30];

		for (size_t i = 0; i < 30; i++)
			events[i] = act("192.0.2.9", "maria", at(0, (int64_t)i),
					i == 15 ? OUTCOME_SUCCESS : OUTCOME_ATTEMPT);
		for (size_t i = 16; i < 30; i++)
			events[i].at = at(2, (int64_t)i);
		add_stored(db, events, 30);
		CHECK_INT(incident_roll_all(db, &roll, &err), 0);
		CHECK_INT(roll.count, 2);
		CHECK_INT(incident_roll_get(&roll, 0, &name, &err), 0);
		CHECK_INT(incident_store_answer(db, slice_of(name.text),
						slice_of(answers[a]), &err),
			  0);
		CHECK_INT(incident_roll_get(&roll, 1, &name, &err), 0);
		CHECK_INT(incident_store_counts(db, arena, slice_of(name.text),
						&incident, &err),
			  0);
		CHECK_INT(login_store_of(db, arena, &settings, &incident, &err), 0);
		CHECK_INT(incident.logins.count, a == 2 ? 1 : 0);
		db_close(db);
	}
}

static void a_narrower_prefix_is_found_in_a_wider_one(void)
{
	struct clock clock;
	struct db *db = store_new(&clock);
	struct event events[13];

	events[0] = act("2001:db8:7:1::1", "maria", at(0, 0), OUTCOME_SUCCESS);
	for (size_t i = 1; i < 13; i++)
		events[i] = act("2001:db8:7:2::1", "maria", at(1, (int64_t)i),
				OUTCOME_ATTEMPT);
	add_stored(db, events, 1);
	settings.judge_ipv6_prefix = 48;
	add_stored(db, events + 1, 12);
	CHECK_INT(stored_one(db)->verdict, VERDICT_HOLD);
	settings.judge_ipv6_prefix = 64;
	db_close(db);
}

static void a_store_forgets_no_sooner_and_no_later(void)
{
	static const struct {
		int64_t day;
		size_t logins;
	} rows[] = { { 30, 1 }, { 37, 0 } };

	for (size_t r = 0; r < COUNT_OF(rows); r++) {
		struct clock clock;
		struct db *db = store_new(&clock);
		struct event events[2] = {
			act("192.0.2.9", "maria", at(0, 0), OUTCOME_SUCCESS),
			act("192.0.2.9", "maria", at(rows[r].day, 0), OUTCOME_ATTEMPT),
		};

		add_stored(db, events, 2);
		CHECK_INT(stored_one(db)->logins.count, rows[r].logins);
		db_close(db);
	}
}

static int64_t logins_left(struct db *db)
{
	struct statement *s = db_prepare(db, "SELECT count(*) FROM login", &err);
	int64_t count = -1;

	if (CHECK(s != NULL) && db_step(s, &err) == 1)
		count = column_int(s, 0);
	if (s)
		db_reset(s);
	return count;
}

static void old_ones_are_forgotten(void)
{
	struct clock clock;
	struct db *db = store_new(&clock);
	struct event events[] = {
		act("192.0.2.9", "maria", at(0, 0), OUTCOME_SUCCESS),
		act("192.0.2.9", "maria", at(0, 5), OUTCOME_SUCCESS),
		act("192.0.2.9", "maria", at(14, 0), OUTCOME_SUCCESS),
	};

	add_stored(db, events, COUNT_OF(events));
	CHECK_INT(logins_left(db), 2);
	/* a day of a window and three of what is not stale go beside the thirty */
	CHECK_INT(login_store_prune(db, &settings, at(34, 0), &err), 0);
	CHECK_INT(logins_left(db), 2);
	CHECK_INT(login_store_prune(db, &settings, at(41, 0), &err), 0);
	CHECK_INT(logins_left(db), 1);
	settings.judge_known_login_us = 0;
	CHECK_INT(login_store_prune(db, &settings, at(15, 0), &err), 0);
	CHECK_INT(logins_left(db), 0);
	settings.judge_known_login_us = 30 * DAY_US;
	db_close(db);
}

/* What an older version counted tells no more than its first failure. */
static void an_older_store_is_read(void)
{
	struct clock clock;
	struct db *db = store_new(&clock);
	struct event events[STORY];
	struct statement *s;

	for (size_t i = 0; i < STORY; i++)
		events[i] = story(i);
	add_stored(db, events, STORY);
	CHECK_INT(stored_one(db)->verdict, VERDICT_HOLD);
	s = db_prepare(db, "UPDATE incident SET early = ''", &err);
	if (CHECK(s != NULL))
		CHECK_INT(db_run(s, &err), 0);
	CHECK_INT(stored_one(db)->verdict, VERDICT_REPORT);
	CHECK_INT(stored_one(db)->early.at[EARLY_MAX - 1], at(0, 0));
	db_close(db);
}

static void room_is_limited(void)
{
	struct login_table *table;
	struct address source = { FAMILY_IPV4, { 192, 0, 2, 9 } };

	settings.judge_sources = 2;
	table = login_table_new(&settings, S(""), NULL);
	CHECK(login_table_add(table, &source, S("jan"), at(0, 0)));
	CHECK(login_table_add(table, &source, S("jan"), at(0, 1)));
	CHECK(login_table_add(table, &source, S("maria"), at(0, 0)));
	CHECK(!login_table_add(table, &source, S("piet"), at(0, 0)));
	login_table_free(table);
	settings.judge_sources = 1000;
}

static void the_earliest_come_first(void)
{
	static const int64_t times[] = { 50, 20, 40, 60, 10, 30, 20 };
	static const int64_t want[] = { 10, 20, 20, 30 };
	struct early early = { .count = 0 };

	for (size_t i = 0; i < COUNT_OF(times); i++)
		early_add(&early, times[i], 1);
	CHECK_INT(early.count, EARLY_MAX);
	for (size_t i = 0; i < EARLY_MAX; i++)
		CHECK_INT(early.at[i], want[i]);
	early_add(&early, 5, UINT64_MAX);
	CHECK_INT(early.at[EARLY_MAX - 1], 5);
	early = (struct early){ .count = 0 };
	early_add(&early, 5, 2);
	CHECK_INT(early.count, 2);
}

static void of_a_probe_nothing_is_early(void)
{
	struct incident_table *table = table_new(NULL);
	struct event event = act("192.0.2.9", "", at(0, 0), OUTCOME_ATTEMPT);

	event.category = CATEGORY_PROBE;
	for (int i = 0; i < 9; i++)
		add(table, event);
	CHECK_INT(judged(table)->early.count, 0);
	incidents_free(table);
}

int main(void)
{
	settings = (struct settings){ .judge_failures = 10,
				      .judge_users = 3,
				      .judge_sweep_targets = 3,
				      .judge_scan_ports = 5,
				      .judge_dos_rate = 1000,
				      .judge_window_us = 24 * HOUR_US,
				      .judge_stale_us = 72 * HOUR_US,
				      .judge_known_login_us = 30 * DAY_US,
				      .judge_compromise_failures = 3,
				      .judge_ipv6_prefix = 64,
				      .judge_sources = 1000,
				      .documentation_public = true };
	arena = arena_new();
	own = own_side_new(arena, &settings, &err);
	return CHECK_RUN(
		TEST(a_changed_password_is_held), TEST(a_login_counts_for_what_follows),
		TEST(nothing_is_remembered_where_nobody_wants_it),
		TEST(whose_names_fail), TEST(hundreds_of_names_are_an_attack),
		TEST(several_users_of_one_address), TEST(one_login_stands_for_all),
		TEST(what_is_little_is_not_lifted),
		TEST(another_source_is_another_source),
		TEST(what_names_nobody_is_no_login),
		TEST(a_login_behind_failures_is_a_possible_compromise),
		TEST(who_guessed_his_way_in_is_not_known),
		TEST(a_detector_makes_nobody_known),
		TEST(order_and_split_make_no_report),
		TEST(order_and_split_find_the_same_logins),
		TEST(a_detector_tells_of_no_early_failure),
		TEST(the_answer_ours_makes_him_known),
		TEST(a_narrower_prefix_is_found_in_a_wider_one),
		TEST(a_store_forgets_no_sooner_and_no_later),
		TEST(old_ones_are_forgotten), TEST(of_a_probe_nothing_is_early),
		TEST(an_older_store_is_read), TEST(room_is_limited),
		TEST(the_earliest_come_first));
}
