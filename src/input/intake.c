#include "input/intake.h"

#include "input/line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AGAIN_MS = 1000 };

struct intake {
	struct intake_options options;
	struct loop_watch *watch;
	struct loop_timer *again;
	bool skips; /* the rest of a line that was too long                     */
	uint64_t long_lines;
	size_t len;
	char waiting[2 * LINE_MAX_BYTES];
};

/* Whole lines, or nothing of them: then they wait here for room in the spool. */
static bool keep(struct intake *intake, struct slice lines)
{
	const struct intake_options *options = &intake->options;
	struct error err = { 0 };
	enum spool_result result = SPOOL_KEPT;

	if (lines.len > 0)
		result = spool_add(options->spool, options->name, lines, &err);
	if (result == SPOOL_FAILED)
		options->failed(options->context, &err);
	if (result != SPOOL_KEPT)
		return false;
	if (spool_flush(options->spool, &err) != 0)
		options->failed(options->context, &err);
	if (lines.len > 0)
		options->came(options->context);
	return true;
}

static void drop(struct intake *intake, size_t count)
{
	memmove(intake->waiting, intake->waiting + count, intake->len - count);
	intake->len -= count;
}

static void skip(struct intake *intake)
{
	ptrdiff_t end =
		slice_find_byte((struct slice){ intake->waiting, intake->len }, '\n');

	intake->skips = end < 0;
	drop(intake, end < 0 ? intake->len : (size_t)end + 1);
}

/* False: the spool has no room. */
static bool lines_take(struct intake *intake)
{
	struct slice whole;
	ptrdiff_t last;

	if (intake->skips)
		skip(intake);
	last = slice_find_last_byte((struct slice){ intake->waiting, intake->len },
				    '\n');
	whole = (struct slice){ intake->waiting, (size_t)(last + 1) };
	if (!keep(intake, whole))
		return false;
	drop(intake, whole.len);
	if (intake->len > LINE_MAX_BYTES) {
		intake->long_lines++;
		skip(intake);
	}
	return true;
}

static void end(struct intake *intake)
{
	loop_watch_free(intake->watch);
	intake->watch = NULL;
	if (intake->len > 0 && intake->len < sizeof intake->waiting) {
		intake->waiting[intake->len++] = '\n';
		(void)lines_take(intake);
	}
	intake->options.ended(intake->options.context);
}

/* Whether to be told of more: not while the spool has no room. */
static void listen_for(struct intake *intake, int events)
{
	struct error err = { 0 };

	if (loop_watch_set(intake->watch, events, &err) != 0)
		intake->options.failed(intake->options.context, &err);
	if (events == 0)
		loop_timer_start(intake->again, AGAIN_MS);
}

static void bytes_came(void *context, int events)
{
	struct intake *intake = context;
	ssize_t got = read(intake->options.fd, intake->waiting + intake->len,
			   sizeof intake->waiting - intake->len);

	(void)events;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		end(intake);
		return;
	}
	intake->len += (size_t)got;
	if (!lines_take(intake))
		listen_for(intake, 0);
}

static void try_again(void *context)
{
	struct intake *intake = context;

	listen_for(intake, lines_take(intake) ? LOOP_READ : 0);
}

struct intake *intake_open(const struct intake_options *options, struct error *err)
{
	struct intake *intake;
	struct stat st;

	if (fstat(options->fd, &st) != 0) {
		error_system(err, errno, "cannot read standard input");
		return NULL;
	}
	if (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode) && !isatty(options->fd)) {
		error_set(err, ERROR_REFUSED,
			  "standard input is no pipe: name the file instead of '-'");
		return NULL;
	}
	intake = calloc(1, sizeof *intake);
	if (intake == NULL)
		abort();
	intake->options = *options;
	intake->again = loop_timer_new(options->loop, try_again, intake);
	intake->watch =
		loop_watch_new(options->loop, options->fd, bytes_came, intake, err);
	if (intake->watch != NULL && loop_watch_set(intake->watch, LOOP_READ, err) == 0)
		return intake;
	intake_free(intake);
	return NULL;
}

void intake_free(struct intake *intake)
{
	if (intake == NULL)
		return;
	loop_watch_free(intake->watch);
	loop_timer_free(intake->again);
	free(intake);
}

uint64_t intake_long_lines(const struct intake *intake)
{
	return intake->long_lines;
}
