#include "contact/budget.h"

#include "contact/budget_store.h"
#include "contact/budget_table.h"
#include "os/seats.h"

/* A lot is a hundredth of the budget, to be asked within a hundredth of the period: so
 * little is wasted by who dies, and a day's budget is not committed question by question.
 * A budget under two hundred is taken one by one, to be asked at once.                  */
enum { LOT_PART = 100, LOT_MOST = 20 };
enum { SEAT_AGAIN_MS = 100, STORE_AGAIN_MS = 1000 };
enum { BACK_OFF_FACTOR = 4, WORDS_MAX = 200 };
#define BACK_OFF_MOST_US DAY_US
/* A question arrives a little later than it was taken, and not each by the same time. */
#define LATE_MOST_US (2 * SECOND_US)

struct budget {
	struct slice name;
	const struct budget_row *row;
	uint64_t seats; /* connections of ours                    */
	struct lot lot;
	int64_t used, last_used; /* of the lot                             */
	int64_t next_at; /* it is used up until then               */
};
struct budget_list {
	struct budget **at;
	size_t count, room;
};

struct budgets {
	struct arena *arena, *words; /* `words` until the next call */
	struct budget_rows rows;
	struct budget_list list;
	const struct clock *clock;
	struct db *db, *own; /* `own` is the one of this process alone */
	struct seats *seats;
	struct slice problem;
};

static const struct clock REAL = { 0 };

static void note_problem(struct budgets *budgets, const struct error *err)
{
	if (budgets->problem.len == 0)
		budgets->problem = arena_copy(budgets->arena, slice_of(err->text));
}

/* Lots of the store mean nothing to the other one. */
static int keep_alone(struct budgets *budgets, struct error *err)
{
	if (budgets->own)
		return -1;
	budgets->own = db_open_memory(budgets->clock, err);
	if (!budgets->own)
		return -1;
	budgets->db = budgets->own;
	for (size_t i = 0; i < budgets->list.count; i++)
		budgets->list.at[i]->lot = (struct lot){ 0 };
	return 0;
}

/* True: try the same again, on the store of this process alone. */
static bool try_alone(struct budgets *budgets, struct error *err)
{
	if (err->kind == ERROR_RETRY)
		return false;
	note_problem(budgets, err);
	return keep_alone(budgets, err) == 0;
}

static int open_seats(struct budgets *budgets, struct error *err)
{
	const char *path = db_path(budgets->db);

	if (path)
		budgets->seats = seats_open(
			arena_printf(budgets->arena, "%s-seats", path).at, err);
	return path && !budgets->seats ? -1 : 0;
}

struct budgets *budgets_new(const struct budgets_options *options, struct error *err)
{
	struct arena *arena = arena_new();
	struct budgets *budgets = ARENA_NEW(arena, struct budgets);

	budgets->arena = arena;
	budgets->words = arena_new();
	budgets->db = options->db;
	budgets->clock = options->clock ? options->clock : &REAL;
	if (budget_rows_read(arena, options->rows, &budgets->rows, err) != 0)
		goto free_budgets;
	if (!budgets->db && keep_alone(budgets, err) != 0)
		goto free_budgets;
	if (open_seats(budgets, err) != 0)
		note_problem(budgets, err);
	return budgets;

free_budgets:
	budgets_free(budgets);
	return NULL;
}

static void give_back(struct budgets *budgets, struct budget *budget)
{
	struct error ignored; /* then it counts as used, which is safe */

	if (budget->lot.id && budget->used < budget->lot.taken)
		(void)!lot_return(budgets->db, budget->lot.id, budget->used,
				  budget->last_used, &ignored);
	budget->lot = (struct lot){ 0 };
}

void budgets_free(struct budgets *budgets)
{
	if (!budgets)
		return;
	for (size_t i = 0; i < budgets->list.count; i++)
		give_back(budgets, budgets->list.at[i]);
	seats_close(budgets->seats);
	db_close(budgets->own);
	arena_free(budgets->words);
	arena_free(budgets->arena);
}

struct slice budgets_problem(const struct budgets *budgets)
{
	return budgets->problem;
}

static struct slice host_key(struct arena *arena, struct slice host)
{
	if (slice_ends(host, S(".")))
		host.len--;
	return arena_lower(arena, host);
}

