#include "check.h"
#include "contact/budget.h"
#include "contact/budget_table.h"
#include "scratch.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ASKERS = 3, TAKEN_MAX = 40000 };

/* Processes on one store: each has its own connection to it. */
struct place {
	struct scratch scratch;
	struct clock clock;
	struct db *db[ASKERS];
	struct budgets *askers[ASKERS];
};

static void start(struct place *place, size_t i, const char *rows)
{
	struct slice own[] = { slice_of(rows) };
	struct error err = { 0 };

	place->db[i] =
		db_open(scratch_path(&place->scratch, "store.db"), &place->clock, &err);
	if (!CHECK(place->db[i] != NULL))
		CHECK_TEXT(err.text, "");
	place->askers[i] = budgets_new(
		&(struct budgets_options){
			.db = place->db[i],
			.rows = &(struct slices){ own, *rows != 0, 1 },
			.clock = &place->clock },
		&err);
	if (!CHECK(place->askers[i] != NULL))
		CHECK_TEXT(err.text, "");
}

static void stop(struct place *place, size_t i)
{
	budgets_free(place->askers[i]);
	db_close(place->db[i]);
	place->askers[i] = NULL;
	place->db[i] = NULL;
}

static void place_init(struct place *place)
{
	*place = (struct place){ .scratch = scratch_new(),
				 .clock = { 1000 * DAY_US, true } };
}

static void place_clear(struct place *place)
{
	for (size_t i = 0; i < ASKERS; i++)
		if (place->askers[i])
			stop(place, i);
	scratch_free(&place->scratch);
}

static enum turn_state ask(struct place *place, size_t i, const char *host)
{
	struct turn turn;
	enum turn_state state = budgets_take(place->askers[i], slice_of(host), &turn);

	if (state == TURN_NOW)
		budgets_end(place->askers[i], slice_of(host));
	return state;
}

static int64_t at[TAKEN_MAX];
static size_t taken;

/* All of them ask whenever they may, for so long, in steps. */
static void ask_all(struct place *place, const char *host, int64_t for_us,
		    int64_t step_us)
{
	int64_t end = place->clock.fixed + for_us;

	for (; place->clock.fixed < end; place->clock.fixed += step_us)
		for (size_t i = 0; i < ASKERS; i++)
			while (taken < TAKEN_MAX && place->askers[i] &&
			       ask(place, i, host) == TURN_NOW)
				at[taken++] = place->clock.fixed;
}

/* The most in any span of a period. */
static size_t densest(int64_t period_us)
{
	size_t most = 0, first = 0;

	for (size_t i = 0; i < taken; i++) {
		while (at[first] <= at[i] - period_us)
			first++;
		if (i - first + 1 > most)
			most = i - first + 1;
	}
	return most;
}

static void numbers_of_the_servers(void)
{
	static const struct {
		const char *host, *name;
		int64_t questions, period_us, at_once;
	} rows[] = {
		{ "rdap.db.ripe.net", "ripe", 1000, DAY_US, 3 },
		{ "whois.ripe.net", "ripe-whois", 1, SECOND_US, 3 },
		{ "rdap.lacnic.net", "lacnic", 10, MINUTE_US, 2 },
		{ "whois.arin.net", "arin", 1, SECOND_US, 2 },
		{ "rdap.afrinic.net", "afrinic", 5000, DAY_US, 2 },
		{ "whois.kisa.or.kr", "krnic", 1, 2 * SECOND_US, 1 },
		{ "whois.nic.ad.jp", "jpnic", 1, 2 * SECOND_US, 1 },
		{ "rwhois.northwind.example", "other", 1, 2 * SECOND_US, 1 },
	};
	struct arena *arena = arena_new();
	struct budget_rows all;
	struct error err;

	CHECK_INT(budget_rows_read(arena, NULL, &all, &err), 0);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct budget_row *row =
			budget_row_of_host(&all, slice_of(rows[i].host));

		CHECK_SLICE(row->name, slice_of(rows[i].name));
		CHECK_INT(row->questions, rows[i].questions);
		CHECK_INT(row->period_us, rows[i].period_us);
		CHECK_INT(row->at_once, rows[i].at_once);
		CHECK(row->back_off_us >= MINUTE_US);
	}
	arena_free(arena);
}

