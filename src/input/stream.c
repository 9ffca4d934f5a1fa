#include "input/stream.h"

#include "input/decoder.h"
#include "input/entries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC_BYTES = 6, HEAD_BYTES = 4096, SKIP_BYTES = 64 * 1024 };

static const struct magic {
	struct slice bytes;
	const struct decoder *decoder;
} magics[] = {
	{ { "\x1f\x8b\x08", 3 }, &decoder_gzip },
	{ { "\xfd"
	    "7zXZ\0",
	    6 },
	  &decoder_archive },
	{ { "\x28\xb5\x2f\xfd", 4 }, &decoder_archive },
	{ { "BZh", 3 }, &decoder_archive },
};

struct stream {
	struct raw *raw;
	const struct decoder *decoder; /* NULL: as it stands */
	void *state; /* the decoder's, NULL until the first read */
	bool checked; /* by the decoder */
	enum entries_format format; /* what was packed: a journal, or text as it is  */
	struct entries *entries; /* of a journal, NULL until the first read       */
	uint64_t offset;
	const char *path;
};

/* Raw reads may be short on a pipe. */
static int read_raw(struct raw *raw, char *out, size_t count, size_t *got,
		    struct error *err)
{
	*got = 0;
	while (*got < count) {
		ssize_t more = raw_read(raw, out + *got, count - *got, err);

		if (more < 0)
			return -1;
		if (more == 0)
			return 0;
		*got += (size_t)more;
	}
	return 0;
}

static int sniff(struct stream *stream, struct error *err)
{
	char front[MAGIC_BYTES];
	size_t got;

	if (read_raw(stream->raw, front, sizeof front, &got, err) != 0)
		return -1;
	for (size_t i = 0; i < COUNT_OF(magics); i++)
		if (slice_starts((struct slice){ front, got }, magics[i].bytes))
			stream->decoder = magics[i].decoder;
	raw_seek(stream->raw, 0);
	return 0;
}

/* Before the first byte is given. A pipe cannot wait for its end. */
static int check_once(struct stream *stream, struct error *err)
{
	if (stream->checked || stream->decoder->check == NULL ||
	    !raw_is_regular(stream->raw))
		return 0;
	if (stream->decoder->check(stream->raw, err) != 0)
		return err->kind == ERROR_REFUSED
			       ? error_context(err, "'%s'", stream->path)
			       : -1;
	stream->checked = true;
	raw_seek(stream->raw, 0);
	return 0;
}

static int read_decoded(struct stream *stream, char *out, size_t count, size_t *got,
			struct error *err)
{
	*got = 0;
	if (check_once(stream, err) != 0)
		return -1;
	if (stream->state == NULL)
		stream->state = stream->decoder->open(stream->raw, err);
	if (stream->state == NULL)
		return error_context(err, "'%s'", stream->path);
	while (*got < count) {
		ssize_t more = stream->decoder->read(stream->state, out + *got,
						     count - *got, err);

		if (more < 0)
			return err->kind == ERROR_SYNTAX
				       ? error_context(err, "'%s'", stream->path)
				       : -1;
		if (more == 0)
			return 0;
		*got += (size_t)more;
	}
	return 0;
}

/* The bytes as they were before they were packed. */
static int read_unpacked(void *context, char *out, size_t count, size_t *got,
			 struct error *err)
{
	struct stream *stream = context;

	return stream->decoder == NULL ? read_raw(stream->raw, out, count, got, err)
				       : read_decoded(stream, out, count, got, err);
}

static int read_entries(struct stream *stream, char *out, size_t count, size_t *got,
			struct error *err)
{
	const struct entries_source source = { read_unpacked, stream };

	if (stream->entries == NULL)
		stream->entries = entries_new(stream->format, &source);
	return entries_read(stream->entries, out, count, got, err);
}

int stream_read(struct stream *stream, char *out, size_t count, size_t *got,
		struct error *err)
{
	int result = stream->format == ENTRIES_NONE
			     ? read_unpacked(stream, out, count, got, err)
			     : read_entries(stream, out, count, got, err);

	stream->offset += *got;
	return result;
}

static void rewind_stream(struct stream *stream)
{
	raw_seek(stream->raw, 0);
	if (stream->decoder != NULL)
		stream->decoder->close(stream->state);
	stream->state = NULL;
	entries_free(stream->entries);
	stream->entries = NULL;
	stream->offset = 0;
}

/* Damage in the head is found again by who reads it. */
static void sniff_entries(struct stream *stream)
{
	char head[HEAD_BYTES];
	struct error ignored;
	size_t got = 0;

	(void)(read_unpacked(stream, head, sizeof head, &got, &ignored) == 0);
	stream->format = entries_format_of((struct slice){ head, got });
	rewind_stream(stream);
}

struct stream *stream_open(const struct raw_source *source, struct error *err)
{
	struct stream *stream = calloc(1, sizeof *stream);

	if (stream == NULL) {
		error_system(err, ENOMEM, "cannot read '%s'", source->path);
		return NULL;
	}
	stream->path = source->path;
	stream->raw = raw_open(source, err);
	if (stream->raw != NULL && sniff(stream, err) == 0) {
		sniff_entries(stream);
		return stream;
	}
	stream_free(stream);
	return NULL;
}

void stream_free(struct stream *stream)
{
	if (stream == NULL)
		return;
	if (stream->decoder != NULL)
		stream->decoder->close(stream->state);
	entries_free(stream->entries);
	raw_free(stream->raw);
	free(stream);
}

static int skip_to(struct stream *stream, uint64_t offset, struct error *err)
{
	char block[SKIP_BYTES];

	while (stream->offset < offset) {
		uint64_t left = offset - stream->offset;
		size_t want = left < sizeof block ? (size_t)left : sizeof block;
		size_t got;

		if (stream_read(stream, block, want, &got, err) != 0)
			return -1;
		if (got < want)
			return 0;
	}
	return 0;
}

int stream_seek(struct stream *stream, uint64_t offset, struct error *err)
{
	if (stream_is_plain_file(stream)) {
		raw_seek(stream->raw, offset);
		stream->offset = offset;
		return 0;
	}
	if (offset < stream->offset)
		rewind_stream(stream);
	return skip_to(stream, offset, err);
}

size_t stream_beginning(const struct stream *stream, char *out, size_t count)
{
	return stream_is_plain_file(stream) ? raw_beginning(stream->raw, out, count)
					    : 0;
}

void stream_keep_no_more(struct stream *stream)
{
	raw_keep_no_more(stream->raw);
}

bool stream_is_file(const struct stream *stream)
{
	return raw_is_regular(stream->raw);
}

bool stream_is_plain_file(const struct stream *stream)
{
	return stream->decoder == NULL && stream->format == ENTRIES_NONE &&
	       raw_is_regular(stream->raw);
}

bool stream_was_rewritten(const struct stream *stream)
{
	return raw_was_rewritten(stream->raw);
}

bool stream_is_finished(const struct stream *stream)
{
	return raw_is_finished(stream->raw);
}