/* Hosts of no row share numbers, not a budget. */
static struct budget *budget_of(struct budgets *budgets, struct slice host)
{
	const struct budget_row *row = budget_row_of_host(&budgets->rows, host);
	bool other = slice_equal(row->hosts.at[0], S("*"));
	struct slice name = other ? host : row->name;
	struct budget *budget;

	for (size_t i = 0; i < budgets->list.count; i++)
		if (slice_equal(budgets->list.at[i]->name, name))
			return budgets->list.at[i];
	budget = ARENA_NEW(budgets->arena, struct budget);
	*budget =
		(struct budget){ .name = arena_copy(budgets->arena, name), .row = row };
	*LIST_ADD(budgets->arena, &budgets->list) = budget;
	return budget;
}

static enum turn_state later(struct turn *out, int64_t at, int64_t wait_ms,
			     struct slice why)
{
	*out = (struct turn){ TURN_LATER, at, wait_ms, why };
	return TURN_LATER;
}

static bool backs_off(struct budgets *budgets, struct slice host, int64_t now,
		      struct turn *out)
{
	struct back_off back_off;
	struct error err;

	if (back_off_read(budgets->db, budgets->words, host, &back_off, &err) != 0) {
		note_problem(budgets, &err);
		return false;
	}
	/* refused in the future: the clock was set back, and nobody knows since when */
	if (back_off.times == 0 || back_off.until <= now || back_off.refused_at > now)
		return false;
	*out = (struct turn){
		.state = TURN_BACK_OFF,
		.at = back_off.until,
		.wait_ms = clock_wait_ms(back_off.until - now),
		.why = arena_printf(
			budgets->words,
			"it refused at %s and is not asked again before %s: " SLICE_FMT,
			time_format(back_off.refused_at, TIME_MINUTE).text,
			time_format(back_off.until + MINUTE_US - 1, TIME_MINUTE).text,
			SLICE_ARG(back_off.words)),
	};
	return true;
}

static const char *period_words(struct arena *arena, int64_t period_us)
{
	static const struct {
		int64_t us;
		const char *one, *many;
	} units[] = { { DAY_US, "day", "days" },
		      { HOUR_US, "hour", "hours" },
		      { MINUTE_US, "minute", "minutes" },
		      { SECOND_US, "second", "seconds" } };
	size_t i = 0;

	while (i + 1 < COUNT_OF(units) && period_us % units[i].us)
		i++;
	if (period_us == units[i].us)
		return units[i].one;
	return arena_printf(arena, "%lld %s", (long long)(period_us / units[i].us),
			    units[i].many)
		.at;
}

static enum turn_state used_up(struct budgets *budgets, const struct budget *budget,
			       int64_t now, struct turn *out)
{
	struct slice why = arena_printf(
		budgets->words, "its budget (%lld a%s %s) is used up until %s",
		(long long)budget->row->questions,
		budget->row->period_us == HOUR_US ? "n" : "",
		period_words(budgets->words, budget->row->period_us),
		time_format(budget->next_at + MINUTE_US - 1, TIME_MINUTE).text);

	return later(out, budget->next_at, clock_wait_ms(budget->next_at - now), why);
}

static int64_t span_of(const struct budget_row *row)
{
	int64_t late = row->period_us / 50;

	return row->period_us + (late < LATE_MOST_US ? late : LATE_MOST_US);
}

static int next_lot(struct budgets *budgets, struct budget *budget, int64_t now,
		    struct error *err)
{
	const struct budget_row *row = budget->row;
	int64_t size = row->questions / LOT_PART;
	struct lot_wish wish = {
		.name = budget->name,
		.questions = row->questions,
		.period_us = span_of(row),
		.size = size < 2          ? 1
			: size > LOT_MOST ? LOT_MOST
					  : size,
		.life_us = size < 2 ? 0 : row->period_us / LOT_PART,
		.now = now,
	};

	give_back(budgets, budget);
	budget->used = 0;
	return lot_take(budgets->db, &wish, &budget->lot, err);
}

