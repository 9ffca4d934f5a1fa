#include "proxy/upstream.h"

#include "base/digest.h"
#include "os/loop.h"

#include <stdio.h>
#include <stdlib.h>

/* A finder is given no new questions once its first one is so old, or it holds so much,
 * and the other one has nothing under way.                                             */
enum { TERM_MS = 2000, TERM_BYTES = 32 * 1024 * 1024, FINDERS = 2, TABLE_SIZE = 1024 };

struct flight {
	struct flight *next, **link; /* among those of its finder */
	struct flight *next_same_hash;
	struct arena *arena;
	struct proxy_query query;
	struct whois_question *question;
	struct waiter *waiters;
};
struct term { /* what one finder has under way */
	struct finder *finder;
	struct flight *flights;
	int64_t began_ms;
	bool renew; /* the lists of servers, once nothing is under way */
};
struct upstream {
	struct upstream_options options;
	struct term terms[FINDERS];
	size_t now; /* which of them is given new questions */
	size_t count;
	struct flight *table[TABLE_SIZE];
	struct loop_timer *turn;
};

static void turn_wanted(void *context)
{
	struct upstream *upstream = context;

	loop_timer_start(upstream->turn, 0);
}

static struct flight **flight_place(struct upstream *upstream, struct slice key)
{
	struct flight **at = &upstream->table[table_hash(key) % TABLE_SIZE];

	while (*at && !slice_equal((*at)->query.key, key))
		at = &(*at)->next_same_hash;
	return at;
}

void upstream_leave(struct waiter *waiter)
{
	if (!waiter->link)
		return;
	*waiter->link = waiter->next;
	if (waiter->next)
		waiter->next->link = waiter->link;
	waiter->link = NULL;
}

static void give(struct upstream *upstream, struct flight *flight)
{
	struct whois_result result;
	const void *answer;

	whois_end(flight->question, &result);
	answer = upstream->options.made(upstream->options.context, &flight->query,
					&result);
	while (flight->waiters) {
		struct waiter *waiter = flight->waiters;

		upstream_leave(waiter);
		waiter->answered(waiter, answer);
	}
	upstream->options.done(upstream->options.context, answer);
}

static void flight_end(struct upstream *upstream, struct flight *flight)
{
	struct flight **at = flight_place(upstream, flight->query.key);

	*at = flight->next_same_hash;
	*flight->link = flight->next;
	if (flight->next)
		flight->next->link = flight->link;
	upstream->count--;
	give(upstream, flight);
	arena_free(flight->arena);
}

static void term_turn(struct upstream *upstream, struct term *term)
{
	struct flight *flight = term->flights;
	struct error ignored; /* who called upstream_renew_lists() could read them */

	while (flight) {
		struct flight *next = flight->next;

		if (whois_advance(flight->question))
			flight_end(upstream, flight);
		flight = next;
	}
	whois_start(term->finder);
	if (term->flights || !whois_is_idle(term->finder))
		return;
	whois_forget(term->finder);
	if (term->renew)
		(void)!finder_renew_bootstrap(term->finder, &ignored);
	term->renew = false;
}

static void turn_came(void *context)
{
	struct upstream *upstream = context;

	for (size_t i = 0; i < FINDERS; i++)
		term_turn(upstream, &upstream->terms[i]);
}

struct upstream *upstream_new(const struct upstream_options *options, struct error *err)
{
	struct upstream *upstream = calloc(1, sizeof *upstream);

	if (!upstream)
		abort();
	upstream->options = *options;
	upstream->turn = loop_timer_new(options->loop, turn_came, upstream);
	for (size_t i = 0; i < FINDERS; i++) {
		upstream->terms[i].finder = finder_new(
			&(struct finder_options){ .settings = options->settings,
						  .clock = options->clock,
						  .db = options->db,
						  .allow_registries = true,
						  .loop = options->loop,
						  .answered = turn_wanted,
						  .context = upstream },
			err);
		if (!upstream->terms[i].finder) {
			upstream_free(upstream);
			return NULL;
		}
	}
	return upstream;
}

void upstream_renew_lists(struct upstream *upstream)
{
	for (size_t i = 0; i < FINDERS; i++)
		upstream->terms[i].renew = true;
	turn_wanted(upstream);
}

bool upstream_is_busy(const struct upstream *upstream)
{
	for (size_t i = 0; i < FINDERS; i++)
		if (upstream->terms[i].finder &&
		    !whois_is_idle(upstream->terms[i].finder))
			return true;
	return upstream->count > 0;
}

void upstream_free(struct upstream *upstream)
{
	if (!upstream)
		return;
	while (upstream_is_busy(upstream))
		loop_turn(upstream->options.loop);
	for (size_t i = 0; i < FINDERS; i++)
		finder_free(upstream->terms[i].finder);
	loop_timer_free(upstream->turn);
	free(upstream);
}

/* The finder for a new question. */
static struct term *term_now(struct upstream *upstream)
{
	struct term *term = &upstream->terms[upstream->now];
	struct term *other = &upstream->terms[(upstream->now + 1) % FINDERS];
	int64_t now_ms = loop_now_ms(upstream->options.loop);

	if (term->flights && !other->flights &&
	    (now_ms - term->began_ms > TERM_MS ||
	     whois_size_bytes(term->finder) > TERM_BYTES)) {
		upstream->now = (upstream->now + 1) % FINDERS;
		term = other;
	}
	if (!term->flights)
		term->began_ms = now_ms;
	return term;
}

static struct flight *flight_new(struct upstream *upstream,
				 const struct proxy_query *query)
{
	struct arena *arena = arena_new();
	struct flight *flight = ARENA_NEW(arena, struct flight);
	struct term *term = term_now(upstream);

	flight->arena = arena;
	flight->query = *query;
	flight->query.key = arena_copy(arena, query->key);
	flight->query.query.text = arena_copy(arena, query->query.text);
	flight->query.query.flags = arena_copy(arena, query->query.flags);
	flight->query.query.host = arena_copy(arena, query->query.host);
	flight->question = whois_begin(term->finder, arena, &query->query);
	flight->next = term->flights;
	flight->link = &term->flights;
	if (flight->next)
		flight->next->link = &flight->next;
	term->flights = flight;
	upstream->count++;
	turn_wanted(upstream);
	return flight;
}

static void wait_for(struct flight *flight, struct waiter *waiter)
{
	waiter->next = flight->waiters;
	waiter->link = &flight->waiters;
	if (waiter->next)
		waiter->next->link = &waiter->next;
	flight->waiters = waiter;
}

bool upstream_join(struct upstream *upstream, const struct proxy_query *query,
		   struct waiter *waiter)
{
	struct flight *flight = *flight_place(upstream, query->key);

	if (flight)
		wait_for(flight, waiter);
	return flight != NULL;
}

bool upstream_ask(struct upstream *upstream, const struct proxy_query *query,
		  struct waiter *waiter)
{
	struct flight **at = flight_place(upstream, query->key);

	if (upstream->count == FLIGHTS_MAX)
		return false;
	*at = flight_new(upstream, query);
	wait_for(*at, waiter);
	return true;
}