static void own_rows(void)
{
	struct slice own[] = { S("lacnic 20 1m"), S("whois.arin.net 5 2s 4 1h"),
			       S("whois.new.example 7 1d # ours") };
	struct arena *arena = arena_new();
	struct budget_rows all;
	struct error err;

	CHECK_INT(budget_rows_read(arena, &(struct slices){ own, 3, 3 }, &all, &err),
		  0);
	CHECK_INT(budget_row_of_host(&all, S("rdap.lacnic.net"))->questions, 20);
	CHECK_INT(budget_row_of_host(&all, S("rdap.lacnic.net"))->at_once, 2);
	CHECK_INT(budget_row_of_host(&all, S("rdap.arin.net"))->questions, 1);
	CHECK_INT(budget_row_of_host(&all, S("whois.arin.net"))->questions, 5);
	CHECK_INT(budget_row_of_host(&all, S("whois.arin.net"))->at_once, 4);
	CHECK_INT(budget_row_of_host(&all, S("whois.arin.net"))->back_off_us, HOUR_US);
	CHECK_INT(budget_row_of_host(&all, S("whois.new.example"))->questions, 7);
	CHECK_INT(budget_row_of_host(&all, S("whois.new.example"))->period_us, DAY_US);
	own[0] = S("* 3 9s 5");
	CHECK_INT(budget_rows_read(arena, &(struct slices){ own, 1, 1 }, &all, &err),
		  0);
	CHECK_INT(budget_row_of_host(&all, S("any.example"))->questions, 3);
	CHECK_INT(budget_row_of_host(&all, S("whois.arin.net"))->at_once, 5);
	arena_free(arena);
}

static void rows_that_are_none(void)
{
	static const char *const rows[] = {
		"",
		"lacnic",
		"lacnic 10",
		"lacnic 0 1m",
		"lacnic 10 m",
		"lacnic 10 1",
		"lacnic 10 0s",
		"lacnic -1 1m",
		"lacnic 10 1m 0",
		"lacnic 10 1m 65",
		"lacnic 10 1m 2 soon",
		"lacnic 10 32d",
		"lacnic 10 1m 2 5m whois.example",
		"lacnic 99999999999999999999 1m",
	};
	struct arena *arena = arena_new();

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct slice own[] = { slice_of(rows[i]) };
		struct budget_rows all;
		struct error err = { 0 };

		if (!CHECK_INT(budget_rows_read(arena, &(struct slices){ own, 1, 1 },
						&all, &err),
			       -1))
			CHECK_TEXT(rows[i], "");
		CHECK_INT(err.kind, ERROR_CONFIG);
	}
	arena_free(arena);
}

/* Whatever lots there are, no span of the period sees more; and little less is used. */
static void no_span_sees_more(void)
{
	static const struct {
		const char *host;
		int64_t questions, period_us, step_us;
	} rows[] = {
		{ "rdap.lacnic.net", 10, MINUTE_US, 700000 },
		{ "rdap.arin.net", 1, SECOND_US, 30000 },
		{ "whois.nic.ad.jp", 1, 2 * SECOND_US, 30000 },
		{ "rdap.db.ripe.net", 1000, DAY_US, 61 * SECOND_US },
		{ "whois.afrinic.net", 5000, DAY_US, 61 * SECOND_US },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct place place;
		int64_t period = rows[i].period_us;

		place_init(&place);
		for (size_t k = 0; k < ASKERS; k++)
			start(&place, k, "");
		taken = 0;
		ask_all(&place, rows[i].host, 3 * period, rows[i].step_us);
		if (!CHECK((int64_t)densest(period) <= rows[i].questions) ||
		    !CHECK((int64_t)taken * 20 >= 3 * rows[i].questions * 18))
			CHECK_TEXT(rows[i].host, "");
		place_clear(&place);
	}
}

static void ask_once_and_die(struct place *place)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		start(place, 0, "");
		if (ask(place, 0, "rdap.db.ripe.net") == TURN_NOW)
			kill(getpid(), SIGKILL);
		_exit(1);
	}
	CHECK_INT(waitpid(child, &status, 0), child);
	CHECK(WIFSIGNALED(status));
}

static void a_crash_wastes_a_lot_at_most(void)
{
	struct place place;

	place_init(&place);
	taken = 0;
	for (int i = 0; i < 20; i++) {
		ask_once_and_die(&place);
		at[taken++] = place.clock.fixed;
		place.clock.fixed += MINUTE_US;
	}
	start(&place, 1, "");
	ask_all(&place, "rdap.db.ripe.net", HOUR_US, 61 * SECOND_US);
	CHECK(densest(DAY_US) <= 1000);
	CHECK_INT(taken, 820);
	place_clear(&place);
}

