#include "os/loop_set.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { TURN_EVENTS = 256 };

struct loop_set {
	struct loop_set_options options;
	struct loop_watch *watch;
	int fd;
};

static int ready_events(uint32_t events)
{
	int ready = 0;

	if (events & (EPOLLERR | EPOLLHUP))
		return LOOP_READ | LOOP_WRITE;
	if (events & EPOLLIN)
		ready |= LOOP_READ;
	if (events & EPOLLOUT)
		ready |= LOOP_WRITE;
	return ready;
}

static void set_ready(void *context, int unused)
{
	struct loop_set *set = context;
	struct epoll_event events[TURN_EVENTS];
	int count = epoll_wait(set->fd, events, TURN_EVENTS, 0);

	(void)unused;
	for (int i = 0; i < count; i++)
		set->options.ready(set->options.context, events[i].data.ptr,
				   ready_events(events[i].events));
	set->options.turned(set->options.context);
}

struct loop_set *loop_set_new(const struct loop_set_options *options, struct error *err)
{
	struct loop_set *set = calloc(1, sizeof *set);

	if (!set)
		abort();
	set->options = *options;
	set->fd = epoll_create1(EPOLL_CLOEXEC);
	if (set->fd < 0) {
		error_system(err, errno, "cannot watch connections");
		goto free_set;
	}
	set->watch = loop_watch_new(options->loop, set->fd, set_ready, set, err);
	if (!set->watch)
		goto close_fd;
	if (loop_watch_set(set->watch, LOOP_READ, err) == 0)
		return set;

	loop_watch_free(set->watch);
close_fd:
	close(set->fd);
free_set:
	free(set);
	return NULL;
}

void loop_set_free(struct loop_set *set)
{
	if (!set)
		return;
	loop_watch_free(set->watch);
	close(set->fd);
	free(set);
}

static int control(struct loop_set *set, int operation, int fd, int events,
		   void *member, struct error *err)
{
	struct epoll_event event = { .data.ptr = member };

	if (events & LOOP_READ)
		event.events |= EPOLLIN;
	if (events & LOOP_WRITE)
		event.events |= EPOLLOUT;
	if (epoll_ctl(set->fd, operation, fd, &event) != 0)
		return error_system(err, errno, "cannot watch a connection");
	return 0;
}

int loop_set_add(struct loop_set *set, int fd, int events, void *member,
		 struct error *err)
{
	return control(set, EPOLL_CTL_ADD, fd, events, member, err);
}

int loop_set_change(struct loop_set *set, int fd, int events, void *member,
		    struct error *err)
{
	return control(set, EPOLL_CTL_MOD, fd, events, member, err);
}
