/* measure.c - runs one command and says what it took.
 *
 * usage: bench_measure INPUT OUTPUT ERRORS COMMAND [ARG...]
 * Prints "wall user sys peak status": seconds, KiB, the exit status (128 + the signal).
 * A small program of its own, because the peak that the kernel tells of a child is never
 * below that of the process which started it.                                         */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double clock_read(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void descriptor_open(int number, const char *path, int flags)
{
	int fd = open(path, flags, 0666);

	if (fd < 0 || dup2(fd, number) < 0) {
		fprintf(stderr, "bench_measure: cannot open '%s': %s\n", path,
			strerror(errno));
		_exit(126);
	}
	if (fd != number)
		close(fd);
}

static _Noreturn void become(char **words)
{
	enum { WRITE = O_WRONLY | O_CREAT | O_TRUNC };

	descriptor_open(STDIN_FILENO, words[0], O_RDONLY);
	descriptor_open(STDOUT_FILENO, words[1], WRITE);
	descriptor_open(STDERR_FILENO, words[2], WRITE);
	execvp(words[3], words + 3);
	fprintf(stderr, "bench_measure: cannot run '%s': %s\n", words[3],
		strerror(errno));
	_exit(127);
}

int main(int count, char **words)
{
	struct rusage usage;
	double began = clock_read();
	int status;
	pid_t child;

	if (count < 5) {
		fputs("usage: bench_measure INPUT OUTPUT ERRORS COMMAND [ARG...]\n",
		      stderr);
		return 64;
	}
	child = fork();
	if (child == 0)
		become(words + 1);
	if (child < 0 || wait4(child, &status, 0, &usage) != child) {
		fprintf(stderr, "bench_measure: %s\n", strerror(errno));
		return 71;
	}
	printf("%.6f %.6f %.6f %ld %d\n", clock_read() - began, seconds(usage.ru_utime),
	       seconds(usage.ru_stime), usage.ru_maxrss,
	       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
