#include "input/raw.h"

#include "base/clock.h"
#include "input/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const int64_t settled_us = 2 * SECOND_US;

struct raw {
	const char *path;
	int fd;
	bool is_regular, owns_fd, keeps, rewritten;
	uint64_t base; /* where byte 0 is in a regular file                 */
	uint64_t offset; /* of the next byte                                   */
	int kept_fd; /* what came from the pipe so far, -1 for none         */
	uint64_t kept; /* bytes of it                                         */
	struct tail echo; /* the last bytes before offset, read again each time */
};

static int open_descriptor(struct raw *raw, const struct raw_source *source,
			   struct error *err)
{
	struct stat st;

	if (source->fd != NULL) {
		raw->fd = *source->fd;
	} else if (!slice_equal(slice_of(raw->path), S("-"))) {
		raw->owns_fd = true;
		if (file_open_read(raw->path, source->links, &raw->fd, err) != 0)
			return -1;
	}
	if (fstat(raw->fd, &st) != 0)
		return error_system(err, errno, "cannot read '%s'", raw->path);
	if (S_ISDIR(st.st_mode))
		return error_set(err, ERROR_REFUSED,
				 "standard input is a folder: name it instead of '-'");
	raw->is_regular = S_ISREG(st.st_mode);
	raw->keeps = !raw->is_regular;
	if (raw->is_regular) {
		off_t at = lseek(raw->fd, 0, SEEK_CUR);

		raw->base = at > 0 ? (uint64_t)at : 0;
	}
	return 0;
}

struct raw *raw_open(const struct raw_source *source, struct error *err)
{
	struct raw *raw = calloc(1, sizeof *raw);

	if (raw == NULL) {
		error_system(err, ENOMEM, "cannot read '%s'", source->path);
		return NULL;
	}
	raw->path = source->path;
	raw->fd = STDIN_FILENO;
	raw->kept_fd = -1;
	if (open_descriptor(raw, source, err) == 0)
		return raw;
	raw_free(raw);
	return NULL;
}

void raw_free(struct raw *raw)
{
	if (raw == NULL)
		return;
	if (raw->owns_fd && raw->fd > STDERR_FILENO)
		close(raw->fd);
	if (raw->kept_fd >= 0)
		close(raw->kept_fd);
	free(raw);
}

/* Reads again what stands before the offset: where it changed under us, the rest would
 * be the middle of some other line.                                                  */
static ssize_t read_regular(struct raw *raw, char *out, size_t count, struct error *err)
{
	char echo[TAIL_BYTES];
	struct iovec parts[2] = { { echo, raw->echo.len }, { out, count } };
	off_t from = (off_t)(raw->base + raw->offset - raw->echo.len);
	ssize_t got;

	if (raw->rewritten)
		return 0;
	do {
		got = preadv(raw->fd, parts, 2, from);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_system(err, errno, "cannot read '%s'", raw->path);
	if ((size_t)got < raw->echo.len ||
	    memcmp(echo, raw->echo.at, raw->echo.len) != 0) {
		raw->rewritten = true;
		return 0;
	}
	got -= (ssize_t)raw->echo.len;
	tail_add(&raw->echo, (struct slice){ out, (size_t)got });
	raw->offset += (uint64_t)got;
	return got;
}

static int open_kept(struct raw *raw, struct error *err)
{
	const char *folder = getenv("TMPDIR");

	raw->kept_fd = open(folder != NULL ? folder : "/tmp",
			    O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (raw->kept_fd < 0)
		raw->kept_fd = memfd_create("tipoff-input", MFD_CLOEXEC);
	if (raw->kept_fd < 0)
		return error_system(err, errno, "cannot keep a copy of '%s'",
				    raw->path);
	return 0;
}

static int keep(struct raw *raw, struct slice got, struct error *err)
{
	if (raw->kept_fd < 0 && open_kept(raw, err) != 0)
		return -1;
	if (file_write_all(raw->kept_fd, "the temporary copy of standard input", got,
			   err) != 0)
		return -1;
	raw->kept += got.len;
	return 0;
}

/* Standard input may come to us set to not block. */
static ssize_t read_waiting(int fd, char *out, size_t count)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	for (;;) {
		ssize_t got = read(fd, out, count);

		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
		if (errno == EAGAIN)
			(void)poll(&wait, 1, -1);
	}
}

static ssize_t read_pipe(struct raw *raw, char *out, size_t count, struct error *err)
{
	ssize_t got;

	if (raw->offset < raw->kept) {
		uint64_t left = raw->kept - raw->offset;

		got = pread(raw->kept_fd, out, left < count ? left : count,
			    (off_t)raw->offset);
	} else {
		got = read_waiting(raw->fd, out, count);
		if (got > 0 && raw->keeps &&
		    keep(raw, (struct slice){ out, (size_t)got }, err) != 0)
			return -1;
	}
	if (got < 0)
		return error_system(err, errno, "cannot read '%s'", raw->path);
	raw->offset += (uint64_t)got;
	return got;
}

ssize_t raw_read(struct raw *raw, char *out, size_t count, struct error *err)
{
	return raw->is_regular ? read_regular(raw, out, count, err)
			       : read_pipe(raw, out, count, err);
}

void raw_seek(struct raw *raw, uint64_t offset)
{
	raw->offset = offset;
	raw->echo.len = 0;
}

size_t raw_beginning(const struct raw *raw, char *out, size_t count)
{
	ssize_t got = -1;

	if (raw->is_regular)
		got = pread(raw->fd, out, count, (off_t)raw->base);
	return got < 0 ? 0 : (size_t)got;
}

void raw_keep_no_more(struct raw *raw)
{
	raw->keeps = false;
}

bool raw_is_regular(const struct raw *raw)
{
	return raw->is_regular;
}

bool raw_was_rewritten(const struct raw *raw)
{
	return raw->rewritten;
}

bool raw_is_finished(const struct raw *raw)
{
	const struct clock real = { 0 }; /* --now does not move the files' times */
	struct stat st;

	if (!raw->is_regular)
		return true;
	/* Who opens the file meanwhile breaks the lease, and the signal that tells us
	 * would end us (SIGIO does): take one that is ignored by default.            */
	if (fcntl(raw->fd, F_SETSIG, SIGURG) == 0 &&
	    fcntl(raw->fd, F_SETLEASE, F_RDLCK) == 0) {
		(void)fcntl(raw->fd, F_SETLEASE, F_UNLCK);
		return true;
	}
	if (errno == EAGAIN || fstat(raw->fd, &st) != 0)
		return false;
	return clock_now(&real) - st.st_mtim.tv_sec * SECOND_US > settled_us;
}