static void what_is_left_is_given_back(void)
{
	struct place place;

	place_init(&place);
	taken = 0;
	for (int i = 0; i < 50; i++) {
		start(&place, 0, "");
		CHECK_INT(ask(&place, 0, "rdap.db.ripe.net"), TURN_NOW);
		stop(&place, 0);
	}
	start(&place, 1, "");
	ask_all(&place, "rdap.db.ripe.net", HOUR_US, 61 * SECOND_US);
	CHECK_INT(taken, 950);
	place_clear(&place);
}

static void says_when_and_why(void)
{
	struct place place;
	struct turn turn;

	place_init(&place);
	start(&place, 0, "");
	for (int i = 0; i < 10; i++)
		CHECK_INT(ask(&place, 0, "rdap.lacnic.net"), TURN_NOW);
	CHECK_INT(budgets_take(place.askers[0], S("WHOIS.LACNIC.NET."), &turn),
		  TURN_LATER);
	CHECK_INT(turn.at, place.clock.fixed + MINUTE_US + 1200000);
	CHECK_INT(turn.wait_ms, 61200 + 1);
	CHECK_SLICE(turn.why, S("its budget (10 a minute) is used up until 1972-09-27 "
				"00:02 UTC"));
	place.clock.fixed = turn.at;
	CHECK_INT(ask(&place, 0, "whois.lacnic.net"), TURN_NOW);
	place_clear(&place);
}

static void the_clock_may_be_set_back(void)
{
	struct place place;

	place_init(&place);
	start(&place, 0, "");
	start(&place, 1, "");
	for (int i = 0; i < 10; i++)
		CHECK_INT(ask(&place, 0, "rdap.lacnic.net"), TURN_NOW);
	CHECK_INT(ask(&place, 0, "rdap.lacnic.net"), TURN_LATER);
	place.clock.fixed -= 30 * DAY_US;
	CHECK_INT(ask(&place, 1, "rdap.lacnic.net"), TURN_LATER);
	place.clock.fixed += 2 * MINUTE_US;
	CHECK_INT(ask(&place, 1, "rdap.lacnic.net"), TURN_NOW);
	CHECK_INT(ask(&place, 0, "rdap.lacnic.net"), TURN_NOW);
	place_clear(&place);
}

static void connections_are_counted_together(void)
{
	struct slice host = S("rdap.db.ripe.net");
	struct place place;
	struct turn turn;

	place_init(&place);
	for (size_t i = 0; i < ASKERS; i++)
		start(&place, i, "");
	CHECK_INT(budgets_take(place.askers[0], host, &turn), TURN_NOW);
	CHECK_INT(budgets_take(place.askers[0], host, &turn), TURN_NOW);
	CHECK_INT(budgets_take(place.askers[1], host, &turn), TURN_NOW);
	CHECK_INT(budgets_take(place.askers[1], host, &turn), TURN_LATER);
	CHECK_INT(turn.at, 0);
	CHECK_INT(budgets_take(place.askers[0], host, &turn), TURN_LATER);
	CHECK_INT(budgets_take(place.askers[2], S("rdap.arin.net"), &turn), TURN_NOW);
	stop(&place, 0); /* as the end of a process does */
	CHECK_INT(budgets_take(place.askers[2], host, &turn), TURN_NOW);
	CHECK_INT(budgets_take(place.askers[2], host, &turn), TURN_NOW);
	CHECK_INT(budgets_take(place.askers[2], host, &turn), TURN_LATER);
	budgets_end(place.askers[1], host);
	CHECK_INT(budgets_take(place.askers[2], host, &turn), TURN_NOW);
	place_clear(&place);
}

static int64_t back_off(struct place *place, size_t i, const char *host)
{
	struct turn turn;

	if (budgets_take(place->askers[i], slice_of(host), &turn) != TURN_BACK_OFF)
		return 0;
	return turn.at - place->clock.fixed;
}

