#include "os/loop_parts.h"

#include <stdio.h>
#include <stdlib.h>

struct loop_timer {
	uv_timer_t uv;
	void (*expired)(void *context);
	void *context;
};

struct loop_watch {
	uv_poll_t uv;
	void (*ready)(void *context, int events);
	void *context;
};

void *loop_allocate(size_t size)
{
	void *at = calloc(1, size);

	if (!at) {
		fputs("tipoff: out of memory\n", stderr);
		abort();
	}
	return at;
}

struct loop *loop_new(struct error *err)
{
	struct loop *loop = loop_allocate(sizeof *loop);
	int status = uv_loop_init(&loop->uv);

	if (status != 0) {
		free(loop);
		error_system(err, -status, "cannot make an event loop");
		return NULL;
	}
	return loop;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	/* closing handles are freed by their callbacks, which run here */
	while (uv_run(&loop->uv, UV_RUN_DEFAULT) != 0)
		;
	if (uv_loop_close(&loop->uv) != 0) {
		fputs("tipoff: an event loop was freed while in use\n", stderr);
		abort();
	}
	free(loop);
}

int64_t loop_now_ms(struct loop *loop)
{
	uv_update_time(&loop->uv);
	return (int64_t)uv_now(&loop->uv);
}

bool loop_turn(struct loop *loop)
{
	return uv_run(&loop->uv, UV_RUN_ONCE) != 0;
}

void loop_glance(struct loop *loop)
{
	(void)uv_run(&loop->uv, UV_RUN_NOWAIT);
}

void loop_free_handle(uv_handle_t *handle)
{
	free(handle->data);
}

static void timer_expired(uv_timer_t *handle)
{
	struct loop_timer *timer = handle->data;

	timer->expired(timer->context);
}

struct loop_timer *loop_timer_new(struct loop *loop, void (*expired)(void *context),
				  void *context)
{
	struct loop_timer *timer = loop_allocate(sizeof *timer);

	uv_timer_init(&loop->uv, &timer->uv);
	timer->uv.data = timer;
	timer->expired = expired;
	timer->context = context;
	return timer;
}

void loop_timer_start(struct loop_timer *timer, int64_t delay_ms)
{
	uv_update_time(timer->uv.loop);
	uv_timer_start(&timer->uv, timer_expired, delay_ms > 0 ? (uint64_t)delay_ms : 0,
		       0);
}

void loop_timer_stop(struct loop_timer *timer)
{
	uv_timer_stop(&timer->uv);
}

void loop_timer_free(struct loop_timer *timer)
{
	if (timer)
		uv_close((uv_handle_t *)&timer->uv, loop_free_handle);
}

static void watch_ready(uv_poll_t *handle, int status, int events)
{
	struct loop_watch *watch = handle->data;
	int ready = 0;

	if (status != 0)
		ready = LOOP_READ | LOOP_WRITE;
	if (events & UV_READABLE)
		ready |= LOOP_READ;
	if (events & UV_WRITABLE)
		ready |= LOOP_WRITE;
	watch->ready(watch->context, ready);
}

struct loop_watch *loop_watch_new(struct loop *loop, int fd,
				  void (*ready)(void *context, int events),
				  void *context, struct error *err)
{
	struct loop_watch *watch = loop_allocate(sizeof *watch);
	int status = uv_poll_init(&loop->uv, &watch->uv, fd);

	if (status != 0) {
		free(watch);
		error_system(err, -status, "cannot watch a connection");
		return NULL;
	}
	watch->uv.data = watch;
	watch->ready = ready;
	watch->context = context;
	return watch;
}

int loop_watch_set(struct loop_watch *watch, int events, struct error *err)
{
	int wanted = (events & LOOP_READ ? UV_READABLE : 0) |
		     (events & LOOP_WRITE ? UV_WRITABLE : 0);
	int status = wanted ? uv_poll_start(&watch->uv, wanted, watch_ready)
			    : uv_poll_stop(&watch->uv);

	if (status != 0)
		return error_system(err, -status, "cannot watch a connection");
	return 0;
}

void loop_watch_free(struct loop_watch *watch)
{
	if (watch)
		uv_close((uv_handle_t *)&watch->uv, loop_free_handle);
}