static enum turn_state take_question(struct budgets *budgets, struct budget *budget,
				     int64_t now, struct turn *out)
{
	struct error err;

	if (budget->used >= budget->lot.taken || now > budget->lot.until) {
		if (now < budget->next_at &&
		    budget->next_at - now <= span_of(budget->row) * 2)
			return used_up(budgets, budget, now, out);
		while (next_lot(budgets, budget, now, &err) != 0)
			if (!try_alone(budgets, &err))
				return later(out, now + SECOND_US, STORE_AGAIN_MS,
					     arena_copy(budgets->words,
							slice_of(err.text)));
		if (budget->lot.taken == 0) {
			budget->next_at = budget->lot.at;
			return used_up(budgets, budget, now, out);
		}
	}
	budget->used++;
	budget->last_used = now;
	*out = (struct turn){ .state = TURN_NOW };
	return TURN_NOW;
}

enum turn_state budgets_take(struct budgets *budgets, struct slice host,
			     struct turn *out)
{
	int64_t now = clock_now(budgets->clock);
	struct budget *budget;
	enum turn_state state;

	arena_reset(budgets->words);
	host = host_key(budgets->words, host);
	budget = budget_of(budgets, host);
	if (backs_off(budgets, host, now, out))
		return TURN_BACK_OFF;
	if (!seats_take(budgets->seats, budget->name, (unsigned)budget->row->at_once,
			&budget->seats))
		return later(out, 0, SEAT_AGAIN_MS,
			     S("as many questions to it are under way as it wants"));
	state = take_question(budgets, budget, now, out);
	if (state != TURN_NOW)
		seats_leave(budgets->seats, budget->name, &budget->seats);
	return state;
}

void budgets_end(struct budgets *budgets, struct slice host)
{
	struct budget *budget;

	arena_reset(budgets->words);
	budget = budget_of(budgets, host_key(budgets->words, host));
	seats_leave(budgets->seats, budget->name, &budget->seats);
}

void budgets_answered(struct budgets *budgets, struct slice host)
{
	struct back_off back_off;
	struct error err;

	arena_reset(budgets->words);
	host = host_key(budgets->words, host);
	if (back_off_read(budgets->db, budgets->words, host, &back_off, &err) != 0)
		return;
	/* an answer to a question from before it refused says nothing */
	if (back_off.times == 0 || back_off.until > clock_now(budgets->clock))
		return;
	if (back_off_forget(budgets->db, host, &err) != 0)
		note_problem(budgets, &err);
}

static int64_t longer_each_time(int64_t first_us, int64_t times)
{
	int64_t wait = first_us;

	while (--times > 0 && wait < BACK_OFF_MOST_US)
		wait *= BACK_OFF_FACTOR;
	return wait;
}

static int64_t back_off_time(const struct budget_row *row, int64_t times,
			     int64_t retry_after_us)
{
	int64_t wait = longer_each_time(row->back_off_us, times);

	/* what it says itself counts, unless it proved too short */
	if (retry_after_us > 0 && (times == 1 || retry_after_us > wait))
		wait = retry_after_us;
	return wait < BACK_OFF_MOST_US ? wait : BACK_OFF_MOST_US;
}

/* Longer words are cut, not in the middle of a character. */
static struct slice short_words(struct slice words)
{
	size_t len = words.len;

	if (len <= WORDS_MAX)
		return words;
	len = WORDS_MAX;
	while (len && ((unsigned char)words.at[len] & 0xc0) == 0x80)
		len--;
	return slice_cut(words, 0, len);
}

int64_t budgets_refused(struct budgets *budgets, struct slice host,
			int64_t retry_after_us, struct slice words)
{
	const struct budget_row *row;
	struct back_off back_off;
	struct error err;
	int64_t now = clock_now(budgets->clock), until;

	arena_reset(budgets->words);
	host = host_key(budgets->words, host);
	row = budget_of(budgets, host)->row;
	if (back_off_read(budgets->db, budgets->words, host, &back_off, &err) != 0)
		note_problem(budgets, &err);
	/* several questions under way are refused as one */
	if (back_off.times == 0 || back_off.until <= now || back_off.refused_at > now)
		back_off = (struct back_off){ .times = back_off.times + 1 };
	until = now + back_off_time(row, back_off.times, retry_after_us);
	if (until < back_off.until)
		until = back_off.until;
	back_off = (struct back_off){ now, until, back_off.times, short_words(words) };
	while (back_off_keep(budgets->db, host, &back_off, &err) != 0)
		if (!try_alone(budgets, &err))
			break;
	return until;
}