static void longer_each_time(void)
{
	static const int64_t minutes[] = { 5, 20, 80, 320, 1280, 1440, 1440 };
	struct place place;

	place_init(&place);
	for (size_t i = 0; i < COUNT_OF(minutes); i++) {
		start(&place, 0, "");
		budgets_refused(place.askers[0], S("rdap.lacnic.net"), 0,
				S("too many"));
		stop(&place, 0);
		start(&place, 1, "");
		CHECK_INT(back_off(&place, 1, "rdap.lacnic.net"),
			  minutes[i] * MINUTE_US);
		CHECK_INT(back_off(&place, 1, "rdap.arin.net"), 0);
		stop(&place, 1);
		place.clock.fixed += minutes[i] * MINUTE_US;
	}
	start(&place, 0, "");
	CHECK_INT(back_off(&place, 0, "rdap.lacnic.net"), 0);
	budgets_answered(place.askers[0], S("RDAP.lacnic.net"));
	budgets_refused(place.askers[0], S("rdap.lacnic.net"), 0, S("too many"));
	CHECK_INT(back_off(&place, 0, "rdap.lacnic.net"), 5 * MINUTE_US);
	place_clear(&place);
}

static void what_the_server_says_counts(void)
{
	struct place place;
	struct turn turn;

	place_init(&place);
	start(&place, 0, "");
	budgets_refused(place.askers[0], S("rdap.arin.net"), 7 * SECOND_US,
			S("HTTP 429"));
	/* others that were under way are refused as well: it is one refusal */
	budgets_refused(place.askers[0], S("rdap.arin.net"), 7 * SECOND_US,
			S("HTTP 429"));
	budgets_answered(place.askers[0], S("rdap.arin.net"));
	CHECK_INT(back_off(&place, 0, "rdap.arin.net"), 7 * SECOND_US);
	CHECK_INT(budgets_take(place.askers[0], S("rdap.arin.net"), &turn),
		  TURN_BACK_OFF);
	CHECK_SLICE(turn.why, S("it refused at 1972-09-27 00:00 UTC and is not asked "
				"again before 1972-09-27 00:01 UTC: HTTP 429"));
	place.clock.fixed += 7 * SECOND_US;
	CHECK_INT(ask(&place, 0, "rdap.arin.net"), TURN_NOW);
	budgets_refused(place.askers[0], S("rdap.arin.net"), 7 * SECOND_US,
			S("HTTP 429"));
	CHECK_INT(back_off(&place, 0, "rdap.arin.net"), 20 * MINUTE_US);
	budgets_refused(place.askers[0], S("whois.ripe.net"), 400 * DAY_US, S("never"));
	CHECK_INT(back_off(&place, 0, "whois.ripe.net"), DAY_US);
	place_clear(&place);
}

static void long_words_are_cut_between_characters(void)
{
	char words[302];
	struct place place;
	struct turn turn;

	for (size_t i = 0; i + 1 < sizeof words; i += 2) {
		words[i] = '\xc3';
		words[i + 1] = '\xa4';
	}
	words[0] = words[1] = 'x';
	words[2] = 'x';
	for (size_t i = 3; i + 1 < sizeof words; i += 2) {
		words[i] = '\xc3';
		words[i + 1] = '\xa4';
	}
	place_init(&place);
	start(&place, 0, "");
	budgets_refused(place.askers[0], S("rdap.arin.net"), 0,
			(struct slice){ words, sizeof words - 1 });
	CHECK_INT(budgets_take(place.askers[0], S("rdap.arin.net"), &turn),
		  TURN_BACK_OFF);
	CHECK(slice_ends(turn.why, S("\xc3\xa4")));
	CHECK(turn.why.len < 300);
	place_clear(&place);
}

static void without_a_store(void)
{
	struct clock clock = { DAY_US, true };
	struct error err = { 0 };
	struct turn turn;
	struct budgets *budgets =
		budgets_new(&(struct budgets_options){ .clock = &clock }, &err);

	if (!CHECK(budgets != NULL))
		CHECK_TEXT(err.text, "");
	CHECK_INT(budgets_take(budgets, S("rdap.arin.net"), &turn), TURN_NOW);
	budgets_end(budgets, S("rdap.arin.net"));
	CHECK_INT(budgets_take(budgets, S("rdap.arin.net"), &turn), TURN_LATER);
	CHECK_SLICE(budgets_problem(budgets), S(""));
	budgets_free(budgets);
}

int main(void)
{
	return CHECK_RUN(
		TEST(numbers_of_the_servers), TEST(own_rows), TEST(rows_that_are_none),
		TEST(no_span_sees_more), TEST(a_crash_wastes_a_lot_at_most),
		TEST(what_is_left_is_given_back), TEST(says_when_and_why),
		TEST(the_clock_may_be_set_back), TEST(connections_are_counted_together),
		TEST(longer_each_time), TEST(what_the_server_says_counts),
		TEST(long_words_are_cut_between_characters), TEST(without_a_store));
}
