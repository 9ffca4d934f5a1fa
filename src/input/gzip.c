#include "input/decoder.h"
#include "input/gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { STORED_BYTES = 64 * 1024, WINDOW_GZIP_ONLY = 15 + 16 };

struct gzip {
	struct raw *raw;
	z_stream z;
	bool member_ended; /* between two members of RFC 1952 section 2.2, or at the end */
	bool done, damaged;
	char stored[STORED_BYTES];
};

static void *open_gzip(struct raw *raw, struct error *err)
{
	struct gzip *gzip = calloc(1, sizeof *gzip);

	if (gzip == NULL || inflateInit2(&gzip->z, WINDOW_GZIP_ONLY) != Z_OK) {
		free(gzip);
		error_system(err, ENOMEM, "cannot decompress");
		return NULL;
	}
	gzip->raw = raw;
	return gzip;
}

static void close_gzip(void *state)
{
	struct gzip *gzip = state;

	if (gzip == NULL)
		return;
	(void)inflateEnd(&gzip->z);
	free(gzip);
}

/* 1: there are stored bytes to inflate, 0: the end, -1: failed. */
static int fill(struct gzip *gzip, struct error *err)
{
	ssize_t got;

	if (gzip->z.avail_in > 0)
		return 1;
	got = raw_read(gzip->raw, gzip->stored, sizeof gzip->stored, err);
	if (got < 0)
		return -1;
	gzip->z.next_in = (Bytef *)gzip->stored;
	gzip->z.avail_in = (uInt)got;
	return got > 0;
}

/* Between members: another one follows, or zeros (tape padding) that end the file as
 * gzip(1) reads it. 1 to go on, 0 at the end, -1 where something else follows.       */
static int next_member(struct gzip *gzip, struct error *err)
{
	int filled = fill(gzip, err);

	if (filled <= 0)
		return filled;
	if (*gzip->z.next_in == 0)
		return 0;
	gzip->member_ended = false;
	(void)inflateReset(&gzip->z); /* fails on a state that is not ours only */
	return 1;
}

/* 1 to go on, 0 at the end of the file, -1 where it is damaged. Without stored bytes
 * inflate may still have output to give, and says so when it has none.               */
static int inflate_some(struct gzip *gzip, struct error *err)
{
	int filled = gzip->member_ended ? next_member(gzip, err) : fill(gzip, err);
	int result;

	if (filled < 0 || (filled == 0 && gzip->member_ended))
		return filled;
	result = inflate(&gzip->z, Z_NO_FLUSH);
	if (result == Z_BUF_ERROR && filled == 0)
		return error_set(err, ERROR_SYNTAX, "the gzip data are cut off");
	if (result == Z_STREAM_END)
		gzip->member_ended = true;
	else if (result != Z_OK && result != Z_BUF_ERROR) {
		gzip->damaged = true;
		return error_set(err, ERROR_SYNTAX, "the gzip data are damaged");
	}
	return 1;
}

static ssize_t read_gzip(void *state, char *out, size_t count, struct error *err)
{
	struct gzip *gzip = state;
	size_t room = count < INT32_MAX ? count : INT32_MAX;
	int more = 1;

	gzip->z.next_out = (Bytef *)out;
	gzip->z.avail_out = (uInt)room;
	while (more > 0 && gzip->z.avail_out > 0 && !gzip->done)
		more = inflate_some(gzip, err);
	if (more == 0)
		gzip->done = true;
	/* Damage shows again at the next read, when there is nothing left to give. */
	if (more < 0 && gzip->z.avail_out == room)
		return -1;
	return (ssize_t)(room - gzip->z.avail_out);
}

static int check_gzip(struct raw *raw, struct error *err)
{
	struct gzip *gzip = open_gzip(raw, err);
	char block[STORED_BYTES];
	ssize_t got = 1;

	if (gzip == NULL)
		return -1;
	while (got > 0)
		got = read_gzip(gzip, block, sizeof block, err);
	if (got < 0 && gzip->damaged)
		error_set(err, ERROR_REFUSED,
			  "the gzip data are damaged, so that no line of them can be "
			  "trusted, and nothing was read: name a whole copy");
	got = got < 0 && err->kind != ERROR_SYNTAX ? -1 : 0;
	close_gzip(gzip);
	return (int)got;
}

static int measure(struct raw *raw, uint64_t most, uint64_t *bytes, struct error *err)
{
	struct gzip *gzip = open_gzip(raw, err);
	char block[STORED_BYTES];
	ssize_t got = gzip ? 1 : -1;
	uint64_t all = 0;

	while (got > 0 && all <= most) {
		got = read_gzip(gzip, block, sizeof block, err);
		all += got > 0 ? (uint64_t)got : 0;
	}
	close_gzip(gzip);
	if (got < 0)
		return -1;
	if (all > most)
		return error_set(err, ERROR_LIMIT,
				 "it unpacks to more than the %llu MiB allowed for it",
				 (unsigned long long)(most >> 20));
	*bytes = all;
	return 0;
}

int gzip_measure(const char *path, uint64_t most, uint64_t *bytes, struct error *err)
{
	struct raw_source source = { .path = path, .links = FILE_LINKS_FOLLOW };
	struct raw *raw = raw_open(&source, err);
	int result;

	if (!raw)
		return -1;
	result = measure(raw, most, bytes, err);
	raw_free(raw);
	return result;
}

const struct decoder decoder_gzip = { open_gzip, read_gzip, close_gzip, check_gzip };
