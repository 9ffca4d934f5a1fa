#include "input/decoder.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

enum { STORED_BYTES = 64 * 1024 };

struct unpacker {
	struct archive *archive;
	struct raw *raw;
	struct error *err; /* of the call in progress, for the call back */
	bool opened, raw_failed, ended;
	char stored[STORED_BYTES];
};

static la_ssize_t give_stored(struct archive *archive, void *state, const void **block)
{
	struct unpacker *unpacker = state;
	ssize_t got = raw_read(unpacker->raw, unpacker->stored, sizeof unpacker->stored,
			       unpacker->err);

	*block = unpacker->stored;
	if (got < 0) {
		unpacker->raw_failed = true;
		archive_set_error(archive, EIO, "read failed");
	}
	return got;
}

/* No filter that would run a program, no format but bytes. */
static struct archive *new_archive(void)
{
	struct archive *archive = archive_read_new();

	if (archive == NULL || archive_read_support_filter_xz(archive) != ARCHIVE_OK ||
	    archive_read_support_filter_zstd(archive) != ARCHIVE_OK ||
	    archive_read_support_filter_bzip2(archive) != ARCHIVE_OK ||
	    archive_read_support_format_raw(archive) != ARCHIVE_OK ||
	    archive_read_support_format_empty(archive) != ARCHIVE_OK) {
		archive_read_free(archive);
		return NULL;
	}
	return archive;
}

static void *open_archive(struct raw *raw, struct error *err)
{
	struct unpacker *unpacker = calloc(1, sizeof *unpacker);

	if (unpacker == NULL || (unpacker->archive = new_archive()) == NULL) {
		free(unpacker);
		error_system(err, ENOMEM, "cannot decompress");
		return NULL;
	}
	unpacker->raw = raw;
	return unpacker;
}

static void close_archive(void *state)
{
	struct unpacker *unpacker = state;

	if (unpacker == NULL)
		return;
	archive_read_free(unpacker->archive);
	free(unpacker);
}

static int fail(struct unpacker *unpacker, struct error *err)
{
	const char *why = archive_error_string(unpacker->archive);

	if (unpacker->raw_failed)
		return -1;
	return error_set(err, ERROR_SYNTAX,
			 "the compressed data are cut off or damaged (%s)",
			 why != NULL ? why : "no reason given");
}

static int begin(struct unpacker *unpacker)
{
	struct archive_entry *entry;
	int result =
		archive_read_open(unpacker->archive, unpacker, NULL, give_stored, NULL);

	if (result == ARCHIVE_OK)
		result = archive_read_next_header(unpacker->archive, &entry);
	unpacker->opened = true;
	unpacker->ended = result == ARCHIVE_EOF;
	return result == ARCHIVE_OK || result == ARCHIVE_EOF ? 0 : -1;
}

static ssize_t read_archive(void *state, char *out, size_t count, struct error *err)
{
	struct unpacker *unpacker = state;
	ssize_t got = 0;

	unpacker->err = err;
	if (!unpacker->opened && begin(unpacker) != 0)
		return fail(unpacker, err);
	if (!unpacker->ended)
		got = archive_read_data(unpacker->archive, out, count);
	return got < 0 ? fail(unpacker, err) : got;
}

const struct decoder decoder_archive = { open_archive, read_archive, close_archive,
					 NULL };
