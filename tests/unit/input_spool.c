#include "check.h"
#include "scratch.h"
#include "input/spool.h"

#include "os/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct clock now = { 0 };

static struct spool *open_spool(const struct scratch *scratch)
{
	struct error err = { 0 };
	struct spool *spool = spool_open(scratch_path(scratch, "spool").at, &err);

	CHECK_TEXT(err.text, "");
	return spool;
}

/* What stands behind the file's own first line. */
static struct slice content(const struct scratch *scratch, struct buffer *out)
{
	struct error err = { 0 };
	ptrdiff_t newline;

	buffer_reset(out);
	CHECK_INT(file_read(scratch_path(scratch, "spool/a.syslog").at, out, &err), 0);
	newline = slice_find_byte(buffer_slice(out), '\n');
	CHECK(slice_starts(buffer_slice(out), S("# tipoff spool ")));
	return slice_from(buffer_slice(out), (size_t)(newline + 1));
}

static void lines_are_kept_by_sender(void)
{
	struct scratch scratch = scratch_new();
	struct spool *spool = open_spool(&scratch);
	struct error err = { 0 };
	struct buffer text;

	buffer_init(&text, 1 << 20);
	CHECK_INT(spool_add(spool, S("a"), S("one\n"), &err), SPOOL_KEPT);
	CHECK_INT(spool_add(spool, S("b"), S("other\n"), &err), SPOOL_KEPT);
	CHECK_INT(spool_flush(spool, &err), 0);
	CHECK_SLICE(content(&scratch, &text), S("one\n"));
	CHECK_INT(spool_add(spool, S("a"), S("two\n"), &err), SPOOL_KEPT);
	spool_free(spool);
	CHECK_SLICE(content(&scratch, &text), S("one\ntwo\n"));
	buffer_clear(&text);
	scratch_free(&scratch);
}

/* A killed process may leave a part of a line, which nobody may read as one. */
static void a_torn_line_is_cut_off(void)
{
	struct scratch scratch = scratch_new();
	struct spool *spool = open_spool(&scratch);
	struct error err = { 0 };
	struct buffer text;
	int fd;

	buffer_init(&text, 1 << 20);
	CHECK_INT(spool_add(spool, S("a"), S("one\n"), &err), SPOOL_KEPT);
	spool_free(spool);
	fd = open(scratch_path(&scratch, "spool/a.syslog").at, O_WRONLY | O_APPEND);
	for (int i = 0; i < 1000; i++)
		CHECK_INT(write(fd, "torn torn", 9), 9);
	close(fd);
	spool = open_spool(&scratch);
	CHECK_SLICE(content(&scratch, &text), S("one\n"));
	spool_free(spool);
	buffer_clear(&text);
	scratch_free(&scratch);
}

static void senders_are_capped(void)
{
	struct scratch scratch = scratch_new();
	struct spool *spool = open_spool(&scratch);
	struct error err = { 0 };

	for (int i = 0; i < SPOOL_SENDERS_MAX; i++) {
		char name[16];

		(void)snprintf(name, sizeof name, "s%d", i);
		CHECK_INT(spool_add(spool, slice_of(name), S("x\n"), &err), SPOOL_KEPT);
	}
	CHECK_INT(spool_add(spool, S("one-more"), S("x\n"), &err), SPOOL_MANY);
	CHECK_INT(spool_add(spool, S("s7"), S("x\n"), &err), SPOOL_KEPT);
	spool_free(spool);
	scratch_free(&scratch);
}

/* At 64 MB a file makes room; it stays until the store has counted all of it. */
static void a_full_file_is_moved_aside(void)
{
	static char lines[1 << 16];
	struct scratch scratch = scratch_new();
	struct spool *spool = open_spool(&scratch);
	struct error err = { 0 };
	struct db *db = db_open_memory(&now, &err);
	const char *aside;

	memset(lines, '.', sizeof lines);
	lines[sizeof lines - 1] = '\n';
	for (int i = 0; i < 1026; i++)
		CHECK_INT(spool_add(spool, S("a"),
				    (struct slice){ lines, sizeof lines }, &err),
			  SPOOL_KEPT);
	CHECK_INT(spool_flush(spool, &err), 0);
	aside = scratch_path(&scratch, "spool/a.syslog.1").at;
	CHECK_INT(access(aside, F_OK), 0);
	CHECK_INT(spool_clean(spool, db, &err), 0);
	CHECK_INT(access(aside, F_OK), 0); /* nobody counted it */
	spool_free(spool);
	db_close(db);
	scratch_free(&scratch);
}

int main(void)
{
	return CHECK_RUN(TEST(lines_are_kept_by_sender), TEST(a_torn_line_is_cut_off),
			 TEST(senders_are_capped), TEST(a_full_file_is_moved_aside));
}
