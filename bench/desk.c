/* bench_desk STORE: puts answers into the store as the proxy keeps them, then asks its
 * desk for them, without a socket. Prints answers a second.                              */
#include "os/loop.h"
#include "proxy/desk.h"
#include "proxy/store.h"

#include <stdio.h>
#include <stdlib.h>

enum { ANSWERS = 10000, QUESTIONS = 2000000, TEXT_BYTES = 2000 };

static struct slice question(char text[32], size_t number)
{
	int len = snprintf(text, 32, "AS%zu", 200000 + number);

	return (struct slice){ text, (size_t)len };
}

static void fill(struct cache *cache, const struct proxy_rules *rules, int64_t now)
{
	struct arena *arena = arena_new();
	char text[TEXT_BYTES], name[32];
	struct proxy_query query;
	struct error err;

	memset(text, 'x', sizeof text);
	for (size_t i = 0; i < ANSWERS; i++) {
		if (proxy_query_parse(arena, question(name, i), rules, &query, &err) !=
		    0)
			exit(EXIT_FAILURE);
		cache_let_go(cache,
			     cache_put(cache, &(struct cache_answer){
						      .key = query.key,
						      .servers = S("whois.example"),
						      .asked = query.query.text,
						      .text = { text, sizeof text },
						      .asked_at = now,
						      .fresh_us = CACHE_NUMBERS_US }));
		arena_reset(arena);
	}
	arena_free(arena);
}

static double ask_all(struct desk *desk)
{
	struct address client = { .family = FAMILY_IPV4, .bytes = { 127, 0, 0, 1 } };
	int64_t began = clock_ticks();
	struct desk_answer answer;
	char name[32];

	for (size_t i = 0; i < QUESTIONS; i++) {
		if (!desk_ask(desk, question(name, i * 7919 % ANSWERS), &client,
			      &answer) ||
		    !answer.entry)
			exit(EXIT_FAILURE);
		desk_let_go(desk, &answer);
	}
	return (double)QUESTIONS * 1e6 / (double)(clock_ticks() - began);
}

int main(int argc, char **argv)
{
	struct settings settings = { .whoisd_memory = 64, .deadline_us = SECOND_US };
	struct clock clock = { 0 };
	struct proxy_rules rules = { false, NULL };
	struct error err = { 0 };
	struct loop *loop = loop_new(&err);
	struct db *db;
	struct desk *desk;

	if (argc != 2 || !loop)
		return EXIT_FAILURE;
	desk = desk_new(&(struct desk_options){ .settings = &settings,
						.clock = &clock,
						.loop = loop },
			&err);
	db = db_open(slice_of(argv[1]), &clock, &err);
	if (!desk || !db)
		goto fail;
	fill(desk_cache(desk), &rules, clock_now(&clock));
	printf("%.0f\n", ask_all(desk));
	while (cache_has_unsaved(desk_cache(desk)))
		if (proxy_store_save(db, desk_cache(desk), 64 << 20, clock_now(&clock),
				     &err) != 0)
			goto fail;
	db_close(db);
	desk_free(desk);
	loop_free(loop);
	return EXIT_SUCCESS;
fail:
	fprintf(stderr, "bench_desk: %s\n", err.text);
	return EXIT_FAILURE;
}
