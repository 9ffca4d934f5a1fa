#include "os/spawn.h"

#include "base/clock.h"
#include "base/buffer.h"
#include "os/file.h"
#include "os/point.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int spawn_input_open(struct slice bytes, struct spawn_input *out, struct error *err)
{
	int fd = memfd_create("tipoff-input", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return error_system(err, errno, "no memory file for a child's input");
	if (file_write_all(fd, "a child's input", bytes, err) != 0)
		goto close_fd;
	if (fcntl(fd, F_ADD_SEALS,
		  F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0 ||
	    lseek(fd, 0, SEEK_SET) != 0) {
		error_system(err, errno, "a child's input cannot be sealed");
		goto close_fd;
	}
	out->fd = fd;
	return 0;
close_fd:
	close(fd);
	return -1;
}

void spawn_input_close(struct spawn_input *input)
{
	close(input->fd);
	input->fd = -1;
}

static int64_t monotonic_ms(void)
{
	return clock_ticks() / 1000;
}

/* posix_spawn() returns the error; actions and attributes only run out of memory. */
static int start(const char *path, char *const *argv, const int descriptors[3],
		 pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	int result;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&actions, descriptors[i], i);
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes,
				 POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	result = posix_spawn(pid, path, &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return result;
}

/* What is there to read now; false at the end of it. */
static bool drain(int fd, struct buffer *out)
{
	char block[4096];
	ssize_t got;

	while ((got = read(fd, block, sizeof block)) > 0) {
		size_t room = out->max - out->len;

		buffer_add(out, (struct slice){ block, (size_t)got < room ? (size_t)got
									  : room });
	}
	return got < 0 && (errno == EAGAIN || errno == EINTR);
}

/* Until the child has ended, not until its output has: a mail server's own children may
 * keep that open for as long as they deliver.                                           */
static bool wait_for_end(int child, int output, int64_t deadline_ms,
			 struct buffer *words)
{
	struct pollfd watched[2] = { { .fd = child, .events = POLLIN },
				     { .fd = output, .events = POLLIN } };
	int64_t end = monotonic_ms() + deadline_ms;

	while (!(watched[0].revents & POLLIN)) {
		int64_t left = end - monotonic_ms();

		if (left <= 0)
			return false;
		if (poll(watched, 2, left > INT32_MAX ? INT32_MAX : (int)left) < 0)
			continue;
		if (watched[1].revents && !drain(output, words))
			watched[1].fd = -1;
	}
	(void)drain(output, words);
	return true;
}

static void collect(pid_t pid, bool in_time, struct spawn_end *out)
{
	int status = 0;

	if (!in_time)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!in_time)
		out->how = SPAWN_TOO_SLOW;
	else
		out->how = WIFEXITED(status) ? SPAWN_EXITED : SPAWN_SIGNALLED;
	out->code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
}

/* Without a descriptor for the child (too many open) it is waited for without deadline. */
static void attend(const struct spawn *spawn, pid_t pid, int output,
		   struct arena *arena, struct spawn_end *out)
{
	struct buffer words;
	int child = pidfd_open(pid, 0);
	bool in_time;

	buffer_init(&words, spawn->output_max);
	in_time = child < 0 || wait_for_end(child, output, spawn->deadline_ms, &words);
	collect(pid, in_time, out);
	out->output = arena_copy(arena, buffer_slice(&words));
	buffer_clear(&words);
	if (child >= 0)
		close(child);
}

int spawn_run(const struct spawn *spawn, const struct spawn_input *input,
	      struct arena *arena, struct spawn_end *out, struct error *err)
{
	int ends[2];
	pid_t pid = 0;
	int result;

	if (pipe2(ends, O_CLOEXEC) != 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
		return error_system(err, errno, "no pipe for '%s'", spawn->path);
	crash_point("spawn.before");
	result = start(spawn->path, spawn->argv,
		       (const int[]){ input->fd, ends[1], ends[1] }, &pid);
	close(ends[1]);
	if (result == 0) {
		crash_point("spawn.after");
		attend(spawn, pid, ends[0], arena, out);
		crash_point("spawn.ended");
	}
	close(ends[0]);
	if (result != 0)
		return error_system(err, result, "cannot run '%s'", spawn->path);
	return 0;
}

int spawn_foreground(char *const *argv, struct spawn_end *out, struct error *err)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, interrupt, quit;
	posix_spawnattr_t attributes;
	sigset_t both;
	pid_t pid = 0;
	int result;

	sigemptyset(&both);
	sigaddset(&both, SIGINT);
	sigaddset(&both, SIGQUIT);
	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &both);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	crash_point("spawn.before");
	result = posix_spawnp(&pid, argv[0], NULL, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	if (result == 0) {
		crash_point("spawn.after");
		*out = (struct spawn_end){ 0 };
		collect(pid, true, out);
		crash_point("spawn.ended");
	}
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	return result == 0 ? 0 : error_system(err, result, "cannot run '%s'", argv[0]);
}

int spawn_start(const char *path, char *const *argv, struct spawned *out,
		struct error *err)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t pid = 0;
	int result;

	if (nothing < 0)
		return error_system(err, errno, "cannot open '/dev/null'");
	crash_point("spawn.before");
	result = start(path, argv, (const int[]){ nothing, nothing, STDERR_FILENO },
		       &pid);
	close(nothing);
	if (result != 0)
		return error_system(err, result, "cannot run '%s'", path);
	crash_point("spawn.after");
	*out = (struct spawned){ pidfd_open(pid, 0), pid };
	return 0;
}

struct spawn_end spawn_collect(struct spawned *spawned)
{
	struct spawn_end end = { 0 };

	collect(spawned->pid, true, &end);
	if (spawned->watched >= 0)
		close(spawned->watched);
	spawned->watched = -1;
	return end;
}
