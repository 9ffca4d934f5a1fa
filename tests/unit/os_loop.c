#include "check.h"
#include "os/loop.h"

#include <unistd.h>

struct seen {
	struct loop_timer *timer, *other;
	struct loop_watch *watch;
	int fired, ready, fd;
};

static struct loop *open_loop(void)
{
	struct error err;
	struct loop *loop = loop_new(&err);

	CHECK(loop != NULL);
	return loop;
}

static void fire(void *context)
{
	struct seen *seen = context;

	seen->fired++;
	loop_timer_free(seen->timer);
	seen->timer = NULL;
}

static void never(void *context)
{
	struct seen *seen = context;

	seen->fired += 100;
}

static void timers_fire_once_or_not_at_all(void)
{
	struct loop *loop = open_loop();
	struct seen seen = { 0 };
	int64_t before = loop_now_ms(loop);

	seen.timer = loop_timer_new(loop, fire, &seen);
	seen.other = loop_timer_new(loop, never, &seen);
	loop_timer_start(seen.other, 1);
	loop_timer_stop(seen.other);
	loop_timer_start(seen.timer, 20);
	while (loop_turn(loop))
		;
	CHECK_INT(seen.fired, 1);
	CHECK(loop_now_ms(loop) - before >= 19);
	loop_timer_free(seen.other);
	loop_free(loop);
}

static void take(void *context, int events)
{
	struct seen *seen = context;
	char byte;

	if (events & LOOP_READ && read(seen->fd, &byte, 1) == 1)
		seen->ready++;
	loop_watch_free(seen->watch);
	seen->watch = NULL;
}

static void watches_tell_and_may_free_themselves(void)
{
	struct loop *loop = open_loop();
	struct seen seen = { 0 };
	struct error err;
	int ends[2];

	CHECK_INT(pipe(ends), 0);
	seen.fd = ends[0];
	seen.watch = loop_watch_new(loop, ends[0], take, &seen, &err);
	CHECK_INT(loop_watch_set(seen.watch, LOOP_READ, &err), 0);
	CHECK_INT(write(ends[1], "x", 1), 1);
	while (loop_turn(loop))
		;
	CHECK_INT(seen.ready, 1);
	loop_free(loop);
	close(ends[0]);
	close(ends[1]);
}

static void a_file_cannot_be_watched(void)
{
	struct loop *loop = open_loop();
	struct seen seen = { 0 };
	struct error err = { 0 };

	CHECK(loop_watch_new(loop, -1, take, &seen, &err) == NULL);
	CHECK_INT(err.kind, ERROR_SYSTEM);
	loop_free(loop);
}

int main(void)
{
	return CHECK_RUN(TEST(timers_fire_once_or_not_at_all),
			 TEST(watches_tell_and_may_free_themselves),
			 TEST(a_file_cannot_be_watched));
}
